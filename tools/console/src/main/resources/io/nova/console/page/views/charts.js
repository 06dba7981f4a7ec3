// Charts: a form becomes SQL on the server, the fast path answers it, and the answer is drawn. Text
// of the store only ever becomes a text node or a drawn letter.

import {answerTable, compact, duration, el, empty, failure, number, shown, stack} from '../dom.js';
import {loadSheet} from './sheet.js';

const KEPT = 'nova.charts.form';
const MOST_TYPES = 500;
const MOST_VALUES = 200;
const MOST_PROPERTIES = 300;
const TYPES = `SELECT event_type, count(*) AS n FROM events GROUP BY event_type ORDER BY n DESC, event_type LIMIT ${MOST_TYPES}`;
const PROPERTIES = `SELECT DISTINCT unnest(json_keys(event_properties)) AS name
FROM (SELECT event_properties FROM events WHERE json_valid(event_properties) LIMIT 5000)
ORDER BY name LIMIT ${MOST_PROPERTIES}`;
const COLUMNS = ['country', 'platform', 'city', 'region', 'language', 'os_name', 'os_version', 'device_family',
  'device_type', 'device_model', 'version_name', 'library', 'app', 'paying', 'event_type'];
const KINDS = [['segmentation', 'Segmentation'], ['funnel', 'Funnel'], ['retention', 'Retention'], ['stream', 'User']];
const RANGES = [['all', 'everything stored'], ['1', 'last hour'], ['6', 'last 6 hours'], ['24', 'last 24 hours'],
  ['48', 'last 2 days'], ['168', 'last 7 days'], ['own', 'from … to …']];
const MEASURES = [['totals', 'events'], ['uniques', 'users'], ['average', 'events per user'], ['sum', 'sum of'],
  ['mean', 'mean of'], ['median', 'median of']];
const TESTS = [['is', 'is'], ['isNot', 'is not'], ['contains', 'contains'], ['atLeast', 'is at least'], ['below', 'is below']];
const WINDOWS = [[60, '1 minute'], [600, '10 minutes'], [3600, '1 hour'], [86400, '1 day'], [604800, '7 days']];
const STEP_MILLIS = {'5 minutes': 300000, hour: 3600000, day: 86400000};

let view = null;
let names = 0;

/** A text that is short enough for a control or an axis. */
function cut(text, most = 44) {
  const plain = shown(text);
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

const choice = (value, pairs, attributes) =>
  el('select', attributes, pairs.map(([key, text]) =>
    el('option', {value: key, selected: String(key) === String(value), title: text === cut(text) ? null : shown(text)}, cut(text))));

/** A control below its label. */
function field(label, control, more) {
  control.id = control.id || `field-${names += 1}`;
  return el('div', {class: 'field', ...more}, el('label', {for: control.id}, label), control);
}

/** A value of an event by its name in the form: "column:country" or "event:price". */
function fieldOf(key) {
  const at = key.indexOf(':');
  return {[key.slice(0, at)]: key.slice(at + 1)};
}

const isPlain = types => types.map(type => (type === null ? '(none)' : type));

/** What the form is made of: event types and properties that the store holds. */
class Known {
  constructor(api) {
    this.api = api;
    this.types = [];
    this.properties = [];
    this.values = new Map();
  }

  async load() {
    const types = await this.api.ask(TYPES, {maxRows: MOST_TYPES});
    this.types = isPlain(types.rows.map(([type]) => type));
    try {
      const properties = await this.api.ask(PROPERTIES, {maxRows: MOST_PROPERTIES});
      this.properties = properties.rows.map(([name]) => name);
    } catch (unknown) {
      this.properties = [];
    }
  }

  /** The most frequent values of a field. */
  async valuesOf(key) {
    if (!this.values.has(key)) {
      try {
        const chart = await this.api.post('/api/chart',
          {kind: 'segmentation', interval: 'whole', groupBy: fieldOf(key), groups: 100});
        const answer = await this.api.ask(chart.sql, {maxRows: MOST_VALUES});
        this.values.set(key, answer.rows.map(([value]) => value));
      } catch (unknown) {
        this.values.set(key, []);
      }
    }
    return this.values.get(key);
  }

  fields() {
    return [
      ...COLUMNS.filter(name => name !== 'event_type').map(name => [`column:${name}`, name]),
      ...this.properties.map(name => [`event:${name}`, `${cut(name, 34)} (property)`]),
    ];
  }
}

/** Event types, one select for each; the first option is any event. */
class TypePicker {
  constructor(known, types, changed, label) {
    this.known = known;
    this.types = types.length ? [...types] : [''];
    this.changed = changed;
    this.label = label;
    this.root = el('div', {class: 'row'});
    this.draw();
  }

  draw() {
    const options = [['', 'any event'], ...this.known.types.map(type => [type, type])];
    for (const type of this.types) {
      if (type && !this.known.types.includes(type)) {
        options.push([type, type]);
      }
    }
    this.root.replaceChildren(
      ...this.types.flatMap((type, i) => [
        i > 0 ? el('span', {class: 'soft'}, 'or') : null,
        choice(type, options, {
          'aria-label': i > 0 ? `${this.label}, or` : this.label,
          onchange: event => {
            this.types[i] = event.target.value;
            this.types = this.types.filter((one, at) => one || at === 0);
            if (!this.types[0]) {
              this.types = [''];
            }
            this.draw();
            this.changed();
          }})]).filter(node => node !== null),
      ...(this.types[0]
        ? [el('button', {type: 'button', class: 'quiet', 'aria-label': `${this.label}: add another event type`,
          onclick: () => {
            this.types.push(this.known.types.find(type => !this.types.includes(type)) || this.known.types[0]);
            this.draw();
            this.changed();
          }}, '+ or')]
        : []));
  }

  value() {
    return this.types.filter(type => type);
  }
}

/** Conditions that must all hold. */
class Filters {
  constructor(known, filters, changed, label) {
    this.known = known;
    this.filters = filters;
    this.changed = changed;
    this.label = label;
    this.root = el('div', {class: 'filters'});
    this.draw();
  }

  draw() {
    this.root.replaceChildren(
      ...this.filters.map((filter, i) => this.line(filter, i)),
      el('button', {type: 'button', onclick: () => {
        this.filters.push({key: 'column:country', test: 'is', value: ''});
        this.draw();
        this.root.querySelector('.filter:last-of-type select')?.focus();
      }}, `+ ${this.label}`));
  }

  line(filter, i) {
    const list = el('datalist', {id: `values-${names += 1}`});
    const value = el('input', {
      type: 'text', value: filter.value, list: list.id, 'aria-label': 'Value', placeholder: 'value', size: 14, maxlength: 65536,
      onfocus: async () => {
        const values = await this.known.valuesOf(filter.key);
        list.replaceChildren(...values.map(one => el('option', {value: String(one)})));
      },
      onchange: event => {
        filter.value = event.target.value;
        this.changed();
      }});
    const set = (name, node) => {
      node.addEventListener('change', () => {
        filter[name] = node.value;
        this.changed();
      });
      return node;
    };
    return el('div', {class: 'row filter', role: 'group', 'aria-label': `Condition ${i + 1}`},
      el('span', {class: 'soft'}, i === 0 ? 'where' : 'and'),
      set('key', choice(filter.key, this.known.fields(), {'aria-label': 'Field'})),
      set('test', choice(filter.test, TESTS, {'aria-label': 'Comparison'})),
      value, list,
      el('button', {type: 'button', 'aria-label': `Remove condition ${i + 1}`, onclick: () => {
        this.filters.splice(i, 1);
        this.draw();
        this.changed();
      }}, '×'));
  }

  value() {
    return this.filters.filter(one => one.value !== '').map(one =>
      ({field: fieldOf(one.key), test: one.test, values: [one.value]}));
  }
}

const PRESETS = {
  segmentation: {types: [], filters: [], measure: 'totals', property: '', interval: '5 minutes', group: '', groups: 5, range: '6'},
  funnel: {steps: [{types: []}, {types: []}], filters: [], window: 3600, group: '', groups: 5},
  retention: {start: [], back: [], mode: 'on', days: 7},
  stream: {user: '', userKind: '', limit: 200},
};

/** The controls of one kind of chart, and what they say. */
class Form {
  constructor(kind, kept, known, changed) {
    this.kind = kind;
    this.known = known;
    this.changed = changed;
    this.kept = {table: 'events', range: 'all', from: '', to: '', ...structuredClone(PRESETS[kind]), ...kept};
    this.root = el('div', {class: 'controls'});
    this.draw();
  }

  control(name, node) {
    node.addEventListener('change', () => {
      this.kept[name] = node.value;
      this.draw();
      this.changed();
    });
    return node;
  }

  draw() {
    const focused = document.activeElement?.closest('.field')?.dataset.name;
    const parts = {
      segmentation: () => this.segmentation(), funnel: () => this.funnel(),
      retention: () => this.retention(), stream: () => this.stream()}[this.kind]();
    this.root.replaceChildren(...parts, this.scope());
    if (focused) {
      this.root.querySelector(`.field[data-name=${focused}] select, .field[data-name=${focused}] input`)?.focus();
    }
  }

  named(name, label, node) {
    return field(label, this.control(name, node), {'data-name': name});
  }

  picker(name, label) {
    const picker = new TypePicker(this.known, this.kept[name], () => {
      this.kept[name] = picker.value();
      this.changed();
    }, label);
    return el('div', {class: 'field'}, el('span', {class: 'soft label'}, label), picker.root);
  }

  filters() {
    const filters = new Filters(this.known, this.kept.filters, () => {
      this.kept.filters = filters.filters;
      this.changed();
    }, this.kind === 'funnel' ? 'condition on the first step' : 'condition');
    return filters.root;
  }

  group() {
    return [
      this.named('group', 'by', choice(this.kept.group, [['', 'no group'], ...this.known.fields()])),
      this.kept.group ? this.named('groups', 'groups', choice(this.kept.groups, [3, 5, 10, 20].map(n => [n, `${n} largest`]))) : null,
    ].filter(node => node);
  }

  segmentation() {
    const ofProperty = ['sum', 'mean', 'median'].includes(this.kept.measure);
    return [
      el('div', {class: 'row end'},
        this.named('measure', 'show', choice(this.kept.measure, MEASURES)),
        ofProperty ? this.named('property', 'property', choice(this.kept.property, [['', 'choose'], ...this.known.fields()])) : null,
        this.picker('types', ofProperty ? 'of' : 'for'),
        this.named('interval', 'every', choice(this.kept.interval,
          [['5 minutes', '5 minutes'], ['hour', 'hour'], ['day', 'day'], ['whole', 'whole range']])),
        ...this.group()),
      this.filters(),
    ];
  }

  funnel() {
    return [
      el('ol', {class: 'steps'}, this.kept.steps.map((step, i) => this.step(step, i))),
      el('div', {class: 'row end'},
        this.kept.steps.length < 8
          ? el('button', {type: 'button', onclick: () => {
            this.kept.steps.push({types: []});
            this.draw();
            this.changed();
          }}, '+ step')
          : null,
        this.named('window', 'all steps within', choice(this.kept.window, WINDOWS)),
        ...this.group()),
      this.filters(),
    ];
  }

  step(step, i) {
    const picker = new TypePicker(this.known, step.types, () => {
      step.types = picker.value();
      this.changed();
    }, `Step ${i + 1}`);
    return el('li', null, el('div', {class: 'row'}, picker.root,
      i > 0
        ? el('button', {type: 'button', 'aria-label': `Move step ${i + 1} up`, onclick: () => {
          this.kept.steps.splice(i - 1, 2, step, this.kept.steps[i - 1]);
          this.draw();
          this.changed();
        }}, '↑')
        : null,
      this.kept.steps.length > 2
        ? el('button', {type: 'button', 'aria-label': `Remove step ${i + 1}`, onclick: () => {
          this.kept.steps.splice(i, 1);
          this.draw();
          this.changed();
        }}, '×')
        : null));
  }

  retention() {
    return [el('div', {class: 'row end'},
      this.picker('start', 'users who began with'),
      this.picker('back', 'and came back with'),
      this.named('mode', 'return', choice(this.kept.mode, [['on', 'on that day'], ['onOrAfter', 'on that day or later']])),
      this.named('days', 'days', choice(this.kept.days, [1, 3, 7, 14, 30].map(n => [n, `0 to ${n}`]))))];
  }

  stream() {
    return [el('div', {class: 'row end'},
      this.named('user', 'user id', el('input', {type: 'search', value: this.kept.user, size: 28, maxlength: 65536})),
      this.named('userKind', 'which is', choice(this.kept.userKind,
        [['', 'any id'], ['amplitude_id', 'amplitude_id'], ['user_id', 'user_id'], ['device_id', 'device_id']])),
      this.named('limit', 'newest', choice(this.kept.limit, [50, 200, 1000].map(n => [n, `${n} events`]))))];
  }

  scope() {
    const own = this.kept.range === 'own';
    return el('div', {class: 'row end'},
      this.named('table', 'from', choice(this.kept.table,
        [['events', 'events (not handed off)'], ['lambda_events', 'lambda_events (with the batch layer)']])),
      this.named('range', 'time of the event', choice(this.kept.range, RANGES)),
      own ? this.named('from', 'from, UTC', el('input', {type: 'datetime-local', value: this.kept.from})) : null,
      own ? this.named('to', 'to, UTC', el('input', {type: 'datetime-local', value: this.kept.to})) : null);
  }

  /** Why there is nothing to ask yet; empty if there is. */
  missing() {
    if (this.kind === 'stream' && !this.kept.user) {
      return 'Enter the id of a user.';
    }
    return this.kind === 'segmentation' && ['sum', 'mean', 'median'].includes(this.kept.measure) && !this.kept.property
      ? 'Choose the property.'
      : '';
  }

  range(now) {
    const utc = text => (text ? new Date(`${text}Z`).toISOString() : undefined);
    if (this.kept.range === 'own') {
      return {from: utc(this.kept.from), to: utc(this.kept.to)};
    }
    return this.kept.range === 'all' ? {} : {from: new Date(now - 3600000 * this.kept.range).toISOString()};
  }

  /** The form as the server reads it. */
  body(now) {
    const kept = this.kept;
    const filters = (kept.filters || []).filter(one => one.value !== '').map(one =>
      ({field: fieldOf(one.key), test: one.test, values: [one.value]}));
    const grouped = kept.group ? {groupBy: fieldOf(kept.group), groups: Number(kept.groups)} : {};
    const all = {kind: this.kind, table: kept.table, ...this.range(now)};
    return {
      segmentation: () => ({...all, events: kept.types, filters, measure: kept.measure, interval: kept.interval, ...grouped,
        property: ['sum', 'mean', 'median'].includes(kept.measure) ? fieldOf(kept.property) : undefined}),
      funnel: () => ({...all, steps: kept.steps.map(step => ({events: step.types})), filters,
        windowSeconds: Number(kept.window), ...grouped}),
      retention: () => ({...all, start: {events: kept.start}, return: {events: kept.back}, mode: kept.mode, days: Number(kept.days)}),
      stream: () => ({...all, user: kept.user, userKind: kept.userKind || undefined, limit: Number(kept.limit)}),
    }[this.kind]();
  }
}

const index = (answer, name) => answer.columns.findIndex(column => column.name === name);
const percent = value => (value === null || value === undefined ? '' : `${Number.isInteger(value) ? value : value.toFixed(1)} %`);
const cutName = text => cut(text, 28);

/** Rows by the column of the series; one series without it. */
function grouped(answer, series) {
  const group = series.group ? index(answer, series.group) : -1;
  const found = new Map();
  for (const row of answer.rows) {
    const name = group < 0 ? '' : String(row[group]);
    found.set(name, [...(found.get(name) || []), row]);
  }
  return [...found];
}

/** Points over time. An interval without events has the value 0 for counts and none for means. */
function line(answer, series, form) {
  const [x, y] = [index(answer, series.x), index(answer, series.y)];
  const step = STEP_MILLIS[form.interval];
  const counts = ['totals', 'uniques', 'sum'].includes(form.measure);
  const times = answer.rows.map(row => Date.parse(row[x]));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const filled = rows => {
    const values = new Map(rows.map(row => [Date.parse(row[x]), row[y]]));
    if ((last - first) / step > 5000) {
      return [...values];
    }
    const points = [];
    for (let time = first; time <= last; time += step) {
      points.push([time, values.has(time) ? values.get(time) : counts ? 0 : null]);
    }
    return points;
  };
  const groups = grouped(answer, series);
  return {
    useUTC: true,
    legend: groups.length > 1 ? {data: groups.map(([name]) => cutName(name))} : undefined,
    tooltip: {trigger: 'axis'},
    grid: {left: 8, right: 20, top: groups.length > 1 ? 36 : 16, bottom: 8, containLabel: true},
    xAxis: {type: 'time', axisLabel: {hideOverlap: true, formatter: {month: '{MMM} {d}', day: '{MMM} {d}', hour: '{HH}:{mm}', minute: '{HH}:{mm}'}}},
    yAxis: {type: 'value', axisLabel: {formatter: compact}},
    series: groups.map(([name, rows]) => ({
      name: cutName(name) || undefined, type: 'line', data: filled(rows), showSymbol: rows.length < 3, symbolSize: 7,
      areaStyle: groups.length === 1 ? {opacity: .12} : undefined})),
  };
}

function bar(answer, series) {
  const [x, y] = [index(answer, series.x), index(answer, series.y)];
  const rows = answer.rows.slice(0, 40).reverse();
  return {
    tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}},
    grid: {left: 8, right: 60, top: 8, bottom: 8, containLabel: true},
    xAxis: {type: 'value', axisLabel: {formatter: compact}},
    yAxis: {type: 'category', data: rows.map(row => cutName(row[x]))},
    series: [{type: 'bar', barMaxWidth: 28, data: rows.map(row => row[y]),
      label: {show: true, position: 'right', color: 'inherit', formatter: point => compact(point.value)}}],
  };
}

function funnel(answer, series, dark, width) {
  const [x, y] = [index(answer, series.x), index(answer, series.y)];
  const ofFirst = index(answer, 'percent_of_first');
  const groups = grouped(answer, series);
  const steps = groups[0][1].map((row, i) => `${i + 1} ${cutName(row[x])}`);
  return {
    legend: groups.length > 1 ? {data: groups.map(([name]) => cutName(name))} : undefined,
    tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}},
    grid: {left: 8, right: 20, top: 40, bottom: 8, containLabel: true},
    xAxis: {type: 'category', data: steps, axisLabel: {interval: 0, hideOverlap: false, width: Math.max(40, (width - 80) / steps.length - 8), overflow: 'truncate'}},
    yAxis: {type: 'value', min: 0, max: 100, axisLabel: {formatter: '{value} %'}},
    series: groups.map(([name, rows]) => ({
      name: cutName(name) || 'users', type: 'bar', barMaxWidth: 90,
      itemStyle: {borderRadius: [4, 4, 0, 0]},
      data: rows.map(row => ({value: row[ofFirst] ?? 0, users: row[y]})),
      label: {show: groups.length <= 2, position: 'top', lineHeight: 16, color: dark ? '#e9eaf0' : '#1d2130',
        formatter: point => `${percent(point.value)}\n${compact(point.data.users)}`}})),
  };
}

function retention(answer, series) {
  const [x, y] = [index(answer, series.x), index(answer, series.y)];
  return {
    tooltip: {trigger: 'axis'},
    grid: {left: 8, right: 20, top: 16, bottom: 8, containLabel: true},
    xAxis: {type: 'category', data: answer.rows.map(row => `day ${row[x]}`), boundaryGap: false},
    yAxis: {type: 'value', min: 0, max: 100, axisLabel: {formatter: '{value} %'}},
    series: [{type: 'line', data: answer.rows.map(row => row[y]), areaStyle: {opacity: .12}, symbolSize: 8}],
  };
}

function option(answer, chart, form, width) {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  return {
    line: () => line(answer, chart.series, form), bar: () => bar(answer, chart.series),
    funnel: () => funnel(answer, chart.series, dark, width), retention: () => retention(answer, chart.series),
  }[chart.series.shape]?.();
}

/** Rows with at most two digits after the point, for people. */
function rounded(rows) {
  return rows.map(row => row.map(value =>
    (typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * 100) / 100 : value)));
}

class View {
  constructor(root, context) {
    this.context = context;
    this.ended = false;
    this.turn = 0;
    this.known = new Known(context.api);
    this.kept = this.stored();
    this.tabs = el('div', {class: 'tabs', role: 'group', 'aria-label': 'Kind of chart'});
    this.form = el('section', {class: 'card', 'aria-label': 'Form'});
    this.title = el('h2', null);
    this.status = el('p', {class: 'soft', role: 'status', 'aria-live': 'polite'});
    this.plot = el('div', {class: 'plot'});
    this.below = el('div', {class: 'view'});
    this.buttons = el('div', {class: 'row'},
      el('button', {type: 'button', onclick: () => this.draw()}, 'Refresh'),
      el('button', {type: 'button', onclick: () => this.sql && context.openInAsk(this.sql)}, 'Open in Ask'),
      el('button', {type: 'button', onclick: () => this.csv()}, 'CSV'));
    this.result = el('section', {class: 'card', 'aria-label': 'Chart'},
      el('div', {class: 'head'}, this.title, this.buttons), this.status, this.plot, this.below);
    root.classList.add('charts');
    root.append(el('div', {class: 'head'}, el('h1', null, 'Charts'), this.tabs), this.form, this.result);
    this.start();
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) || {};
    } catch (broken) {
      return {};
    }
  }

  async start() {
    this.status.textContent = 'Loading event types…';
    try {
      await this.known.load();
    } catch (away) {
      this.fail(away);
    }
    if (!this.ended) {
      this.show(KINDS.some(([kind]) => kind === this.kept.kind) ? this.kept.kind : 'segmentation');
    }
  }

  show(kind) {
    this.kept.kind = kind;
    this.tabs.replaceChildren(...KINDS.map(([key, text]) =>
      el('button', {type: 'button', 'aria-pressed': String(key === kind), onclick: () => {
        this.show(key);
        [...this.tabs.children].find(one => one.getAttribute('aria-pressed') === 'true')?.focus();
      }}, text)));
    if (kind === 'funnel' && !this.kept.funnel && this.known.types.length > 1) {
      this.kept.funnel = {steps: this.known.types.slice(0, 2).map(type => ({types: [type]}))};
    }
    const form = new Form(kind, this.kept[kind], this.known, () => this.changed());
    this.current = form;
    this.form.replaceChildren(form.root);
    this.clear('');
    this.draw();
  }

  changed() {
    this.kept[this.current.kind] = this.current.kept;
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.kept));
    } catch (full) {
      // The form is not kept.
    }
    this.draw();
  }

  /** The end of the last hours: the store's newest upload time, since a replayed day is long ago. */
  async newestMillis() {
    const state = this.context.state || (await this.context.api.get('/api/now').catch(() => null));
    const times = (state?.partitions || []).map(one => one.newestUploadMicros).filter(one => one);
    return times.length === 0 ? Date.now() : Math.max(...times) / 1000;
  }

  async draw() {
    const mine = ++this.turn;
    const missing = this.current.missing();
    this.sql = null;
    if (missing) {
      this.clear('');
      this.below.replaceChildren(empty('Nothing is asked yet', missing));
      return;
    }
    this.status.textContent = 'Asking…';
    this.result.setAttribute('aria-busy', 'true');
    const body = this.current.body(await this.newestMillis());
    if (mine !== this.turn) {
      return;
    }
    try {
      const chart = await this.context.api.post('/api/chart', body);
      const answer = await this.context.api.ask(chart.sql, {maxRows: 10000});
      if (mine === this.turn && !this.ended) {
        this.sql = chart.sql;
        this.answered(chart, answer, body);
      }
    } catch (wrong) {
      if (mine === this.turn && !this.ended) {
        this.fail(wrong);
      }
    } finally {
      if (mine === this.turn) {
        this.result.removeAttribute('aria-busy');
      }
    }
  }

  clear(title) {
    this.chart?.close();
    this.chart = null;
    this.plot.replaceChildren();
    this.plot.hidden = true;
    this.title.textContent = shown(title);
    this.status.textContent = '';
    this.below.replaceChildren();
  }

  fail(wrong) {
    this.clear('');
    this.below.replaceChildren(failure(wrong.message));
  }

  answered(chart, answer, body) {
    this.clear(chart.title);
    this.status.textContent =
      `${number(answer.rows.length)} rows in ${duration(answer.millis)}, ${compact(answer.rowsRead)} events read`;
    const notes = [...answer.bounds, ...answer.gaps, ...(answer.truncated ? ['More rows than shown.'] : [])];
    if (notes.length) {
      this.below.append(el('p', {class: 'note'}, shown(notes.join(' '))));
    }
    const users = chart.series.shape === 'funnel' ? answer.rows.reduce((sum, row) => sum + row[index(answer, 'users')], 0) : 1;
    if (answer.rows.length === 0 || users === 0) {
      this.below.append(empty('No event fits', 'Choose other events, fewer conditions, or a longer time.'));
      return;
    }
    this.plot.hidden = false;
    const drawn = option(answer, chart, body, this.plot.clientWidth);
    this.plot.hidden = !drawn;
    if (drawn) {
      this.plot.style.height = chart.series.shape === 'bar' ? `${Math.max(160, 40 + 30 * Math.min(40, answer.rows.length))}px` : '';
      this.chart = this.context.chartkit.chart(this.plot, drawn, `${shown(chart.title)}. The table below has the values.`);
    }
    const plain = answerTable(answer.columns, rounded(answer.rows), {caption: shown(chart.title)});
    const table = drawn && answer.columns.length > 3 ? stack(plain) : plain;
    this.below.append(drawn ? el('details', {open: answer.rows.length <= 12}, el('summary', null, 'Values as a table'), table) : table);
    this.below.append(el('details', null, el('summary', null, 'SQL'), el('pre', {class: 'mono scroll', tabindex: '0'}, shownSql(chart.sql))));
  }

  async csv() {
    if (!this.sql) {
      return;
    }
    try {
      const {text, truncated, gaps} = await this.context.api.askCsv(this.sql, {maxRows: 100000});
      if (truncated || gaps) {
        this.context.toast(truncated ? 'The CSV file has the first rows only.' : `The CSV file may lack events: ${gaps}`);
      }
      const address = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
      const link = el('a', {href: address, download: `nova-${this.current.kind}.csv`});
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    } catch (wrong) {
      this.context.toast(wrong.message);
    }
  }

  end() {
    this.ended = true;
    this.chart?.close();
  }
}

/** A statement whole, with its control letters visible. */
function shownSql(sql) {
  return sql.split('\n').map(one => shown(one)).join('\n');
}

export default {
  title: 'Charts',
  mount(root, context) {
    loadSheet();
    view = new View(root, context);
  },
  unmount() {
    view?.end();
    view = null;
  },
};
