// The shell: views by the address's hash, and the line with the job's state.

import * as api from './api.js';
import * as chartkit from './chartkit.js';
import {el, empty, failure} from './dom.js';
import asking from './views/ask.js';
import batches from './views/batches.js';
import layers from './views/layers.js';
import now from './views/now.js';
import runbook from './views/runbook.js';

const STATE_MILLIS = 1000;

const VIEWS = [
  {name: 'now', title: 'Now', load: async () => now},
  {name: 'layers', title: 'Layers', load: async () => layers},
  {name: 'ask', title: 'Ask', load: async () => asking},
  {name: 'charts', title: 'Charts', load: () => import('./views/charts.js')},
  {name: 'duplicates', title: 'Duplicates', load: () => import('./views/duplicates.js')},
  {name: 'batches', title: 'Batches', load: async () => batches},
  {name: 'runbook', title: 'Runbook', load: async () => runbook, hidden: true},
];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const state = document.getElementById('state');
const sentence = document.getElementById('sentence');
const announced = document.getElementById('announced');
const listeners = new Set();
let current = null;
let turn = 0;

/** What each view gets: requests, charts, and ways to other views. */
const context = {
  api,
  chartkit,
  /** Calls back with every picture of /api/now; returns how to end that. */
  onState(listener) {
    listeners.add(listener);
    if (context.state) {
      listener(context.state);
    }
    return () => listeners.delete(listener);
  },
  /** Opens a statement in the view Ask. */
  openInAsk(sql) {
    sessionStorage.setItem('nova.ask.open', sql);
    location.hash = '#/ask';
  },
  /** Shows a short message for some seconds. */
  toast(text) {
    const note = el('p', null, text);
    document.getElementById('toasts').append(note);
    setTimeout(() => note.remove(), 6000);
  },
  state: null,
};

function route() {
  const [, name, ...rest] = location.hash.slice(1).split('/');
  return {view: VIEWS.find(view => view.name === name) || VIEWS[0], rest: decodeURIComponent(rest.join('/'))};
}

async function show() {
  const {view, rest} = route();
  const mine = ++turn;
  if (current) {
    current.unmount();
    current = null;
  }
  for (const link of nav.children) {
    if (link.dataset.view === view.name) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({block: 'nearest', inline: 'nearest'});
    } else {
      link.removeAttribute('aria-current');
    }
  }
  document.title = `${view.title} · Nova`;
  main.setAttribute('aria-label', view.title);
  const root = el('div', {class: 'view', 'data-view': view.name});
  main.replaceChildren(root);
  let module;
  try {
    const loaded = await view.load();
    module = loaded.default || loaded;
  } catch (missing) {
    root.append(empty(view.title, 'This view cannot be loaded.', String(missing.message || missing)));
    return;
  }
  if (mine !== turn) {
    return;
  }
  try {
    current = module;
    // The view sees each new state. A copy would keep the state of this moment.
    module.mount(root, Object.assign(Object.create(context), {rest}));
  } catch (broken) {
    root.append(failure(`The view failed: ${broken.message}`));
    console.error(broken);
  }
}

function setState(level, text) {
  if (state.dataset.level !== level) {
    announced.textContent = text;
  }
  state.dataset.level = level;
  sentence.textContent = text;
}

async function watch() {
  try {
    const picture = await api.get('/api/now');
    context.state = picture;
    now.remember(picture);
    setState(picture.level, picture.sentence);
    listeners.forEach(listener => listener(picture));
  } catch (away) {
    context.state = null;
    setState('away', away.message);
    listeners.forEach(listener => listener(null, away));
  }
  setTimeout(watch, document.hidden ? 10 * STATE_MILLIS : STATE_MILLIS);
}

function start() {
  api.takeToken();
  nav.append(...VIEWS.filter(view => !view.hidden).map(view =>
    el('a', {href: `#/${view.name}`, 'data-view': view.name}, view.title)));
  if (!api.hasToken()) {
    setState('away', 'No token in the address.');
    main.replaceChildren(el('div', {class: 'view'}, empty(
      'This page needs its token',
      'Open the whole address that nova local or nova console has printed.',
      'It ends with #token=… and nova status does not show it.')));
    addEventListener('hashchange', () => location.reload());
    return;
  }
  addEventListener('hashchange', () => {
    api.takeToken();
    show().then(() => main.focus({preventScroll: true}));
  });
  show();
  watch();
}

start();
