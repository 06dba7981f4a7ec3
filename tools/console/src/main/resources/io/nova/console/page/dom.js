// Elements and texts. Text from the store only ever becomes a text node.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return node;
}

/** An HTML element: el('button', {class: 'quiet', onclick: f}, 'Cancel'). */
export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

const whole = new Intl.NumberFormat('en-US');
const short = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1});

export const number = value => (value === null || value === undefined ? '–' : whole.format(value));
export const compact = value => (value === null || value === undefined ? '–' : short.format(value));

export function bytes(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export function duration(millis) {
  if (millis === null || millis === undefined) {
    return '–';
  }
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 10000) {
    return `${(millis / 1000).toFixed(1)} s`;
  }
  if (millis < 120000) {
    return `${Math.round(millis / 1000)} s`;
  }
  if (millis < 7200000) {
    return `${Math.round(millis / 60000)} min`;
  }
  return millis < 172800000 ? `${Math.round(millis / 3600000)} h` : `${Math.round(millis / 86400000)} d`;
}

/** A moment in UTC, such as 2026-11-21 13:05:09. */
export const moment = micros =>
  micros === null || micros === undefined
    ? '–'
    : new Date(micros / 1000).toISOString().slice(0, 19).replace('T', ' ');

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const LONGEST = 400;

/** A text of the store for a cell: control letters become visible, and long ones are cut. */
export function shown(value) {
  if (value === null || value === undefined) {
    return '';
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${whole.format(text.length)} letters)` : text;
  return cut.replace(CONTROL, letter => `[U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** A table of an answer. `columns`: [{name, type}], `rows`: [[...]]. */
export function answerTable(columns, rows, {caption, most = 500} = {}) {
  const numeric = columns.map(column =>
    /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|DOUBLE|FLOAT|DECIMAL|UINTEGER)/i.test(column.type || ''));
  const head = el('tr', null, columns.map((column, i) =>
    el('th', {scope: 'col', class: numeric[i] ? 'figure' : null, title: column.type}, shown(column.name))));
  const body = rows.slice(0, most).map(row =>
    el('tr', null, row.map((value, i) =>
      el('td', {class: numeric[i] ? 'figure' : null, dir: numeric[i] ? null : 'auto'},
        value === null
          ? el('span', {class: 'null'}, 'null')
          : numeric[i] && Number.isInteger(value) ? number(value) : el('bdi', null, shown(value))))));
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption || 'Rows'},
    el('table', null,
      caption ? el('caption', null, caption) : null,
      el('thead', null, head),
      el('tbody', null, body)));
}

/**
 * Lets a narrow window show each row of a table as a small card, with the column's name above each
 * value. The roles stay those of a table.
 */
export function stack(scroll) {
  const table = scroll.querySelector('table');
  const names = [...table.tHead.rows[0].cells].map(cell => cell.textContent);
  table.setAttribute('role', 'table');
  for (const row of table.rows) {
    row.setAttribute('role', 'row');
    [...row.cells].forEach((cell, i) => {
      cell.setAttribute('role', cell.tagName === 'TD' ? 'cell' : cell.scope === 'row' ? 'rowheader' : 'columnheader');
      if (cell.tagName === 'TD') {
        cell.setAttribute('data-label', names[i]);
      }
    });
  }
  scroll.classList.add('stack');
  return scroll;
}

/** What a view shows instead of data: a heading and what to do. */
export function empty(heading, ...lines) {
  return el('div', {class: 'empty'}, el('h3', null, heading), lines.map(line =>
    typeof line === 'string' ? el('p', null, line) : line));
}

/** A message of something that failed. */
export const failure = message => el('p', {class: 'failure', role: 'alert'}, shown(message));

/** A line for each source that did not answer. */
export function sourceLines(sources) {
  const failed = (sources || []).filter(source => source.error);
  return failed.length === 0
    ? null
    : el('details', {class: 'sources'},
        el('summary', null, `Not answering: ${failed.map(source => source.name).join(', ')}`),
        el('ul', null, failed.map(source => el('li', null, el('b', null, source.name), ' ', shown(source.error)))));
}

/**
 * Makes the children of an element like these, and keeps elements that are there already: focus,
 * scroll positions and opened details stay. The new elements must have no listeners.
 */
export function update(parent, children) {
  const wanted = children.flat(Infinity).filter(child => child !== null && child !== undefined);
  wanted.forEach((child, i) => {
    const old = parent.childNodes[i];
    if (!old) {
      parent.append(child);
    } else if (!alike(old, child)) {
      parent.replaceChild(child, old);
    }
  });
  while (parent.childNodes.length > wanted.length) {
    parent.lastChild.remove();
  }
}

function alike(old, next) {
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName) {
    return false;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== next.data) {
      old.data = next.data;
    }
    return true;
  }
  for (const {name} of [...old.attributes]) {
    if (name !== 'open' && name !== 'style' && !next.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const {name, value} of next.attributes) {
    if (name !== 'open' && name !== 'style' && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (old.style.cssText !== next.style.cssText) {
    old.style.cssText = next.style.cssText;
  }
  update(old, [...next.childNodes]);
  return true;
}
