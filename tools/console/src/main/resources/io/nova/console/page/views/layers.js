// Where the events are, over upload time: hot above, cold below. A block keeps its rectangle while
// it is sealed and becomes part of a block file, so it is seen to move.

import {bytes, compact, duration, el, empty, failure, moment, number, sourceLines, stack, svg, update} from '../dom.js';

const STEP_MILLIS = 1000;
const MINUTE = 60e6;

const LANES = [
  {key: 'open', name: 'Open blocks', where: 'in memory', color: 'var(--open)', height: 78},
  {key: 'sealed', name: 'Sealed blocks', where: 'not yet in the table', color: 'var(--sealed)', height: 56},
  {key: 'block_file', name: 'Block files', where: 'Avro, in the table', color: 'var(--file)', height: 78},
  {key: 'chunk', name: 'Chunks', where: 'Parquet, in the table', color: 'var(--chunk)', height: 96},
  {key: 'batch', name: 'Batches', where: 'handed off one by one', color: 'var(--done)', height: 34},
  {key: 'savepoint', name: 'Restorable', where: 'by machine time', color: 'var(--good)', height: 26},
];

const MARKS = [
  {key: 'horizonMicros', name: 'horizon', text: 'the batch layer answers before it', color: 'var(--done)', dash: ''},
  {key: 'latenessMicros', name: 'lateness limit', text: 'older events are rejected as too late', color: 'var(--down)', dash: '2 4'},
  {key: 'dedupMicros', name: 'dedup window', text: 'copies of events after it are recognized', color: 'var(--accent)', dash: '6 4'},
  {key: 'slowestMicros', name: 'slowest partition', text: 'its newest upload time', color: 'var(--warning)', dash: ''},
  {key: 'fastestMicros', name: 'newest event', text: 'the newest upload time of all', color: 'var(--good)', dash: ''},
];

const RANGES = [
  ['hour', 'Last hour', 60 * MINUTE],
  ['six', 'Last 6 hours', 360 * MINUTE],
  ['day', 'Last day', 1440 * MINUTE],
  ['all', 'All', Infinity],
];

let view = null;

function domain(picture, span) {
  const marks = picture.marks;
  const ends = [
    ...picture.blocks.map(one => one.startMicros + (picture.rules?.blockMicros || 5 * MINUTE)),
    ...picture.chunks.map(one => one.toMicros),
    ...(marks.fastestMicros === null ? [] : [marks.fastestMicros]),
  ];
  const starts = [...picture.blocks.map(one => one.startMicros), ...picture.chunks.map(one => one.fromMicros)];
  if (ends.length === 0) {
    const some = picture.batches.filter(one => one.state !== 'removed');
    if (some.length === 0) {
      return null;
    }
    return [Math.min(...some.map(one => one.fromMicros)), Math.max(...some.map(one => one.toMicros))];
  }
  const to = Math.max(...ends);
  const dedup = marks.dedupMicros === null ? to : marks.dedupMicros;
  const from = Math.max(Math.min(...starts, dedup), to - span);
  const pad = Math.max((to - from) * .03, .5 * MINUTE);
  return [from - pad, to + pad];
}

function packed(chunks) {
  const ends = [];
  return chunks.map(one => {
    let level = ends.findIndex(end => end <= one.fromMicros);
    if (level < 0) {
      level = ends.length;
    }
    ends[level] = one.toMicros + 1;
    return {...one, level};
  });
}

const totals = {
  open: picture => group(picture, 'open'),
  sealed: picture => group(picture, 'sealed'),
  block_file: picture => group(picture, 'block_file'),
  chunk: ({chunks}) => ({count: chunks.length, rows: sum(chunks, 'rows'), bytes: sum(chunks, 'bytes')}),
};

function sum(list, key) {
  return list.reduce((all, one) => all + one[key], 0);
}

function group({blocks}, state) {
  const some = blocks.filter(one => one.state === state);
  return {count: sum(some, 'blocks'), rows: sum(some, 'rows'), bytes: sum(some, 'bytes')};
}

function ticks([from, to], width) {
  const steps = [1, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10080, 40320].map(one => one * MINUTE);
  const step = steps.find(one => (to - from) / one <= Math.max(2, width / 80)) || steps[steps.length - 1];
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    found.push(at);
  }
  return {found, step};
}

class Picture {
  constructor(root) {
    this.frame = el('div', {class: 'layers'});
    this.tip = el('div', {class: 'tip', hidden: true});
    this.drawing = svg('svg', {role: 'img', 'aria-label': 'Layers over upload time'});
    this.ground = svg('g');
    this.bits = svg('g');
    this.front = svg('g');
    this.names = svg('g');
    this.drawing.append(this.ground, this.bits, this.front, this.names);
    this.frame.append(this.drawing, this.tip);
    root.append(this.frame);
    this.known = new Map();
    this.facts = new WeakMap();
    this.drawing.addEventListener('pointermove', event => this.point(event));
    this.drawing.addEventListener('pointerleave', () => { this.tip.hidden = true; });
  }

  point(event) {
    const text = this.facts.get(event.target);
    this.tip.hidden = !text;
    if (text) {
      const box = this.frame.getBoundingClientRect();
      this.tip.textContent = text;
      const wide = this.tip.offsetWidth;
      this.tip.style.left = `${Math.max(0, Math.min(event.clientX - box.left + 14, box.width - wide))}px`;
      this.tip.style.top = `${event.clientY - box.top + 16}px`;
    }
  }

  draw(picture, span) {
    const range = domain(picture, span);
    this.frame.hidden = range === null;
    if (range === null) {
      return;
    }
    const width = Math.max(280, this.frame.clientWidth);
    const narrow = width < 720;
    const left = narrow ? 0 : 172;
    const gap = narrow ? 30 : 16;
    const top = 34;
    const x = micros => left + ((width - left) * (micros - range[0])) / (range[1] - range[0]);
    const lanes = {};
    let y = top + (narrow ? 22 : 0);
    for (const lane of LANES) {
      lanes[lane.key] = {...lane, y};
      y += lane.height + gap;
    }
    const bottom = y - gap + 8;
    this.drawing.setAttribute('viewBox', `0 0 ${width} ${bottom + 22}`);
    this.drawGround({picture, lanes, range, width, left, narrow, top, bottom, x});
    this.drawBits({picture, lanes, range, width, left, x});
    this.drawMarks({picture, range, width, left, top, bottom, x});
    this.drawing.setAttribute('aria-label', this.summary(picture));
  }

  summary(picture) {
    return LANES.slice(0, 4).map(lane => {
      const all = totals[lane.key](picture);
      return `${lane.name}: ${number(all.rows)} events in ${number(all.count)}.`;
    }).join(' ');
  }

  drawGround({picture, lanes, range, width, left, narrow, top, bottom, x}) {
    const {found, step} = ticks(range, width - left);
    const nodes = [];
    for (const lane of Object.values(lanes)) {
      nodes.push(svg('rect', {
        x: left, y: lane.y, width: width - left, height: lane.height, rx: 6, fill: lane.color, opacity: .07}));
    }
    for (const at of found) {
      const time = moment(at);
      nodes.push(
        svg('line', {class: 'rule', x1: x(at), x2: x(at), y1: top, y2: bottom}),
        svg('text', {x: x(at), y: bottom + 16, 'text-anchor': 'middle'},
          step >= 360 * MINUTE && time.endsWith('00:00:00') ? time.slice(5, 10) : time.slice(11, 16)));
    }
    const dedup = picture.marks.dedupMicros;
    const newest = picture.marks.fastestMicros;
    if (dedup !== null && newest !== null && newest > range[0]) {
      const from = Math.max(left, x(dedup));
      nodes.push(svg('rect', {x: from, y: top, width: Math.max(0, x(newest) - from), height: bottom - top, fill: 'var(--accent)', opacity: .06}));
    }
    const horizon = picture.marks.horizonMicros;
    if (horizon !== null && horizon > range[0]) {
      nodes.push(svg('rect', {x: left, y: top, width: Math.max(0, Math.min(width, x(horizon)) - left), height: bottom - top, fill: 'var(--done)', opacity: .12}));
    }
    const names = [];
    for (const lane of Object.values(lanes)) {
      const all = totals[lane.key]?.(picture);
      const figures = all ? `${compact(all.rows)} events · ${bytes(all.bytes)}` : lane.where;
      const without = this.without(lane.key, picture, range);
      if (without) {
        names.push(svg('text', {class: 'name', x: left + 12, y: lane.y + lane.height / 2 + 4}, without));
      }
      if (narrow) {
        names.push(svg('text', {class: 'name', x: 0, y: lane.y - 7}, svg('tspan', {class: 'lane'}, lane.name), svg('tspan', {dx: 8}, figures)));
      } else {
        names.push(
          svg('text', {class: 'lane', x: 0, y: lane.y + 14}, lane.name),
          svg('text', {x: 0, y: lane.y + 31}, all ? lane.where : figures),
          ...(all && lane.height > 50 ? [svg('text', {x: 0, y: lane.y + 48}, figures)] : []));
      }
    }
    update(this.ground, nodes);
    update(this.names, names);
  }

  /** Why a lane is empty; nothing for one that has marks. */
  without(key, picture, range) {
    if (key === 'chunk' && picture.chunks.length === 0) {
      return 'No chunk yet. Block files are merged later.';
    }
    if (key === 'chunk' && picture.chunks.every(one => one.toMicros <= range[0])) {
      return `${number(picture.chunks.length)} before this range.`;
    }
    if (key !== 'savepoint' || picture.savepoints.some(one => one.atMillis * 1000 > range[0] && one.atMillis * 1000 < range[1])) {
      return null;
    }
    return picture.savepoints.length === 0 ? 'Nothing yet.' : `${picture.savepoints.length}, outside this range. See the list.`;
  }

  drawBits({picture, lanes, range, width, left, x}) {
    const wanted = new Map();
    const inside = (from, to) => to > range[0] && from < range[1];
    const clip = (from, to) => {
      const a = Math.max(left, x(from));
      return {x: a, width: Math.max(2, Math.min(width, x(to)) - a - 1)};
    };
    const length = picture.rules?.blockMicros || 5 * MINUTE;
    for (const state of ['open', 'sealed', 'block_file']) {
      const lane = lanes[state];
      const some = picture.blocks.filter(one => one.state === state && inside(one.startMicros, one.startMicros + length));
      const most = Math.max(1, ...some.map(one => one.rows));
      for (const one of some) {
        const height = Math.max(4, (lane.height - 8) * Math.sqrt(one.rows / most));
        wanted.set(`${one.batch}:${one.startMicros}:${state}`, {
          ...clip(one.startMicros, one.startMicros + length), y: lane.y + lane.height - height - 4, height, fill: lane.color,
          fact: `${lane.name}, ${moment(one.startMicros)}\n${number(one.rows)} events, ${bytes(one.bytes)}, ${number(one.blocks)} blocks`});
      }
    }
    this.wantChunks(wanted, picture, lanes.chunk, inside, clip);
    for (const one of picture.batches.filter(batch => batch.state !== 'removed' && inside(batch.fromMicros, batch.toMicros))) {
      const lane = lanes.batch;
      wanted.set(`batch:${one.batch}`, {
        ...clip(one.fromMicros, one.toMicros), y: lane.y + 5, height: lane.height - 10,
        fill: one.state === 'open' ? 'var(--open)' : one.state === 'completed' ? 'var(--done)' : 'var(--chunk)',
        opacity: one.state === 'open' ? .35 : .75, label: `${one.name} · ${one.state}`,
        fact: `Batch ${one.name}, ${one.state}\n${number(one.rows)} events, ${number(one.files)} files, ${bytes(one.bytes)}`});
    }
    for (const one of picture.savepoints.filter(point => inside(point.atMillis * 1000, point.atMillis * 1000))) {
      const lane = lanes.savepoint;
      wanted.set(`save:${one.kind}:${one.name}:${one.atMillis}`, {
        x: x(one.atMillis * 1000) - 4, width: 8, y: lane.y + lane.height / 2 - 4, height: 8, rx: one.kind === 'savepoint' ? 0 : 4, fill: lane.color,
        fact: `${one.kind} ${one.name}\ncompleted ${moment(one.atMillis * 1000)}`});
    }
    this.place(wanted);
  }

  wantChunks(wanted, picture, lane, inside, clip) {
    const some = packed(picture.chunks.filter(one => inside(one.fromMicros, one.toMicros)).sort((a, b) => a.fromMicros - b.fromMicros));
    const levels = Math.max(1, ...some.map(one => one.level + 1));
    const height = Math.max(1, Math.min(36, (lane.height - 8) / levels));
    for (const one of some) {
      wanted.set(`chunk:${one.file}`, {
        ...clip(one.fromMicros, Math.max(one.toMicros, one.fromMicros + 1)), y: lane.y + lane.height - 4 - (one.level + 1) * height,
        height: Math.max(1, height - 1.5), rx: Math.min(3, height / 3), fill: lane.color,
        fact: `Chunk ${one.file}\n${moment(one.fromMicros)} to ${moment(one.toMicros)}\n${number(one.rows)} events, ${bytes(one.bytes)}`});
    }
  }

  /** Sets the rectangles, and lets those of blocks that have moved go to their new lane. */
  place(wanted) {
    const orphans = new Map();
    for (const [key, rect] of this.known) {
      if (!wanted.has(key)) {
        orphans.set(key.split(':').slice(0, 2).join(':'), rect);
        this.known.delete(key);
      }
    }
    for (const [key, one] of wanted) {
      let rect = this.known.get(key);
      if (!rect) {
        const interval = key.split(':').slice(0, 2).join(':');
        rect = orphans.get(interval);
        orphans.delete(interval);
        if (!rect) {
          rect = svg('rect', {class: 'bit hot', opacity: 0, x: one.x, y: one.y, width: one.width, height: one.height});
          this.bits.append(rect);
          rect.getBoundingClientRect();
        }
        this.known.set(key, rect);
      }
      rect.setAttribute('opacity', one.opacity ?? .92);
      for (const name of ['x', 'y', 'width', 'height', 'fill']) {
        rect.setAttribute(name, typeof one[name] === 'number' ? one[name].toFixed(1) : one[name]);
      }
      rect.setAttribute('rx', one.rx ?? 3);
      this.facts.set(rect, one.fact);
    }
    for (const rect of orphans.values()) {
      rect.setAttribute('opacity', 0);
      setTimeout(() => rect.remove(), 650);
    }
    this.labels = [...wanted.values()].filter(one => one.label && one.width > 150);
  }

  drawMarks({picture, range, width, left, top, bottom, x}) {
    const nodes = this.labels.map(one => svg('text', {
      class: 'lane', x: one.x + 10, y: one.y + one.height / 2 + 4, 'pointer-events': 'none'}, one.label));
    const rows = [];
    for (const mark of MARKS) {
      const at = picture.marks[mark.key];
      if (at === null || at < range[0] || at > range[1]) {
        continue;
      }
      const here = x(at);
      nodes.push(svg('line', {class: 'mark', x1: here, x2: here, y1: top - 2, y2: bottom, stroke: mark.color, 'stroke-dasharray': mark.dash}));
      if (mark.key === 'slowestMicros' && Math.abs(x(picture.marks.fastestMicros) - here) < 2) {
        continue;
      }
      const wide = mark.name.length * 6.4;
      const end = here + wide / 2 > width ? 'end' : here - wide / 2 < left ? 'start' : 'middle';
      const from = end === 'end' ? here - wide : end === 'start' ? here : here - wide / 2;
      let row = rows.findIndex(taken => taken.every(([a, b]) => from > b + 6 || from + wide < a - 6));
      if (row < 0) {
        row = rows.length;
        rows.push([]);
      }
      rows[row].push([from, from + wide]);
      if (row < 3) {
        nodes.push(svg('text', {x: here, y: top - 6 - 13 * row, 'text-anchor': end}, mark.name));
      }
    }
    update(this.front, nodes);
  }
}

/** How many of the events each layer holds. */
function share(picture) {
  const lanes = LANES.slice(0, 4).map(lane => [lane, totals[lane.key](picture)]);
  const all = lanes.reduce((rows, [, one]) => rows + one.rows, 0);
  const colored = (name, attributes, lane) => {
    const one = el(name, attributes);
    one.style.background = lane.color;
    return one;
  };
  return el('div', {class: 'share'},
    (picture.sources || []).some(source => source.error)
      ? el('p', {class: 'soft'}, 'No total: a source does not answer.')
      : el('p', null, el('span', {class: 'total'}, number(all)), el('span', {class: 'soft'}, ' events in four layers')),
    el('div', {class: 'proportion', 'aria-hidden': 'true'}, lanes.filter(([, one]) => one.rows > 0).map(([lane, one]) => {
      const part = colored('i', null, lane);
      part.style.flexGrow = one.rows;
      return part;
    })),
    el('dl', null, lanes.map(([lane, one]) => el('div', null,
      el('dt', null, colored('i', {class: 'swatch', 'aria-hidden': 'true'}, lane), lane.name),
      el('dd', null, percent(one.rows, all), el('span', null, ` ${compact(one.rows)} · ${bytes(one.bytes)}`))))));
}

function percent(part, all) {
  const value = all === 0 ? 0 : (100 * part) / all;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function legend(picture) {
  return el('ul', {class: 'marks', 'aria-label': 'Marks'}, MARKS.map(mark => {
    const at = picture.marks[mark.key];
    const line = el('i', {class: 'swatch', 'aria-hidden': 'true'});
    line.style.background = mark.color;
    return el('li', null, line, el('b', null, mark.name), ` ${at === null ? 'not known' : moment(at)}: ${mark.text}`);
  }));
}

function asTable(picture) {
  const lanes = LANES.slice(0, 4).map(lane => [lane, totals[lane.key](picture)]);
  return stack(el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Layers as a table'}, el('table', null,
    el('caption', null, 'All layers, hot first'),
    el('thead', null, el('tr', null, ['layer', 'number', 'events', 'bytes'].map((name, i) =>
      el('th', {scope: 'col', class: i ? 'figure' : null}, name)))),
    el('tbody', null,
      lanes.map(([lane, all]) => el('tr', null, el('th', {scope: 'row'}, `${lane.name}, ${lane.where}`),
        [number(all.count), number(all.rows), bytes(all.bytes)].map(text => el('td', {class: 'figure'}, text)))),
      picture.batches.map(one => el('tr', null, el('th', {scope: 'row'}, `Batch ${one.name}, ${one.state}`),
        [number(one.files), number(one.rows), bytes(one.bytes)].map(text => el('td', {class: 'figure'}, text))))))));
}

function savepoints(picture) {
  return el('section', {class: 'card w6'},
    el('h2', null, 'What could be restored'),
    picture.savepoints.length === 0
      ? el('p', {class: 'soft'}, 'The working folder has no complete checkpoint or savepoint.')
      : el('ul', {class: 'legend'}, picture.savepoints.slice(0, 12).map(one =>
        el('li', null, el('b', null, one.name), `${one.kind}, ${duration(picture.atMillis - one.atMillis)} old`))));
}

class View {
  constructor(root, context) {
    this.context = context;
    this.span = localStorage.getItem('nova.layers.range') || 'six';
    this.buttons = RANGES.map(([key, name]) => el('button', {
      type: 'button', 'aria-pressed': String(key === this.span), onclick: () => this.choose(key)}, name));
    this.trouble = el('div');
    this.card = el('section', {class: 'card'});
    this.share = el('div', null, el('p', {class: 'soft'}, 'Asking the store…'));
    this.card.append(this.share);
    this.picture = new Picture(this.card);
    this.below = el('div');
    root.append(
      el('div', {class: 'head'}, el('h1', null, 'Layers'), el('div', {class: 'tabs', role: 'group', 'aria-label': 'Range'}, this.buttons)),
      el('p', {class: 'soft'}, 'Where every event is, over upload time in UTC. Events sink from memory to the table.'),
      this.trouble, this.card, this.below);
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.card);
    this.timer = 0;
    this.ask();
  }

  choose(key) {
    this.span = key;
    localStorage.setItem('nova.layers.range', key);
    this.buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(RANGES[i][0] === key)));
    this.draw();
  }

  async ask() {
    try {
      this.last = await this.context.api.get('/api/layers');
      if (!this.ended) {
        update(this.trouble, [sourceLines(this.last.sources)]);
        this.draw();
      }
    } catch (away) {
      update(this.trouble, [failure(away.message)]);
    }
    if (!this.ended) {
      this.timer = setTimeout(() => this.ask(), document.hidden ? 10 * STEP_MILLIS : STEP_MILLIS);
    }
  }

  draw() {
    if (!this.last || this.ended) {
      return;
    }
    const nothing = this.last.blocks.length + this.last.chunks.length + this.last.batches.length === 0;
    this.card.hidden = nothing;
    if (nothing && this.last.sources.some(source => source.error)) {
      update(this.below, [empty('Where the events are is not known', 'Not every part of the store answers. The reasons are above.')]);
      return;
    }
    if (nothing) {
      update(this.below, [empty('No event is stored', 'Start a cluster with ./nova local, or send events with ./nova send.',
        'Blocks appear here within a second.')]);
      return;
    }
    update(this.share, [share(this.last)]);
    this.picture.draw(this.last, RANGES.find(([key]) => key === this.span)?.[2] || Infinity);
    update(this.below, [el('div', {class: 'grid'},
      el('section', {class: 'card w6'}, el('h2', null, 'Marks'), legend(this.last)),
      savepoints(this.last),
      el('section', {class: 'card w12'}, el('h2', null, 'The same as a table'), asTable(this.last)))]);
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.sized.disconnect();
  }
}

export default {
  title: 'Layers',
  mount(root, context) {
    view = new View(root, context);
  },
  unmount() {
    view?.end();
    view = null;
  },
};
