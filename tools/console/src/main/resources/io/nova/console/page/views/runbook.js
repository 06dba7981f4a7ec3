// One section of the runbook, beside the alarm that names it.

import {el, empty, failure} from '../dom.js';

let turn = 0;

function anchor(heading) {
  return heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-');
}

function sections(text) {
  const found = new Map();
  let lines = null;
  let fenced = false;
  for (const line of text.split('\n')) {
    fenced = line.startsWith('```') ? !fenced : fenced;
    if (!fenced && line.startsWith('## ')) {
      lines = [];
      found.set(anchor(line.slice(3)), {heading: line.slice(3), lines});
    } else if (lines) {
      lines.push(line);
    }
  }
  return found;
}

/** Text with `code`, **bold** and [links](to) as elements. Links to other pages become text. */
function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map(part => {
    if (part.startsWith('`')) {
      return el('code', null, part.slice(1, -1));
    }
    if (part.startsWith('**')) {
      return el('b', null, part.slice(2, -2));
    }
    const link = part.match(/^\[([^\]]+)\]\(([^)]+)\)$/);
    if (link) {
      return link[2].startsWith('#') ? el('a', {href: `#/runbook/${link[2].slice(1)}`}, link[1]) : link[1];
    }
    return part;
  });
}

function blocks(lines) {
  const nodes = [];
  let kind = '';
  let gathered = [];
  const close = () => {
    if (gathered.length === 0) {
      return;
    }
    if (kind === 'code') {
      nodes.push(el('pre', {tabindex: '0'}, gathered.map(line => line.replace(/^ {4}/, '')).join('\n').trimEnd()));
    } else if (kind === 'table') {
      const rows = gathered.filter(line => !/^\|[-| ]+\|$/.test(line)).map(line => line.split('|').slice(1, -1));
      nodes.push(el('div', {class: 'scroll', tabindex: '0'}, el('table', null, el('tbody', null, rows.map(row =>
        el('tr', null, row.map(cell => el('td', null, inline(cell.trim())))))))));
    } else {
      nodes.push(el('p', null, inline(gathered.join(' '))));
    }
    gathered = [];
  };
  for (const line of lines) {
    const next = line.startsWith('    ') ? 'code' : line.startsWith('|') ? 'table' : line.trim() === '' ? '' : 'text';
    if (next !== kind && !(kind === 'code' && next === '')) {
      close();
      kind = next;
    }
    if (next !== '' || kind === 'code') {
      gathered.push(line);
    }
  }
  close();
  return nodes;
}

export default {
  title: 'Runbook',
  async mount(root, context) {
    const mine = ++turn;
    root.append(el('div', {class: 'head'}, el('h1', null, 'Runbook'), el('a', {href: '#/now'}, 'Back to Now')));
    let text;
    try {
      const response = await fetch('/runbook.md');
      text = response.ok ? await response.text() : null;
    } catch (away) {
      text = null;
    }
    if (mine !== turn) {
      return;
    }
    if (text === null) {
      root.append(failure('The runbook cannot be loaded.'));
      return;
    }
    const found = sections(text);
    const section = found.get(context.rest);
    if (section) {
      root.append(el('article', {class: 'card runbook'}, el('h2', null, section.heading), blocks(section.lines)));
    } else if (context.rest) {
      root.append(empty('No such section', 'Choose one below.'));
    }
    root.append(el('details', {class: 'card', open: !section},
      el('summary', null, 'All sections'),
      el('ul', null, [...found].map(([name, one]) => el('li', null, el('a', {href: `#/runbook/${name}`}, one.heading))))));
  },
  unmount() {
    turn += 1;
  },
};
