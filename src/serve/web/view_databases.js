// SPDX-License-Identifier: Apache-2.0
// Databases × releases at a glance, and one database in detail.
import { h, badge, words, counted, duration, time, ago, facts, empty } from './dom.js';
import { runTable } from './view_runs.js';
import { linePlot } from './plots.js';

const kGroups = [
  ['ready', 'Ready', 'good', (d) => d.ready],
  ['behind', 'Behind', 'warn', (d) => ['behind', 'fresh', 'other_ledger'].includes(d.state)],
  ['drifted', 'Drifted', 'bad', (d) => d.state === 'drifted'],
  ['failed', 'Failed', 'bad', (d) => ['failed', 'foreign', 'unknown'].includes(d.state)],
  ['unreachable', 'Unreachable', 'bad', (d) => ['unreachable', 'blocked', 'error'].includes(d.state)],
];
const kColumns = 7;
const filter = { text: '', group: null };

// The releases that get a column: the newest ones that a package knows.
function releasesOf(packages) {
  const names = [];
  for (const item of packages || []) {
    for (const node of item.paths.nodes) {
      if (node.kind === 'release' && !names.includes(node.name)) names.push(node.name);
    }
  }
  return names.slice(-kColumns);
}

// Where the rows of a database are: the name of a release, if they are of one.
function placeOf(item) {
  if (item.recorded && item.recorded.startsWith('release ')) return item.recorded.slice('release '.length);
  return item.recorded && ['current', 'drifted'].includes(item.state) ? item.release : null;
}

function releaseCell(item, release) {
  const here = placeOf(item) === release;
  const goal = item.release === release;
  const kind = here ? (goal ? 'here' : 'here behind') : goal ? 'goal' : '';
  const text = here ? `is at ${release}` : goal ? `goes to ${release}` : '';
  return h('td', { class: `release ${kind}`, title: text || null }, here ? '●' : goal ? '○' : '·',
    text && h('span', { class: 'visually-hidden' }, text));
}

// The same in words, for narrow screens.
function route(item) {
  const place = placeOf(item);
  if (!item.release) return '';
  return place === item.release ? place : `${place || '–'} → ${item.release}`;
}

// Empty for zero; a question mark where the database does not answer.
function number(count) {
  return count === null ? h('span', { class: 'muted', title: 'not known: the database does not answer' }, '?') : count || '';
}

function row(item, releases) {
  return h('tr', { 'data-name': item.name, 'data-state': item.state },
    h('td', { class: 'name' }, h('a', { href: `#/database/${encodeURIComponent(item.name)}` }, item.name),
      item.group && h('span', { class: 'muted' }, item.group)),
    h('td', {}, badge(item.state), h('span', { class: 'place' }, route(item))),
    releases.map((release) => releaseCell(item, release)),
    h('td', { class: 'waits' }, item.waits_for || 'nothing'),
    h('td', { class: 'number' }, number(item.drift)),
    h('td', { class: 'number optional' }, number(item.additions)),
    h('td', { class: 'number optional' }, item.looked_at ? duration(item.took_ms) : ''));
}

export function overview(state) {
  const tiles = h('div', { class: 'tiles', role: 'group', 'aria-label': 'Filter by state' });
  const body = h('tbody');
  const head = h('tr');
  const count = h('span', { class: 'count', role: 'status' });
  const none = h('p', { class: 'empty' });
  const search = h('input', {
    type: 'search', placeholder: 'Find a database', 'aria-label': 'Find a database', value: filter.text,
    oninput: () => { filter.text = search.value; apply(); },
  });
  const rows = new Map(); // name → {node, text}
  let data = state;

  function apply() {
    const searched = filter.text.trim().toLowerCase();
    const group = kGroups.find(([name]) => name === filter.group);
    let shown = 0;
    for (const item of data.overview.databases) {
      const text = `${item.name} ${item.group || ''} ${item.project || ''} ${item.release || ''}`.toLowerCase();
      const fits = text.includes(searched) && (!group || group[3](item));
      rows.get(item.name).node.hidden = !fits;
      if (fits) shown += 1;
    }
    const all = data.overview.databases.length;
    count.textContent = shown === all ? counted(all, 'database') : `${shown} of ${counted(all, 'database')}`;
    none.hidden = shown > 0;
    none.textContent = all === 0 ? 'No database is watched.' : 'No database fits the filter.';
  }

  function drawTiles() {
    const all = data.overview.databases;
    const tile = (name, title, tone, number) => h('button', {
      type: 'button', class: `tile ${number > 0 ? tone : ''}`, 'aria-pressed': String(filter.group === name), 'data-tile': name || 'all',
      onclick: () => { filter.group = filter.group === name ? null : name; update(data); },
    }, h('b', {}, number.toLocaleString('en')), h('span', {}, title));
    const focused = document.activeElement?.dataset?.tile;
    tiles.replaceChildren(tile(null, 'Databases', '', all.length),
      ...kGroups.map(([name, title, tone, test]) => tile(name, title, tone, all.filter(test).length)));
    if (focused) tiles.querySelector(`[data-tile="${focused}"]`)?.focus();
  }

  function update(newest) {
    data = newest;
    const releases = releasesOf(data.packages?.packages);
    const columns = releases.join('\n');
    if (head.dataset.columns !== columns) {
      head.dataset.columns = columns;
      head.replaceChildren(h('th', { class: 'name', scope: 'col' }, 'Database'), h('th', { scope: 'col' }, 'State'),
        ...releases.map((name) => h('th', { class: 'release', scope: 'col' }, name)),
        h('th', { scope: 'col' }, 'Waits for'), h('th', { class: 'number', scope: 'col' }, 'Drift'),
        h('th', { class: 'number optional', scope: 'col' }, 'Additions'), h('th', { class: 'number optional', scope: 'col' }, 'Look'));
      rows.clear();
      body.replaceChildren();
    }
    const names = new Set();
    for (const item of data.overview.databases) { // only rows that changed are made again
      names.add(item.name);
      const text = JSON.stringify({ ...item, looked_at: item.looked_at && 1, took_ms: Math.round(Math.log2(item.took_ms + 1)) });
      const known = rows.get(item.name);
      if (known && known.text === text) continue;
      const node = row(item, releases);
      if (known) known.node.replaceWith(node); else body.append(node);
      rows.set(item.name, { node, text });
    }
    for (const [name, { node }] of rows) if (!names.has(name)) { node.remove(); rows.delete(name); }
    drawTiles();
    apply();
  }

  update(state);
  return {
    node: [h('h1', { class: 'visually-hidden' }, 'Databases'), tiles,
      h('section', { class: 'card flush', 'aria-label': 'Databases' },
        h('div', { class: 'tools' }, search, count),
        h('div', { class: 'scroll' }, h('table', {}, h('caption', { class: 'visually-hidden' },
          'Databases with their state, the release that each is at, and what each waits for'), h('thead', {}, head), body), none)),
      h('p', { class: 'legend' }, h('span', {}, '● where the database is'), h('span', {}, '○ where a deploy brings it'))],
    update,
  };
}

function sides(item) {
  const lines = (text, other, mark) => {
    const known = new Set((other || '').split('\n'));
    return (text || '').trimEnd().split('\n')
      .map((line) => h('span', known.has(line) ? {} : { class: mark }, `${line}\n`));
  };
  return h('div', { class: 'sides' },
    h('div', {}, h('h3', {}, 'Proven'), item.expected ? h('pre', {}, lines(item.expected, item.actual, 'gone')) : h('p', { class: 'muted' }, 'It does not exist.')),
    h('div', {}, h('h3', {}, 'In the database'), item.actual ? h('pre', {}, lines(item.actual, item.expected, 'new')) : h('p', { class: 'muted' }, 'It does not exist.')));
}

function differences(title, lead, list, open) {
  if (list === null) {
    return h('section', { class: 'card' }, h('h2', {}, title), h('p', { class: 'muted' }, 'Unknown: the database does not answer.'));
  }
  return h('section', { class: 'card' },
    h('h2', {}, `${title} (${list.length})`), h('p', { class: 'lead' }, lead),
    list.length === 0 ? h('p', { class: 'muted' }, 'None.') : list.map((item) => h('details', { class: 'difference', open: open && list.length <= 5, 'data-object': item.object },
      h('summary', {}, badge(item.change === 'extra' ? 'ahead' : 'drifted', words(item.change)), h('span', {}, item.words)), sides(item))));
}

function names(title, list) {
  return list && list.length > 0 && [h('h3', {}, `${title} (${list.length})`), h('ul', { class: 'mono' }, list.map((name) => h('li', {}, name)))];
}

export function database(state, name, more) {
  const node = h('div');
  const chart = h('canvas', { role: 'img', 'aria-label': 'Drift, additions and pending migrations over time' });
  let plot = null;

  function draw(newest, loaded) {
    if (!loaded || !loaded.item) {
      node.replaceChildren(empty(`There is no database called ${name}.`, true));
      return;
    }
    const item = loaded.item;
    const opened = new Set([...node.querySelectorAll('details[open]')].map((d) => d.dataset.object));
    const first = !node.firstChild;
    const runs = (newest.runs?.runs || []).filter((run) => run.name === name);
    node.replaceChildren(
      h('div', { class: 'card' },
        h('div', { class: 'head' }, h('h1', {}, item.name), badge(item.state), item.group && h('span', { class: 'muted' }, item.group), h('span', { class: 'grow' }),
          h('a', { href: `#/diagram/${encodeURIComponent(name)}` }, 'Diagram')),
        h('p', { class: 'lead' }, item.error ? 'The last look failed.' : item.reasons.length ? `Not ready: ${item.reasons.join('; ')}.` : 'It waits for nothing.'),
        item.error && h('p', { class: 'remedy', role: 'alert' }, `${item.error.message} (${item.error.code})`, item.error.hint && h('div', { class: 'muted' }, item.error.hint)),
        item.lock_wait && !item.error && h('p', { class: 'remedy' }, `As it was ${ago(item.looked_at)}: ${item.lock_wait}.`),
        item.refusal && h('p', { class: 'remedy' }, `A deploy would refuse: ${item.refusal.message} (${item.refusal.code})`),
        item.remedies.length > 0 && h('div', { class: 'remedy' }, item.remedies.map((remedy) => h('div', {}, remedy)))),
      h('div', { class: 'columns' },
        h('section', { class: 'card' }, h('h2', {}, 'State'), facts([
          ['Server', `${item.target.host}:${item.target.port}${item.target.server_version ? `, PostgreSQL ${item.target.server_version}` : ''}`],
          ['Database', item.target.database], ['Schema', item.target.schema], ['Role', item.target.role],
          ['Strategy', item.strategy], ['Release', item.release], ['Recorded', item.recorded],
          ['Expected', item.fingerprint.expected && h('code', {}, item.fingerprint.expected.slice(0, 16))],
          ['Actual', item.fingerprint.actual && h('code', {}, item.fingerprint.actual.slice(0, 16))],
          ['Last look', item.looked_at ? `${time(item.looked_at)} (${duration(item.took_ms)})` : 'not yet']]),
        names('Pending migrations', item.pending), names('Failed migrations', item.failed), names('Unknown migrations', item.unknown)),
        h('section', { class: 'card' }, h('h2', {}, 'Over time'),
          loaded.samples.length > 1 ? h('div', { class: 'chart small' }, chart) : h('p', { class: 'muted' }, 'There are no samples yet.'))),
      differences('Drift', 'Objects of the release that are missing or changed.', item.drift, first),
      differences('Additions', 'Objects that the release does not manage. A deploy does not change them.', item.additions, false),
      h('section', { class: 'card flush' }, h('div', { class: 'tools' }, h('h2', {}, 'Runs')), runTable(runs, false)));
    for (const detail of node.querySelectorAll('details')) if (opened.has(detail.dataset.object)) detail.open = true;
    if (loaded.samples.length > 1) { plot?.destroy(); plot = linePlot(chart, loaded.samples); }
  }

  draw(state, more);
  return { node, update: draw };
}
database.load = async (get, name) => {
  const path = `api/v1/databases/${encodeURIComponent(name)}`;
  const [item, samples] = await Promise.all([get(path), get(`${path}/samples`)]);
  return { item, samples: samples ? samples.samples : [] };
};
