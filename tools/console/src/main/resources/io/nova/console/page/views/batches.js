// Batches: what became of each, its audit and late events, and changes where they are allowed.

import {answerTable, bytes, el, empty, failure, number, shown, sourceLines, stack, update} from '../dom.js';

const STEP_MILLIS = 3000;

const TASKS = {
  close: {
    title: 'Close the batch', button: 'Close', states: ['open'],
    text: 'A closed batch admits nothing more. Its events are complete in the table under its tag. All batches before it are closed too.',
  },
  complete: {
    title: 'Complete the batch', button: 'Complete', states: ['closed', 'withdrawn'],
    text: 'The batch layer has loaded the batch. Queries of events leave its rows out from then on.',
  },
  withdraw: {
    title: 'Withdraw the completion', button: 'Withdraw', states: ['completed'],
    text: 'Takes the completion back until the files of the batch are removed. The batch stays closed.',
  },
};

let view = null;

const time = text => (text ? text.slice(0, 19).replace('T', ' ') : '–');

class View {
  constructor(root, context) {
    this.context = context;
    this.api = context.api;
    this.trouble = el('div');
    this.list = el('div', null, el('p', {class: 'soft'}, 'Asking the store…'));
    this.detail = el('section', {class: 'card view', hidden: true, 'aria-live': 'polite'});
    this.dialog = el('dialog', {'aria-labelledby': 'dialog-title'});
    root.append(el('h1', null, 'Batches'), this.trouble, this.list, this.detail, this.dialog);
    this.list.addEventListener('click', event => this.clicked(event));
    this.ask();
  }

  async ask() {
    try {
      this.last = await this.api.get('/api/batches');
      this.draw();
    } catch (away) {
      if (!this.ended) {
        update(this.trouble, [failure(away.message)]);
      }
    }
    if (!this.ended) {
      this.timer = setTimeout(() => this.ask(), STEP_MILLIS);
    }
  }

  draw() {
    if (this.ended) {
      return;
    }
    const {batches, changes, sources} = this.last;
    update(this.trouble, [sourceLines(sources)]);
    if (batches.length === 0 && sources.some(source => source.error)) {
      update(this.list, [empty('The batches are not known', 'Not every part of the store answers. The reasons are above.')]);
      return;
    }
    update(this.list, [
      batches.length === 0
        ? empty('No batch is known', 'A batch holds the events of one UTC day of upload time.', 'The first one appears with the first event.')
        : this.table(batches, changes),
      el('p', {class: 'soft'}, changes
        ? 'This console may change batches. Each change asks first.'
        : 'This console is read only. To change batches, start it with: ./nova console --allow-changes'),
    ]);
  }

  table(batches, changes) {
    const heads = ['batch', 'state', 'events in the table', 'files', 'size', 'closed', 'completed', ''];
    return stack(el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Batches'}, el('table', null,
      el('caption', null, 'Newest first, times in UTC'),
      el('thead', null, el('tr', null, heads.map((name, i) =>
        el('th', {scope: 'col', class: i >= 2 && i <= 4 ? 'figure' : null}, name || el('span', {class: 'unseen'}, 'actions'))))),
      el('tbody', null, batches.map(one => el('tr', null,
        el('th', {scope: 'row'}, one.name),
        el('td', null, el('span', {class: 'chip', 'data-state': one.state}, one.state), one.forced ? ' by force' : ''),
        el('td', {class: 'figure'}, number(one.rows)), el('td', {class: 'figure'}, number(one.files)), el('td', {class: 'figure'}, bytes(one.bytes)),
        el('td', null, by(one.closedAt, one.closedBy)), el('td', null, by(one.completedAt, one.completedBy)),
        el('td', null, el('div', {class: 'row'},
          one.link ? button('audit', one, 'Audit') : null, one.link ? button('late', one, 'Late events') : null,
          changes ? Object.entries(TASKS).filter(([, task]) => task.states.includes(one.state)).map(([name, task]) =>
            button(name, one, `${task.button}…`)) : null))))))));
  }

  clicked(event) {
    const pressed = event.target.closest('button');
    if (!pressed) {
      return;
    }
    const batch = this.last.batches.find(one => one.name === pressed.dataset.batch);
    const task = pressed.dataset.task;
    if (task === 'audit') {
      this.audit(batch);
    } else if (task === 'late') {
      this.late(batch);
    } else {
      this.openDialog(task, batch);
    }
  }

  async report(heading, load) {
    this.detail.hidden = false;
    this.detail.replaceChildren(el('h2', null, heading), el('p', {class: 'soft'}, 'Reading…'));
    try {
      this.detail.replaceChildren(el('h2', null, heading), ...await load());
    } catch (reason) {
      this.detail.replaceChildren(el('h2', null, heading), failure(reason.message));
    }
    this.detail.scrollIntoView({block: 'nearest'});
  }

  audit(batch) {
    this.report(`Audit of batch ${batch.name}`, async () => {
      const found = await this.api.get(`/api/batches/audit?batch=${encodeURIComponent(batch.name)}`);
      return [
        el('p', null, `${number(found.rows)} events, digest `, el('code', null, found.digest)),
        answerTable([{name: 'app', type: ''}, {name: 'hour', type: ''}, {name: 'events', type: 'BIGINT'}, {name: 'digest', type: ''}],
          found.lines.map(line => [line.app, time(line.hour), line.rows, line.digest]), {caption: 'By app and hour of upload time'}),
      ];
    });
  }

  late(batch) {
    this.report(`Late events of batch ${batch.name}`, async () => {
      const found = await this.api.get(`/api/batches/late?batch=${encodeURIComponent(batch.name)}`);
      return found.count === 0
        ? [el('p', null, 'No event of this batch came too late.')]
        : [
          el('p', null, `${number(found.count)} events came after the close. The batch layer adds them.`),
          answerTable([{name: 'reason', type: ''}, {name: 'may be a copy', type: ''}, {name: 'upload time', type: ''}, {name: 'place', type: ''}],
            found.events.map(one => [one.reason, one.mayBeCopy ? 'yes' : 'no', time(one.uploadTime), `${one.topic}-${one.partition} at ${one.offset}`]),
            {caption: 'The first 500'}),
        ];
    });
  }

  openDialog(name, batch) {
    const task = TASKS[name];
    const force = el('input', {type: 'checkbox', name: 'force'});
    const forced = name === 'close'
      ? 'By force: do not wait for slow partitions.'
      : 'By force: the batch layer has not loaded it. Queries miss its rows.';
    const problem = el('div', {role: 'alert'});
    const confirm = el('button', {type: 'submit', class: 'main'}, task.button);
    const form = el('form', {method: 'dialog'},
      el('h2', {id: 'dialog-title'}, `${task.title} ${batch.name}`),
      el('p', null, task.text),
      batch.link ? el('dl', {class: 'facts'}, el('dt', null, 'closing link'), el('dd', {class: 'mono'}, batch.link)) : null,
      name === 'withdraw' ? null : el('label', {class: 'row'}, force, forced),
      problem,
      el('div', {class: 'row end'}, el('div', {class: 'row spread'},
        el('button', {type: 'button', onclick: () => this.dialog.close()}, 'Back'), confirm)));
    form.addEventListener('submit', async event => {
      event.preventDefault();
      confirm.disabled = true;
      confirm.textContent = 'Waiting for the job…';
      try {
        const body = {batch: batch.name, force: force.checked, link: batch.link || undefined};
        const done = await this.api.post(`/api/batches/${name}`, body);
        this.context.toast(`Batch ${done.batch}: ${done.state}. ${shown(done.detail)}`);
        this.dialog.close();
        clearTimeout(this.timer);
        this.ask();
      } catch (reason) {
        problem.replaceChildren(failure(reason.message));
        confirm.disabled = false;
        confirm.textContent = task.button;
      }
    });
    this.dialog.replaceChildren(form);
    this.dialog.showModal();
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }
}

function button(task, batch, text) {
  return el('button', {type: 'button', 'data-task': task, 'data-batch': batch.name, 'aria-label': `${text.replace('…', '')} batch ${batch.name}`}, text);
}

function by(at, who) {
  return at ? `${time(at)}${who ? ` by ${shown(who)}` : ''}` : '–';
}

export default {
  title: 'Batches',
  mount(root, context) {
    view = new View(root, context);
  },
  unmount() {
    view?.end();
    view = null;
  },
};
