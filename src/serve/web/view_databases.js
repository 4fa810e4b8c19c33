// SPDX-License-Identifier: Apache-2.0
// Databases × releases at a glance, and one database in detail.
import { h, badge, words, counted, duration, time, ago, sentence, facts, empty, scroller, title } from './dom.js';
import { patch, patchNode, setText } from './patch.js';
import { runTable } from './view_runs.js';
import { linePlot } from './plots.js';

const kGroups = [
  ['ready', 'Ready', 'good', (d) => d.ready],
  ['behind', 'Behind', 'warn', (d) => ['behind', 'fresh', 'other_ledger'].includes(d.state)],
  ['drifted', 'Drifted', 'bad', (d) => d.state === 'drifted'],
  ['failed', 'Failed', 'bad', (d) => ['failed', 'foreign', 'unknown'].includes(d.state)],
  ['unreachable', 'Unreachable', 'bad', (d) => d.state === 'unreachable'],
  ['error', 'Not observed', 'bad', (d) => ['blocked', 'error'].includes(d.state)],
];
const kColumns = 7;
const filter = { text: '', group: null };

// What needs somebody first.
const kUrgency = ['failed', 'drifted', 'unreachable', 'error', 'blocked', 'unknown', 'foreign', 'behind', 'fresh', 'other_ledger', 'loading'];
const collator = new Intl.Collator('en', { numeric: true }); // tenant-2 before tenant-10
const urgency = (item) => { const at = kUrgency.indexOf(item.state); return at < 0 ? kUrgency.length : at; };
const byName = (a, b) => collator.compare(a.name, b.name);
const kOrders = {
  name: byName,
  state: (a, b) => urgency(a) - urgency(b) || collator.compare(a.group || '', b.group || ''),
  waits: (a, b) => collator.compare(a.waits_for || '', b.waits_for || ''),
  drift: (a, b) => (b.drift ?? -1) - (a.drift ?? -1),
  additions: (a, b) => (b.additions ?? -1) - (a.additions ?? -1),
  observed: (a, b) => b.took_ms - a.took_ms,
};
const sorting = { column: 'state', reversed: false };

function sorted(items) {
  const order = kOrders[sorting.column];
  return [...items].sort((a, b) => (sorting.reversed ? -order(a, b) : order(a, b)) || byName(a, b));
}

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

// Why drift and additions are not known.
function whyUnknown(item) {
  if (['unreachable', 'blocked', 'error'].includes(item.state)) return 'the last observation failed';
  if (!item.looked_at) return 'it was not observed yet';
  return 'no proven state is known to compare the database with';
}

// Empty for zero; a question mark where the number is not known.
function number(count, item) {
  return count === null ? h('span', { class: 'muted', title: `not known: ${whyUnknown(item)}` }, '?') : count || '';
}

function row(item, releases) {
  return h('tr', { 'data-name': item.name, 'data-state': item.state },
    h('td', { class: 'name' }, h('a', { href: `#/database/${encodeURIComponent(item.name)}` }, item.name),
      item.group && h('span', { class: 'muted' }, item.group)),
    h('td', {}, badge(item.state), h('span', { class: 'place' }, route(item))),
    releases.map((release) => releaseCell(item, release)),
    h('td', { class: 'waits wide', 'data-label': 'Waits for' }, sentence(item.waits_for || 'nothing')),
    h('td', { class: 'number', 'data-label': 'Drift' }, number(item.drift, item)),
    h('td', { class: 'number', 'data-label': 'Additions' }, number(item.additions, item)),
    h('td', { class: 'number', 'data-label': 'Observed in' }, item.looked_at ? duration(item.took_ms) : ''));
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
    setText(count, shown === all ? counted(all, 'database') : `${shown} of ${counted(all, 'database')}`);
    none.hidden = shown > 0;
    setText(none, all === 0 ? 'No database is watched.' : 'No database fits the filter.');
  }

  function sortable(column, text, kind) {
    const here = sorting.column === column;
    return h('th', { class: kind, scope: 'col', 'aria-sort': here ? (sorting.reversed ? 'descending' : 'ascending') : null, key: column },
      h('button', { type: 'button', class: 'sort', onclick: () => {
        sorting.reversed = sorting.column === column && !sorting.reversed;
        sorting.column = column;
        update(data);
      } }, text));
  }

  function drawTiles() {
    const all = data.overview.databases;
    const tile = (name, text, tone, number) => h('button', {
      type: 'button', class: `tile ${number > 0 ? tone : ''}`, 'aria-pressed': String(filter.group === name), key: name,
      onclick: () => { filter.group = filter.group === name ? null : name; update(data); },
    }, h('b', {}, number.toLocaleString('en')), h('span', {}, text));
    patch(tiles, tile(null, 'Databases', '', all.length), kGroups.map(([name, text, tone, test]) => tile(name, text, tone, all.filter(test).length)));
  }

  function update(newest) {
    data = newest;
    const releases = releasesOf(data.packages?.packages);
    const columns = releases.join('\n');
    patch(head, sortable('name', 'Database', 'name'), sortable('state', 'State'), releases.map((name) => title(name, 'release')),
      sortable('waits', 'Waits for'), sortable('drift', 'Drift', 'number'), sortable('additions', 'Additions', 'number'), sortable('observed', 'Observed in', 'number'));
    const names = new Set();
    let at = body.firstChild;
    for (const item of sorted(data.overview.databases)) { // only rows that changed are made again
      names.add(item.name);
      const text = JSON.stringify([columns, { ...item, looked_at: item.looked_at && 1, took_ms: Math.round(Math.log2(item.took_ms + 1)) }]);
      const known = rows.get(item.name);
      const node = known ? known.node : row(item, releases);
      if (known && known.text !== text) patchNode(node, row(item, releases));
      if (node === at) at = at.nextSibling; else body.insertBefore(node, at);
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
        scroller('Table of databases', h('table', { class: 'stacked' }, h('caption', { class: 'visually-hidden' },
          'Databases with their state, the release that each is at, and what each waits for'), h('thead', {}, head), body)), none),
      h('p', { class: 'legend releases' }, h('span', {}, '● where the database is'), h('span', {}, '○ where a deploy brings it'))],
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

function differences(heading, lead, item, list, open) {
  if (list === null) {
    return h('section', { class: 'card', key: heading }, h('h2', {}, heading), h('p', { class: 'muted' }, `Not known: ${whyUnknown(item)}.`));
  }
  return h('section', { class: 'card', key: heading },
    h('h2', {}, `${heading} (${list.length})`), h('p', { class: 'lead' }, lead),
    list.length === 0 ? h('p', { class: 'muted' }, 'None.') : list.map((one) => h('details', { class: 'difference', open: open && list.length <= 5, key: one.object, 'data-object': one.object },
      h('summary', {}, badge(one.change === 'extra' ? 'ahead' : 'drifted', words(one.change)), h('span', {}, one.words)), sides(one))));
}

function names(heading, list) {
  return list && list.length > 0 && [h('h3', {}, `${heading} (${list.length})`), h('ul', { class: 'mono' }, list.map((name) => h('li', {}, name)))];
}

const isKnown = (sample) => [sample.drift, sample.additions, sample.pending].some((value) => value !== null);

function whySampleUnknown(samples) {
  return samples.every((sample) => !sample.reachable) ? 'the database did not answer' : 'the database could not be observed';
}

export function database(state, name, more) {
  const node = h('div');
  const runs = runTable(false);
  const ofRuns = h('section', { class: 'card flush' }, h('div', { class: 'tools' }, h('h2', {}, 'Runs')), runs.node);
  let plot = null; // {chart, samples}

  function drawPlot(samples) {
    plot?.chart.destroy();
    const canvas = node.querySelector('canvas');
    plot = canvas && { chart: linePlot(canvas, samples), samples };
  }

  function update(newest, loaded) {
    ofRuns.hidden = !loaded.item;
    if (ofRuns.hidden) {
      patch(node, empty(`There is no database called ${name}.`, true));
      return;
    }
    const { item, samples } = loaded;
    const first = !node.firstChild;
    runs.update((newest.runs?.runs || []).filter((run) => run.name === name));
    patch(node,
      h('div', { class: 'card' },
        h('div', { class: 'head' }, h('h1', {}, item.name), badge(item.state), item.group && h('span', { class: 'muted' }, item.group), h('span', { class: 'grow' }),
          h('a', { href: `#/diagram/${encodeURIComponent(name)}` }, 'Diagram')),
        h('p', { class: 'lead' }, item.error ? 'The last observation failed.' : item.reasons.length ? `Not ready: ${item.reasons.join('; ')}.` : 'Nothing is pending.'),
        item.error && h('p', { class: 'remedy', role: 'alert', key: 'error' }, `${item.error.message} (${item.error.code})`, item.error.hint && h('div', { class: 'muted' }, item.error.hint)),
        item.lock_wait && !item.error && h('p', { class: 'remedy' }, `As it was ${ago(item.looked_at)}: ${item.lock_wait}.`),
        item.refusal && h('p', { class: 'remedy' }, `A deploy would refuse: ${item.refusal.message} (${item.refusal.code})`),
        item.remedies.length > 0 && h('div', { class: 'remedy' }, item.remedies.map((remedy) => h('div', {}, sentence(remedy))))),
      h('div', { class: 'columns' },
        h('section', { class: 'card' }, h('h2', {}, 'State'), facts([
          ['Server', `${item.target.host}:${item.target.port}${item.target.server_version ? `, PostgreSQL ${item.target.server_version}` : ''}`],
          ['Database', item.target.database], ['Schema', item.target.schema], ['Role', item.target.role],
          ['Strategy', item.strategy], ['Release', item.release], ['Recorded', item.recorded],
          ['Expected', item.fingerprint.expected && h('code', {}, item.fingerprint.expected.slice(0, 16))],
          ['Actual', item.fingerprint.actual && h('code', {}, item.fingerprint.actual.slice(0, 16))],
          ['Last observation', item.looked_at ? `${time(item.looked_at)} (${duration(item.took_ms)})` : 'not yet']]),
        names('Pending migrations', item.pending), names('Failed migrations', item.failed), names('Unknown migrations', item.unknown)),
        h('section', { class: 'card' }, h('h2', {}, 'Over time'),
          samples.length > 1 && !samples.some(isKnown) ? h('p', { class: 'muted' }, `Nothing was known during the last ${counted(samples.length, 'sample')}: ${whySampleUnknown(samples)}.`)
            : samples.length > 1 ? h('div', { class: 'chart small' }, h('canvas', { role: 'img', 'aria-label': 'Drift, additions and pending migrations over time' })) : h('p', { class: 'muted' }, 'There are no samples yet.'))),
      differences('Drift', 'Objects of the release that are missing or changed.', item, item.drift, first),
      differences('Additions', 'Objects that the release does not manage. A deploy does not change them.', item, item.additions, false));
    if (JSON.stringify(samples) !== JSON.stringify(plot?.samples)) drawPlot(samples);
  }

  return { node: [node, ofRuns], ready: () => update(state, more), update, recolor: () => plot && drawPlot(plot.samples) };
}
database.load = async (get, name) => {
  const path = `api/v1/databases/${encodeURIComponent(name)}`;
  const [item, samples] = await Promise.all([get(path), get(`${path}/samples`)]);
  return { item, samples: samples ? samples.samples : [] };
};
