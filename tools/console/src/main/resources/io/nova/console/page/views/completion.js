// Completion of tables, columns, functions and keywords in a text area of SQL.

import {el} from '../dom.js';

const TABLES = ['events', 'lambda_events', 'batches', 'chunks', 'blocks', 'snapshots', 'freshness', 'rejected', 'duplicates'];
const WITH_COLUMNS = ['events', 'batches', 'chunks', 'blocks', 'freshness', 'snapshots'];
const FUNCTIONS = ['abs', 'any_value', 'approx_count_distinct', 'approx_quantile', 'arg_max', 'arg_min', 'avg', 'coalesce', 'count',
  'date_diff', 'date_trunc', 'dense_rank', 'epoch_ms', 'epoch_us', 'first', 'greatest', 'histogram', 'if', 'ifnull', 'json_extract',
  'json_extract_string', 'json_keys', 'lag', 'last', 'lead', 'least', 'length', 'list', 'lower', 'max', 'median', 'min', 'mode', 'now',
  'nullif', 'quantile_cont', 'rank', 'regexp_extract', 'regexp_matches', 'replace', 'round', 'row_number', 'starts_with', 'strftime',
  'string_agg', 'substr', 'sum', 'time_bucket', 'to_timestamp', 'trim', 'unnest', 'upper'];
const KEYWORDS = ['SELECT', 'FROM', 'WHERE', 'GROUP BY', 'GROUP BY ALL', 'ORDER BY', 'HAVING', 'LIMIT', 'AS', 'AND', 'OR', 'NOT', 'IN', 'LIKE',
  'ILIKE', 'BETWEEN', 'IS NULL', 'IS NOT NULL', 'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'JOIN', 'LEFT JOIN', 'ON', 'USING', 'DISTINCT',
  'FILTER', 'OVER', 'PARTITION BY', 'QUALIFY', 'UNION ALL', 'WITH', 'INTERVAL', 'DESC', 'ASC', 'NULLS LAST'];
const MOST = 12;

let columns = null;

/** Asks for the columns of each table, once. */
async function load(api) {
  if (columns) {
    return;
  }
  columns = [];
  for (const table of WITH_COLUMNS) {
    try {
      const answer = await api.ask(`SELECT * FROM ${table} LIMIT 0`);
      columns.push(...answer.columns.map(column => ({word: column.name, kind: `${table}, ${column.type.toLowerCase()}`})));
    } catch (away) {
      columns = columns.length === 0 ? null : columns;
      return;
    }
  }
}

function candidates() {
  const words = new Map();
  const add = (word, kind) => words.has(word) || words.set(word, {word, kind});
  TABLES.forEach(word => add(word, 'table'));
  (columns || []).forEach(column => add(column.word, column.kind));
  FUNCTIONS.forEach(word => add(word, 'function'));
  KEYWORDS.forEach(word => add(word, ''));
  return [...words.values()];
}

/** Adds completion to a text area; returns how to remove it. */
export function complete(area, api) {
  const list = el('ul', {class: 'choices', role: 'listbox', id: 'choices', 'aria-label': 'Completions', hidden: true});
  area.after(list);
  area.setAttribute('role', 'combobox');
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-controls', 'choices');
  area.setAttribute('aria-expanded', 'false');
  let found = [];
  let chosen = 0;

  const word = () => {
    const before = area.value.slice(0, area.selectionStart);
    return (before.match(/[A-Za-z_][\w]*$/) || [''])[0];
  };

  const close = () => {
    list.hidden = true;
    area.setAttribute('aria-expanded', 'false');
    area.removeAttribute('aria-activedescendant');
  };

  const mark = () => {
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === chosen)));
    area.setAttribute('aria-activedescendant', `choice-${chosen}`);
    list.children[chosen]?.scrollIntoView({block: 'nearest'});
  };

  const insert = choice => {
    const start = area.selectionStart - word().length;
    const tail = choice.kind === 'function' ? '(' : '';
    area.setRangeText(choice.word + tail, start, area.selectionStart, 'end');
    area.dispatchEvent(new Event('input', {bubbles: true}));
    close();
    area.focus();
  };

  const place = () => {
    const before = area.value.slice(0, area.selectionStart).split('\n');
    const style = getComputedStyle(area);
    const line = parseFloat(style.lineHeight);
    const letter = measure(style);
    const left = parseFloat(style.paddingLeft) + letter * (before[before.length - 1].length - word().length) - area.scrollLeft;
    list.style.left = `${Math.max(0, Math.min(left, area.clientWidth - 240))}px`;
    list.style.top = `${Math.min(parseFloat(style.paddingTop) + line * before.length - area.scrollTop, area.offsetHeight)}px`;
  };

  const open = forced => {
    const typed = word().toLowerCase();
    if (typed.length === 0 && !forced) {
      close();
      return;
    }
    const all = candidates();
    const begins = all.filter(one => one.word.toLowerCase().startsWith(typed) && one.word.toLowerCase() !== typed);
    const inside = typed.length < 3 ? [] : all.filter(one => !begins.includes(one) && one.word.toLowerCase().includes(typed) && one.word.toLowerCase() !== typed);
    found = [...begins, ...inside].slice(0, MOST);
    if (found.length === 0) {
      close();
      return;
    }
    chosen = 0;
    list.replaceChildren(...found.map((one, i) => el('li', {
      role: 'option', id: `choice-${i}`, onpointerdown: event => { event.preventDefault(); insert(one); }},
    one.word, el('small', null, one.kind))));
    list.hidden = false;
    area.setAttribute('aria-expanded', 'true');
    place();
    mark();
  };

  const keys = event => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      load(api).then(() => open(true));
      return;
    }
    if (list.hidden) {
      return;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      chosen = (chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
      mark();
    } else if (event.key === 'Tab' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)) {
      insert(found[chosen]);
    } else if (event.key === 'Escape') {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const typed = event => {
    if (event.inputType && event.inputType.startsWith('insertText')) {
      open(false);
    } else if (!list.hidden) {
      open(false);
    }
  };

  area.addEventListener('keydown', keys);
  area.addEventListener('input', typed);
  area.addEventListener('blur', close);
  area.addEventListener('focus', () => load(api), {once: true});
  return close;
}

function measure(style) {
  const context = measure.canvas || (measure.canvas = document.createElement('canvas').getContext('2d'));
  context.font = `${style.fontSize} ${style.fontFamily}`;
  return context.measureText('m').width;
}
