// What the job did not admit: dropped copies from the ledger, and rejected messages. A sample is
// shown beside its first copy, key by key.

import {answerTable, compact, duration, el, empty, failure, moment, number, shown} from '../dom.js';
import {loadSheet} from './sheet.js';

const KINDS = [['natural', 'natural', '--chunk'], ['conflicting', 'conflicting', '--sealed'], ['unknown', 'payload not tracked', '--done']];
const BY = {
  duplicates: [['apps', 'App'], ['libraries', 'Library'], ['platforms', 'Platform'], ['partitions', 'Partition']],
  rejected: [['apps', 'App'], ['libraries', 'Library'], ['platforms', 'Platform'], ['partitions', 'Partition']],
};
const TABS = [['duplicates', 'Duplicates'], ['rejected', 'Rejected']];

let view = null;

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The rows of a table as objects. */
function objects(table) {
  return table.rows.map(row => Object.fromEntries(table.columns.map((column, i) => [column.name, row[i]])));
}

const utc = value => (value ? moment(1000 * Date.parse(value)) : '–');
// An index above 0 is that of an event in a message with several.
const place = (topic, partition, offset, index) =>
  (topic === null || topic === undefined ? '–' : `${topic} / ${partition} / ${offset}${index ? ` #${index}` : ''}`);

function seconds(value) {
  return value === 0 ? 'same block' : duration(1000 * Math.abs(value));
}

/** One bound for each table. The questions of a view read a moving topic, so the last one counts. */
function newestBounds(bounds) {
  return [...new Map(bounds.map(bound => [bound.split(':')[0], bound])).values()];
}

/** Horizontal bars of a small table, with the value as text. Each bar may have several parts. */
function bars(rows, label, value, parts) {
  const most = Math.max(1, ...rows.map(value));
  return el('ul', {class: 'bars'}, rows.map(row => el('li', null,
    el('span', {class: 'name'}, el('bdi', null, shown(label(row)))),
    el('span', {class: 'track', 'aria-hidden': 'true'}, parts.map(([name, color]) => {
      const bar = el('i');
      bar.style.width = `${100 * (row[name] || 0) / most}%`;
      bar.style.background = `var(${color})`;
      return bar;
    })),
    el('span', {class: 'figure'}, number(value(row))))));
}

/** Keys of a JSON object with their values as text; null if it is none. */
function keysOf(text) {
  try {
    const value = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return null;
    }
    return new Map(Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)]));
  } catch (broken) {
    return null;
  }
}

/** A note that a message is a whole request; nothing for the first or only event of both messages. */
function severalEvents(row) {
  const several = [['first copy', row.first_index], ['dropped copy', row.kafka_index]].filter(([, index]) => index > 0);
  return several.length === 0 ? [] : [el('p', {class: 'note'},
    `A message below holds several events, and the whole message is shown. ${several.map(([name, index]) =>
      `The ${name} is the event with index ${index} in its message`).join('. ')}. The index counts from 0.`)];
}

/** Two messages side by side; keys that differ come first and are marked. */
function comparison(first, dropped) {
  const [one, other] = [keysOf(first.text), keysOf(dropped.text)];
  if (!one || !other) {
    return el('div', {class: 'grid'},
      el('div', {class: 'w6'}, el('h3', null, 'First copy'), el('pre', {class: 'mono scroll', tabindex: '0'}, shown(first.text))),
      el('div', {class: 'w6'}, el('h3', null, 'Dropped copy'), el('pre', {class: 'mono scroll', tabindex: '0'}, shown(dropped.text))));
  }
  const keys = [...new Set([...one.keys(), ...other.keys()])];
  const differs = key => one.get(key) !== other.get(key);
  keys.sort((a, b) => differs(b) - differs(a));
  const count = keys.filter(differs).length;
  const cell = value => el('td', {dir: 'auto'}, value === undefined ? el('span', {class: 'null'}, 'no key') : el('bdi', null, shown(value)));
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Comparison'}, el('table', null,
    el('caption', null, count === 0 ? 'The two messages have the same keys and values.' : `${count} of ${keys.length} keys differ.`),
    el('thead', null, el('tr', null, ['key', 'first copy', 'dropped copy', ''].map(name => el('th', {scope: 'col'}, name)))),
    el('tbody', null, keys.map(key => el('tr', {class: differs(key) ? 'differs' : null},
      el('th', {scope: 'row'}, el('bdi', null, shown(key))), cell(one.get(key)), cell(other.get(key)),
      el('td', null, differs(key) ? el('span', {class: 'chip'}, 'differs') : ''))))));
}

class View {
  constructor(root, context) {
    this.context = context;
    this.ended = false;
    this.tab = 'duplicates';
    this.charts = [];
    this.tabs = el('div', {class: 'tabs', role: 'group', 'aria-label': 'What is shown'});
    this.status = el('p', {class: 'soft', role: 'status', 'aria-live': 'polite'});
    this.body = el('div', {class: 'view'});
    root.classList.add('duplicates');
    root.append(
      el('div', {class: 'head'}, el('h1', null, 'Duplicates and rejects'),
        el('div', {class: 'row'}, this.tabs, el('button', {type: 'button', onclick: () => this.load()}, 'Refresh'))),
      this.status, this.body);
    this.show(this.tab);
  }

  show(tab) {
    this.tab = tab;
    this.tabs.replaceChildren(...TABS.map(([key, text]) =>
      el('button', {type: 'button', 'aria-pressed': String(key === tab), onclick: () => {
        this.show(key);
        [...this.tabs.children].find(one => one.getAttribute('aria-pressed') === 'true')?.focus();
      }}, text)));
    this.load();
  }

  async load() {
    const tab = this.tab;
    this.status.textContent = 'Asking…';
    this.body.setAttribute('aria-busy', 'true');
    let nodes;
    let drawn = () => {};
    try {
      const answer = await this.context.api.get(`/api/${tab}`);
      const parts = tab === 'duplicates' ? this.duplicates(answer) : this.rejected(answer);
      nodes = [
        answer.gaps.length ? el('p', {class: 'note'}, shown(answer.gaps.join(' '))) : null,
        answer.bounds.length ? el('p', {class: 'soft'}, shown(newestBounds(answer.bounds).join(' '))) : null,
        ...parts.nodes];
      drawn = parts.drawn || drawn;
    } catch (wrong) {
      nodes = [failure(wrong.message)];
    }
    if (!this.ended && tab === this.tab) {
      this.close();
      this.body.replaceChildren(...nodes.filter(node => node));
      this.body.removeAttribute('aria-busy');
      this.status.textContent = `As of ${moment(1000 * Date.now())} UTC.`;
      drawn();
    }
  }

  duplicates(answer) {
    const total = objects(answer.tables.total)[0];
    if (!total || total.copies === 0) {
      return {nodes: [empty('No dropped copy is recorded',
        'The ledger is off by default. To turn it on, end the run with ./nova stop.',
        'Then go on with ./nova local --resume -o nova.ledger=true.',
        'The view Now counts duplicates without the ledger, too.')]};
    }
    const histogram = el('div', {class: 'plot'});
    const gaps = objects(answer.tables.gaps);
    return {
      nodes: [
        el('div', {class: 'grid'},
          el('section', {class: 'card w4'}, el('h2', null, 'Dropped copies'),
            el('p', {class: 'tile'}, el('span', {class: 'value'}, number(total.copies))),
            el('ul', {class: 'legend'}, KINDS.map(([name, text, color]) => el('li', null, this.swatch(color), el('b', null, number(total[name])), text)))),
          el('section', {class: 'card w8'}, el('h2', null, 'How far apart: dropped copy and first copy'), histogram,
            el('details', null, el('summary', null, 'Values as a table'), answerTable(answer.tables.gaps.columns, answer.tables.gaps.rows, {caption: 'Copies by gap in seconds of upload time'}))),
          ...BY.duplicates.map(([name, text]) => this.byCard(answer.tables[name], name, text, 'copies', KINDS.map(([kind, , color]) => [kind, color])))),
        this.samples(objects(answer.tables.samples)),
      ],
      drawn: () => this.histogram(histogram, gaps),
    };
  }

  swatch(color) {
    const one = el('i', {class: 'swatch', 'aria-hidden': 'true'});
    one.style.background = `var(${color})`;
    return one;
  }

  byCard(table, name, text, value, parts) {
    const label = row => (name === 'partitions' ? `${row.kafka_topic} ${row.kafka_partition}` : row[table.columns[0].name]);
    const note = ['libraries', 'platforms'].includes(name) && this.tab === 'duplicates'
      ? el('p', {class: 'soft'}, 'Of the newest 10,000 copies, by their first copy.') : null;
    return el('section', {class: 'card w6'}, el('h2', null, text),
      bars(this.merged(objects(table), label, value, parts).slice(0, 12), row => row.label, row => row.total, parts), note);
  }

  /** Rows of the same label as one, with their parts. */
  merged(rows, label, value, parts) {
    const found = new Map();
    for (const row of rows) {
      const key = String(label(row));
      const one = found.get(key) || {label: key, total: 0};
      one.total += row[value];
      for (const [part] of parts) {
        one[part] = (one[part] || 0) + (part === 'all' ? row[value] : row[part] || 0);
      }
      found.set(key, one);
    }
    return [...found.values()].sort((a, b) => b.total - a.total);
  }

  histogram(element, gaps) {
    const names = gaps.map(gap => gap.from_seconds === 0
      ? 'same block' : `${duration(1000 * gap.from_seconds)} – ${duration(1000 * gap.to_seconds)}`);
    this.charts.push(this.context.chartkit.chart(element, {
      legend: {data: KINDS.map(([, text]) => text)},
      tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}},
      xAxis: {type: 'category', data: names},
      yAxis: {type: 'value', minInterval: 1, axisLabel: {formatter: compact}},
      series: KINDS.map(([name, text, color]) => ({
        name: text, type: 'bar', stack: 'all', barMaxWidth: 70, color: css(color), data: gaps.map(gap => gap[name])})),
    }, 'Dropped copies by the gap to their first copy. The table below has the values.'));
  }

  samples(rows) {
    return el('section', {class: 'card'}, el('h2', null, 'Samples: dropped copy and first copy'),
      el('div', {class: 'samples'}, rows.map(row => this.sample(row))));
  }

  sample(row) {
    const body = el('div', {class: 'view'});
    const found = row.first_topic !== null;
    const facts = (title, pairs) => el('div', {class: 'w6'}, el('h3', null, title),
      el('dl', {class: 'facts'}, pairs.map(([name, value]) => [el('dt', null, name), el('dd', {dir: 'auto'}, shown(value))])));
    const button = el('button', {type: 'button', onclick: async () => {
      button.disabled = true;
      try {
        const [first, dropped] = await Promise.all([
          this.copy(row.first_topic, row.first_partition, row.first_offset),
          this.copy(row.kafka_topic, row.kafka_partition, row.kafka_offset)]);
        body.replaceChildren(...severalEvents(row), comparison(first, dropped));
      } catch (wrong) {
        body.replaceChildren(failure(wrong.message));
        button.disabled = false;
      }
    }}, 'Compare the messages');
    return el('details', {class: 'sample'},
      el('summary', null, el('span', {class: 'chip', 'data-kind': row.kind}, shown(row.kind)), ' ',
        el('bdi', null, shown(row.event_type ?? row.identity)), ' ', el('span', {class: 'soft'}, `${seconds(row.gap_seconds)}, app ${shown(row.app)}`)),
      el('div', {class: 'grid'},
        facts('First copy', found
          ? [['uploaded', utc(row.first_upload_time)], ['place', place(row.first_topic, row.first_partition, row.first_offset, row.first_index)],
            ['event type', row.event_type], ['user', row.user_id], ['library', row.library], ['platform', row.platform],
            ['properties', row.event_properties]]
          : [['', 'Not found: its batch is handed off, or its identity has other fields.']]),
        facts('Dropped copy', [['uploaded', utc(row.upload_time)], ['place', place(row.kafka_topic, row.kafka_partition, row.kafka_offset, row.kafka_index)],
          ['identity', row.identity], ['dropped', utc(row.dropped_at)]])),
      found ? button : null, body);
  }

  copy(topic, partition, offset) {
    return this.context.api.get(`/api/copy?${new URLSearchParams({topic, partition, offset})}`);
  }

  rejected(answer) {
    const reasons = objects(answer.tables.reasons);
    if (reasons.length === 0) {
      return {nodes: [empty('No message is rejected', 'A message that the job cannot admit appears here with its reason and its bytes.')]};
    }
    const all = [['all', '--sealed']];
    return {nodes: [
      el('div', {class: 'grid'},
        el('section', {class: 'card w6'}, el('h2', null, 'Reasons'), bars(
          reasons.map(row => ({...row, all: row.messages})), row => row.reason, row => row.messages, all),
        el('p', {class: 'soft'}, `Newest ${utc(reasons.map(row => row.last).sort().pop())} UTC.`)),
        ...BY.rejected.map(([name, text]) => this.byCard(answer.tables[name], name, text, 'messages', all))),
      this.replay(reasons, answer.changes),
      el('section', {class: 'card'}, el('h2', null, 'Samples: the newest of each reason'),
        el('div', {class: 'samples'}, objects(answer.tables.samples).map(row => el('details', {class: 'sample'},
          el('summary', null, el('span', {class: 'chip'}, shown(row.reason)), ' ', el('bdi', null, shown(row.detail)), ' ',
            el('span', {class: 'soft'}, utc(row.rejected_at))),
          el('dl', {class: 'facts'}, [['place', place(row.kafka_topic, row.kafka_partition, row.kafka_offset, row.kafka_index)], ['size', `${number(row.letters)} letters`]]
            .map(([name, value]) => [el('dt', null, name), el('dd', null, value)])),
          el('pre', {class: 'mono scroll', tabindex: '0', dir: 'auto'}, shown(row.original)))))),
    ]};
  }

  replay(reasons, changes) {
    const result = el('div', {role: 'status', 'aria-live': 'polite'});
    const boxes = reasons.map(row => el('input', {type: 'checkbox', value: row.reason}));
    const send = el('button', {type: 'button', class: 'main', disabled: !changes}, 'Replay…');
    const run = async dryRun => {
      const chosen = boxes.filter(box => box.checked).map(box => box.value);
      if (chosen.length === 0) {
        result.replaceChildren(el('p', {class: 'note'}, 'Choose at least one reason.'));
        return;
      }
      result.replaceChildren(el('p', {class: 'soft'}, dryRun ? 'Counting…' : 'Sending…'));
      try {
        const report = await this.context.api.post('/api/replay', {reasons: chosen, dryRun});
        const different = Object.values(report.messages).reduce((sum, count) => sum + count, 0);
        result.replaceChildren(el('p', null, dryRun
          ? `${number(report.chosen)} chosen, ${number(different)} different messages would be sent. Nothing was sent.`
          : `${number(report.sent)} messages were sent, ${number(report.failed)} failed.`));
      } catch (wrong) {
        result.replaceChildren(failure(wrong.message));
      }
    };
    const dialog = el('dialog', {'aria-label': 'Replay'}, el('form', {method: 'dialog'},
      el('h2', null, 'Send these messages again?'),
      el('p', null, 'Each different message goes to its topic once more, byte for byte. The job decides again.'),
      el('div', {class: 'row'}, el('button', {value: 'no'}, 'Cancel'), el('button', {class: 'main', value: 'yes'}, 'Send'))));
    dialog.addEventListener('close', () => dialog.returnValue === 'yes' && run(false));
    send.addEventListener('click', () => {
      dialog.returnValue = '';
      dialog.showModal();
    });
    return el('section', {class: 'card'}, el('h2', null, 'Replay'),
      el('p', {class: 'soft'}, `Sends messages to the topic that they came from. ${changes
        ? 'It asks first.' : 'This console is read only. To replay, start it with: ./nova console --allow-changes'}`),
      el('fieldset', {class: 'row'}, el('legend', null, 'Reasons'), boxes.map((box, i) => el('label', null, box, ` ${shown(reasons[i].reason)}`))),
      el('div', {class: 'row'}, el('button', {type: 'button', onclick: () => run(true)}, 'Count'), send), result, dialog);
  }

  close() {
    this.charts.forEach(chart => chart.close());
    this.charts = [];
  }

  end() {
    this.ended = true;
    this.close();
  }
}

export default {
  title: 'Duplicates',
  mount(root, context) {
    loadSheet();
    view = new View(root, context);
  },
  unmount() {
    view?.end();
    view = null;
  },
};
