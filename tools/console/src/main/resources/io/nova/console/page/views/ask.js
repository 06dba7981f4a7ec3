// SQL over the store: fast path or Flink, live or committed, as table, chart or CSV.

import {answerTable, bytes, compact, duration, el, empty, failure, number, shown} from '../dom.js';
import {complete} from './completion.js';

const HISTORY = 'nova.ask.history';
const DRAFT = 'nova.ask.draft';
const OPENED = 'nova.ask.open';
const KEPT = 50;
const LONGEST_KEPT = 20000;
const CSV_ROWS = 100000;
const FIRST = `SELECT event_type, count(*) AS events, count(DISTINCT "user") AS users
FROM events
GROUP BY ALL
ORDER BY events DESC
LIMIT 20`;

let view = null;

function stored(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch (broken) {
    return otherwise;
  }
}

function select(name, label, options) {
  return el('label', {class: 'field'}, label,
    el('select', {name}, options.map(([value, text]) => el('option', {value}, text))));
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
  el('a', {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function csv(answer) {
  const field = value => {
    if (value === null || value === undefined) {
      return '';
    }
    if (typeof value === 'number' || typeof value === 'boolean') {
      return String(value);
    }
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const formula = /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
    const safe = formula ? `'${text}` : text;
    return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [answer.columns.map(column => column.name), ...answer.rows].map(row => row.map(field).join(',') + '\r\n').join('');
}

const numeric = column => /INT|DOUBLE|FLOAT|DECIMAL|REAL/i.test(column.type) && !/INTERVAL/i.test(column.type);
const temporal = column => /TIMESTAMP|DATE/i.test(column.type);

/** An option of ECharts for an answer, or null if it has no figure to draw. */
function chartOf({columns, rows}) {
  const figures = columns.map((column, i) => [column, i]).filter(([column, i]) => i > 0 && numeric(column));
  if (columns.length < 2 || figures.length === 0 || rows.length === 0) {
    return null;
  }
  const time = temporal(columns[0]);
  const point = value => (time && value !== null ? Date.parse(String(value).replace(' ', 'T')) : shown(value));
  const line = time || numeric(columns[0]);
  const grouped = columns.length === 3 && !numeric(columns[1]) && numeric(columns[2]);
  const series = new Map();
  for (const row of rows.slice(0, 5000)) {
    for (const [column, i] of grouped ? [[{name: shown(row[1])}, 2]] : figures) {
      if (!series.has(column.name)) {
        series.set(column.name, []);
      }
      series.get(column.name).push(line ? [point(row[0]), row[i]] : [row[i], point(row[0])]);
    }
  }
  const list = [...series].slice(0, 24).map(([name, data]) => ({
    name: name.slice(0, 60), data, type: line ? 'line' : 'bar', showSymbol: data.length < 60, barMaxWidth: 36}));
  return {
    tooltip: {trigger: 'axis'},
    legend: list.length > 1 ? {} : undefined,
    ...(line
      ? {xAxis: time ? {type: 'time'} : {type: 'category'}, yAxis: {type: 'value'}}
      : {
        xAxis: {type: 'value', axisLabel: {formatter: compact}},
        yAxis: {type: 'category', inverse: true, axisLabel: {interval: 'auto', width: 110, overflow: 'truncate'}}}),
    series: list,
  };
}

class View {
  constructor(root, context) {
    this.context = context;
    this.api = context.api;
    this.build(root);
    const opened = sessionStorage.getItem(OPENED);
    sessionStorage.removeItem(OPENED);
    this.area.value = opened || localStorage.getItem(DRAFT) || FIRST;
    this.closeChoices = complete(this.area, this.api);
    if (opened) {
      this.run();
    }
  }

  build(root) {
    this.area = el('textarea', {
      rows: 8, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off', 'aria-label': 'SQL statement',
      oninput: () => localStorage.setItem(DRAFT, this.area.value.slice(0, LONGEST_KEPT)),
      onkeydown: event => this.key(event)});
    this.runButton = el('button', {type: 'button', class: 'main', onclick: () => this.run()}, 'Run');
    this.cancelButton = el('button', {type: 'button', disabled: true, onclick: () => this.cancel()}, 'Cancel');
    this.controls = el('div', {class: 'row end'},
      select('engine', 'Engine', [['ask', 'Fast path (DuckDB)'], ['flink', 'Flink SQL']]),
      select('read', 'Read', [['live', 'Live: memory and table'], ['committed', 'Committed: table alone']]),
      select('rows', 'Rows', [['200', 'up to 200'], ['1000', 'up to 1,000'], ['10000', 'up to 10,000']]),
      el('div', {class: 'row spread'}, this.cancelButton, this.runButton));
    this.hint = el('p', {class: 'soft'}, 'Ctrl+Enter runs, Ctrl+Space completes. One SELECT statement.');
    this.status = el('p', {class: 'unseen', role: 'status', 'aria-live': 'polite'});
    this.result = el('div', {class: 'view'});
    this.historyList = el('ul', {class: 'history'});
    this.controls.querySelector('[name=rows]').value = '1000';
    root.append(
      el('h1', null, 'Ask'),
      el('section', {class: 'card view'}, this.controls, el('div', {class: 'editor'}, this.area), this.hint,
        el('details', null, el('summary', null, 'Earlier statements'), this.historyList)),
      this.status, this.result);
    this.showHistory();
    this.result.append(empty('No answer yet', 'Write a statement and run it.', 'Tables: events, lambda_events, batches, chunks, blocks, snapshots, freshness, rejected, duplicates.'));
  }

  choice(name) {
    return this.controls.querySelector(`[name=${name}]`).value;
  }

  key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.run();
    } else if (event.key === 'Escape' && this.running) {
      this.cancel();
    }
  }

  showHistory() {
    const kept = stored(HISTORY, []);
    this.historyList.replaceChildren(...(kept.length === 0
      ? [el('li', {class: 'soft'}, 'None yet. This browser keeps the last 50.')]
      : kept.map(sql => el('li', null, el('button', {
        type: 'button', title: shown(sql), onclick: () => { this.area.value = sql; this.area.focus(); }}, shown(sql).replace(/\s+/g, ' '))))));
  }

  remember(sql) {
    if (sql.length <= LONGEST_KEPT) {
      const kept = [sql, ...stored(HISTORY, []).filter(one => one !== sql)].slice(0, KEPT);
      localStorage.setItem(HISTORY, JSON.stringify(kept));
      this.showHistory();
    }
  }

  async run() {
    const sql = this.area.value.trim().replace(/;\s*$/, '');
    if (sql === '' || this.running) {
      return;
    }
    this.closeChoices?.();
    const engine = this.choice('engine');
    const options = {id: this.api.questionId(), read: this.choice('read'), maxRows: Number(this.choice('rows')),
      timeoutMillis: engine === 'flink' ? 300000 : 60000};
    const mine = {engine, sql, options, start: performance.now()};
    this.running = mine;
    this.remember(sql);
    this.busy(true);
    try {
      const answer = await this.api[engine](sql, options);
      if (this.running === mine) {
        this.show(answer, mine);
      }
    } catch (reason) {
      if (this.running === mine) {
        this.closeChart();
        this.result.replaceChildren(failure(reason.message));
        this.status.textContent = 'The statement failed.';
      }
    } finally {
      if (this.running === mine) {
        this.running = null;
        this.busy(false);
      }
    }
  }

  busy(now) {
    this.runButton.disabled = now;
    this.cancelButton.disabled = !now;
    clearInterval(this.timer);
    this.runButton.textContent = 'Run';
    if (now) {
      this.status.textContent = 'Running.';
      this.timer = setInterval(() => {
        this.runButton.textContent = duration(performance.now() - this.running.start);
      }, 200);
    }
  }

  cancel() {
    if (this.running) {
      this.api.cancel(this.running.engine, this.running.options.id).catch(() => {});
      this.status.textContent = 'Cancelling.';
    }
  }

  closeChart() {
    this.chart?.close();
    this.chart = null;
  }

  show(answer, asked) {
    this.closeChart();
    const body = el('div');
    const plot = chartOf(answer);
    const table = el('button', {type: 'button', 'aria-pressed': 'true', onclick: () => pick(false)}, 'Table');
    const drawn = el('button', {type: 'button', 'aria-pressed': 'false', disabled: !plot, onclick: () => pick(true),
      title: plot ? null : 'A chart needs a column of figures after the first column.'}, 'Chart');
    const pick = chart => {
      table.setAttribute('aria-pressed', String(!chart));
      drawn.setAttribute('aria-pressed', String(chart));
      this.closeChart();
      if (chart) {
        const place = el('div', {class: 'plot'});
        body.replaceChildren(place);
        this.chart = this.context.chartkit.chart(place, plot, 'The answer as a chart. The table has the same figures.');
      } else {
        body.replaceChildren(answer.rows.length === 0
          ? empty('No row', 'The statement is right, and nothing matches it.')
          : answerTable(answer.columns, answer.rows, {caption: caption(answer)}));
      }
    };
    const notes = [...(answer.gaps || []).map(gap => `The answer may lack events: ${gap}`), ...(answer.bounds || [])];
    this.result.replaceChildren(el('section', {class: 'card view'},
      el('div', {class: 'row'},
        el('div', {class: 'tabs', role: 'group', 'aria-label': 'Form of the answer'}, table, drawn),
        this.measures(answer),
        el('div', {class: 'spread'}, el('button', {type: 'button', onclick: () => this.save(answer, asked)}, 'Download CSV'))),
      notes.map(text => el('p', {class: 'note'}, shown(text))),
      body,
      answer.readToken ? el('details', null, el('summary', {class: 'soft'}, 'Read token: what the answer read'),
        el('p', {class: 'mono'}, shownToken(answer.readToken))) : null));
    pick(false);
    this.status.textContent = `${number(answer.rows.length)} rows in ${duration(answer.millis)}.`;
  }

  measures(answer) {
    return el('p', {class: 'measures'},
      [[number(answer.rows.length), answer.truncated ? 'rows, and more' : 'rows'], [duration(answer.millis), ''],
        [number(answer.rowsRead), 'rows read'], [bytes(answer.bytesRead), 'read']]
        .map(([value, name]) => el('span', null, el('b', null, value), ` ${name}`)));
  }

  async save(answer, asked) {
    try {
      const file = asked.engine === 'ask'
        ? await this.api.askCsv(asked.sql, {...asked.options, id: this.api.questionId(), maxRows: CSV_ROWS})
        : {text: csv(answer), truncated: answer.truncated, gaps: (answer.gaps || []).join('; '), bounds: (answer.bounds || []).join('; ')};
      download('nova.csv', file.text);
      if (file.truncated) {
        this.context.toast('The CSV file is cut: it has the first rows of the answer, or a long value is cut.');
      }
      if (file.gaps) {
        this.context.toast(`The CSV file may lack events: ${file.gaps}`);
      }
      if (file.bounds) {
        this.context.toast(`The CSV file has a part: ${file.bounds}`);
      }
    } catch (reason) {
      this.context.toast(reason.message);
    }
  }

  end() {
    this.cancel();
    this.running = null;
    clearInterval(this.timer);
    this.closeChart();
  }
}

function caption(answer) {
  const first = Math.min(500, answer.rows.length);
  return first < answer.rows.length ? `The first ${number(first)} of ${number(answer.rows.length)} rows. The CSV file has the first ${number(CSV_ROWS)} rows at most.` : null;
}

function shownToken(token) {
  return typeof token === 'string' ? token : JSON.stringify(token);
}

export default {
  title: 'Ask',
  mount(root, context) {
    view = new View(root, context);
  },
  unmount() {
    view?.end();
    view = null;
  },
};
