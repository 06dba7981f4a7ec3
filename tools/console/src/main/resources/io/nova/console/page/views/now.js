// The state of the job: alarms, the closed sum, freshness, memory, checkpoint, processes.

import {answerTable, bytes, compact, duration, el, empty, failure, moment, number, shown, sourceLines, stack, update} from '../dom.js';

const PARTS = [
  ['admitted', 'admitted', 'var(--chunk)'],
  ['duplicates', 'duplicates', 'var(--file)'],
  ['rejected', 'rejected', 'var(--sealed)'],
  ['undecided', 'on the way', 'var(--open)'],
];
const RATE_MILLIS = 10000;
const KEPT_MILLIS = 180000;
const SMOOTH_MILLIS = 5000;

let end = null;
let samples = [];

function tile(label, value, more) {
  return el('div', {class: 'tile'},
    el('span', {class: 'label'}, label), el('span', {class: 'value'}, value), el('span', {class: 'more'}, more || ''));
}

/** Keeps the figures of the last minutes, whichever view is open. */
function remember(picture) {
  if (!picture.counts) {
    return;
  }
  const last = samples[samples.length - 1];
  if (last && picture.counts.received < last.received) {
    samples = [];
  }
  samples.push({at: picture.atMillis, received: picture.counts.received, admitted: picture.counts.admitted});
  samples = samples.filter(one => one.at > picture.atMillis - KEPT_MILLIS);
}

/** Messages a second in the time before a sample; null without an earlier one. */
function rate(last, millis) {
  const first = samples.find(one => one.at >= last.at - millis);
  return last.at > first.at ? (1000 * (last.received - first.received)) / (last.at - first.at) : null;
}

function rateText() {
  const now = samples.length === 0 ? null : rate(samples[samples.length - 1], RATE_MILLIS);
  return now === null || now >= 10000 ? compact(now) : number(Math.round(now));
}

function sum(counts) {
  const parts = PARTS.filter(([key]) => key !== 'undecided' || counts.undecided !== 0);
  return el('section', {class: 'card w12', 'aria-label': 'Events'},
    el('h2', null, 'Every message has one outcome'),
    el('div', {class: 'sum'},
      el('div', null, el('div', {class: 'label'}, 'received'), el('div', {class: 'value', id: 'received'}, number(counts.received))),
      parts.map(([key, label, color], i) => [
        el('span', {class: 'sign', 'aria-hidden': 'true'}, i === 0 ? '=' : '+'),
        el('div', null,
          el('div', {class: 'label'}, swatch(color), label),
          el('div', {class: 'value'}, number(counts[key])))])),
    proportion(parts.map(([key, , color]) => [Math.max(0, counts[key]), color])),
    reasons(counts.reasons));
}

function swatch(color) {
  const one = el('i', {class: 'swatch', 'aria-hidden': 'true'});
  one.style.background = color;
  return one;
}

function proportion(parts) {
  return el('div', {class: 'proportion', 'aria-hidden': 'true'}, parts.filter(([value]) => value > 0).map(([value, color]) => {
    const one = el('i');
    one.style.flexGrow = value;
    one.style.background = color;
    return one;
  }));
}

function reasons(found) {
  const entries = Object.entries(found || {}).sort((a, b) => b[1] - a[1]);
  return entries.length === 0
    ? null
    : el('p', {class: 'soft'}, 'Rejected: ', entries.map(([reason, count]) => `${reason} ${number(count)}`).join(', '), '. ',
      el('a', {href: '#/duplicates'}, 'See samples'));
}

function alarms(found) {
  return found.length === 0
    ? null
    : el('ul', {class: 'alarms', 'aria-label': 'Alarms'}, found.map(alarm =>
      el('li', {class: 'alarm'},
        el('b', null, alarm.name), el('span', null, alarm.text),
        el('a', {href: `#/runbook/${alarm.section}`}, 'What to do'))));
}

function memory(found) {
  if (!found || found.budgetBytes === 0) {
    return el('section', {class: 'card w4'}, el('h2', null, 'Memory of blocks'), el('p', {class: 'soft'}, 'Not known.'));
  }
  const part = Math.min(1, found.usedBytes / found.budgetBytes);
  const bar = el('i');
  bar.style.width = `${Math.max(1, 100 * part)}%`;
  const stages = ['no pressure', 'rows leave the heap', 'blocks are sealed early', 'intake slows down'];
  return el('section', {class: 'card w4'},
    el('h2', null, 'Memory of blocks'),
    tile('of the budget', `${(100 * part).toFixed(part < .1 ? 1 : 0)} %`, `${bytes(found.usedBytes)} of ${bytes(found.budgetBytes)}`),
    el('div', {class: 'meter', 'data-stage': found.pressure, role: 'meter', 'aria-label': 'Memory of the budget',
      'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(100 * part)}, bar),
    el('p', {class: 'soft'}, stages[found.pressure] || ''));
}

function partitions(picture) {
  if (picture.partitions.length === 0) {
    return el('section', {class: 'card w8'}, el('h2', null, 'Freshness by partition'),
      el('p', {class: 'soft'}, 'The live views name no partition yet.'));
  }
  return el('section', {class: 'card w8'},
    el('h2', null, 'Freshness by partition'),
    stack(answerTable(
      [{name: 'partition', type: 'INTEGER'}, {name: 'newest upload time', type: ''}, {name: 'newest event time', type: ''}, {name: 'behind', type: 'DOUBLE'}],
      picture.partitions.map(one => [
        one.partition, moment(one.newestUploadMicros), moment(one.newestEventMicros), one.behindMillis > 172800000 ? 'replay' : duration(one.behindMillis)]),
      {caption: 'Times in UTC. Behind is machine time less the newest upload time.'})));
}

function store(picture) {
  const counts = picture.counts;
  const shards = picture.shards;
  return el('section', {class: 'card w4'},
    el('h2', null, 'Where events are'),
    el('dl', {class: 'facts'},
      [['open blocks', number(counts && counts.openBlocks)],
        ['rows in memory', number(shards && shards.liveRows)],
        ['sealed, not in the table', number(shards && shards.sealedBlocks)],
        ['block files written', number(counts && counts.blockFiles)],
        ['chunks written', number(counts && counts.chunks)],
        ['frontier', moment(counts && counts.frontierMicros)]]
        .map(([name, value]) => [el('dt', null, name), el('dd', null, value)])),
    el('p', null, el('a', {href: '#/layers'}, 'See the layers')));
}

function processes(found, job) {
  return el('section', {class: 'card w8'},
    el('h2', null, 'Processes and job'),
    job ? el('p', {class: 'soft'}, `Job ${job.id} is ${job.state}, restarted ${job.restarts} times.`) : null,
    job && job.lastFailure ? el('p', {class: 'soft'}, `Last failure: ${shown(job.lastFailure)}`) : null,
    found.length === 0
      ? el('p', {class: 'soft'}, 'No process is known in the working folder.')
      : el('ul', {class: 'legend'}, found.map(one =>
        el('li', null, swatch(one.alive ? 'var(--good)' : 'var(--down)'), el('b', null, one.name),
          `pid ${one.pid}, ${one.alive ? 'runs' : 'ended'}`))));
}

function chartCard(context) {
  const plot = el('div', {class: 'plot'});
  plot.style.height = '180px';
  const card = el('section', {class: 'card'}, el('h2', null, 'Events a second, last three minutes, UTC'), plot);
  let chart = null;
  return {
    card,
    draw() {
      const points = samples.map(one => [one.at, rate(one, SMOOTH_MILLIS)]).filter(([, value]) => value !== null);
      const last = samples.length === 0 ? Date.now() : samples[samples.length - 1].at;
      const option = {
        animation: false,
        useUTC: true,
        grid: {left: 4, right: 12, top: 12, bottom: 4, containLabel: true},
        xAxis: {type: 'time', min: last - KEPT_MILLIS, max: last, splitNumber: plot.clientWidth < 500 ? 3 : 6,
          axisLabel: {color: getComputedStyle(document.documentElement).getPropertyValue('--soft'), hideOverlap: true, formatter: '{HH}:{mm}:{ss}'}},
        yAxis: {type: 'value', minInterval: 1, axisLabel: {color: getComputedStyle(document.documentElement).getPropertyValue('--soft'), formatter: compact}},
        series: [{type: 'line', showSymbol: false, areaStyle: {opacity: .14}, data: points}],
      };
      if (chart) {
        chart.set(option);
      } else if (card.isConnected) {
        chart = context.chartkit.chart(plot, option, 'Messages received a second over the last three minutes');
      }
    },
    close() {
      if (chart) {
        chart.close();
      }
    },
  };
}

function draw(root, rates, picture, away) {
  const [top, , low] = root.children;
  if (!picture) {
    update(low, []);
    update(top, [failure(away ? away.message : 'The console does not answer.')]);
    rates.card.hidden = true;
    return;
  }
  if (picture.level === 'NOTHING') {
    update(low, []);
    update(top, [empty('Nothing runs here', picture.sentence, 'The page shows it as soon as it starts.'),
      sourceLines(picture.sources), processes(picture.processes, picture.job)]);
    rates.card.hidden = true;
    return;
  }
  rates.card.hidden = !picture.counts;
  update(top, [
    alarms(picture.alarms),
    picture.level === 'DOWN' ? failure(picture.sentence) : null,
    sourceLines(picture.sources),
    el('div', {class: 'grid'},
      el('section', {class: 'card w3 half'}, tile('events a second', picture.counts ? rateText() : '–', 'received, last 10 s')),
      el('section', {class: 'card w3 half'}, tile('waiting in the topic', compact(picture.pending), 'consumer lag in messages')),
      el('section', {class: 'card w3 half'}, tile('last checkpoint', picture.checkpoint ? `${duration(picture.checkpoint.ageMillis)} ago` : '–',
        picture.checkpoint ? `took ${duration(picture.checkpoint.durationMillis)}, ${bytes(picture.checkpoint.stateBytes)}` : 'none yet')),
      el('section', {class: 'card w3 half'}, tile('shards that answer', number(picture.shards && picture.shards.answering),
        picture.shards && picture.shards.gaps.length ? shown(picture.shards.gaps.join(', ')) : '')),
      picture.counts ? sum(picture.counts) : null),
  ]);
  update(low, [
    el('div', {class: 'grid'},
      partitions(picture), memory(picture.memory),
      store(picture), processes(picture.processes, picture.job)),
  ]);
  rates.draw();
}

export default {
  title: 'Now',
  remember,
  mount(root, context) {
    const rates = chartCard(context);
    rates.card.hidden = true;
    root.append(el('div', {class: 'view'}, el('p', {class: 'soft'}, 'Asking…')), rates.card, el('div'));
    const stop = context.onState((picture, away) => draw(root, rates, picture, away));
    end = () => {
      stop();
      rates.close();
    };
  },
  unmount() {
    if (end) {
      end();
    }
    end = null;
  },
};
