// SPDX-License-Identifier: Apache-2.0
// Upgrade paths as a graph, and the integrity of packages.
import { h, s, badge, counted, time, facts, empty, scroller, table, title } from './dom.js';
import { patch } from './patch.js';

const kBox = { width: 190, height: 58, gapX: 130, gapY: 22 };
const phone = matchMedia('(max-width: 640px)');

// Side by side: a column for each distance from the start.
function sideBySide(columns) {
  const place = [];
  const tallest = Math.max(...columns.map((column) => column.length));
  const height = tallest * (kBox.height + kBox.gapY) + 20;
  columns.forEach((column, x) => column.forEach((index, y) => {
    const free = height - column.length * (kBox.height + kBox.gapY);
    place[index] = { x: 10 + x * (kBox.width + kBox.gapX), y: free / 2 + y * (kBox.height + kBox.gapY) + 10 };
  }));
  const curve = (from, to) => {
    const x1 = from.x + kBox.width; const y1 = from.y + kBox.height / 2; const x2 = to.x - 9; const y2 = to.y + kBox.height / 2;
    return `M${x1},${y1} C${x1 + kBox.gapX / 2},${y1} ${x2 - kBox.gapX / 2},${y2} ${x2},${y2}`;
  };
  return { place, curve, height, width: columns.length * (kBox.width + kBox.gapX) - kBox.gapX + 20 };
}

// On a narrow screen, all below each other.
function stacked(columns) {
  const place = [];
  columns.flat().forEach((index, y) => { place[index] = { x: 2, y: y * (kBox.height + kBox.gapY) + 10 }; });
  const curve = (from, to) => {
    const x = from.x + kBox.width; const y1 = from.y + kBox.height / 2; const y2 = to.y + kBox.height / 2;
    const out = x + Math.min(66, 22 + 0.22 * Math.abs(y2 - y1));
    return `M${x},${y1} C${out},${y1} ${out},${y2} ${x + 9},${y2}`;
  };
  return { place, curve, height: place.length * (kBox.height + kBox.gapY) + 10, width: kBox.width + 58 };
}

// Nodes by their distance from the start, edges as curves.
function graph(item) {
  const { nodes, edges } = item.paths;
  const rank = nodes.map(() => 0);
  for (let round = 0; round < nodes.length; round += 1) for (const edge of edges) rank[edge.to] = Math.max(rank[edge.to], rank[edge.from] + 1);
  const columns = [];
  nodes.forEach((node, index) => { (columns[rank[index]] ||= []).push(index); });
  const { place, curve, height, width } = phone.matches ? stacked(columns) : sideBySide(columns);
  return scroller(`Graph of the upgrade paths of ${nameOf(item)}`, s('svg', { class: 'graph', viewBox: `0 0 ${width} ${height}`, style: { minWidth: `${Math.min(width, 640)}px`, maxWidth: `${width}px` }, role: 'img', 'aria-label': 'Upgrade paths; the table below lists them' },
    s('defs', {}, ['proven', 'unproven'].map((kind) => s('marker', { id: `tip-${kind}`, viewBox: '0 0 10 10', refX: 1, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' },
      s('path', { class: `tip-${kind}`, d: 'M0,0 L10,5 L0,10 z' })))),
    edges.map((edge) => s('path', { class: `edge ${edge.proven ? 'proven' : 'unproven'}`, d: curve(place[edge.from], place[edge.to]), 'marker-end': `url(#tip-${edge.proven ? 'proven' : 'unproven'})` }, s('title', {}, edge.why))),
    nodes.map((node, index) => s('g', { transform: `translate(${place[index].x},${place[index].y})` },
      s('rect', { class: `box ${node.kind} ${node.name === item.version ? 'goal' : ''}`, width: kBox.width, height: kBox.height, rx: 9 }),
      s('text', { x: 14, y: 24 }, node.name.length > 24 ? `${node.name.slice(0, 23)}…` : node.name, s('title', {}, node.name)),
      s('text', { class: 'sub', x: 14, y: 43 }, node.databases.length ? counted(node.databases.length, 'database') : node.kind === 'empty' ? 'a fresh deploy' : node.migrations ? counted(node.migrations, node.name === 'next' ? 'newer migration' : 'migration') : '', node.databases.length > 0 && s('title', {}, node.databases.join(', ')))))));
}

function sample(kind) {
  return s('svg', { class: 'graph sample', 'aria-hidden': 'true', viewBox: '0 0 34 10' }, s('line', { class: `edge ${kind}`, x1: 0, x2: 34, y1: 5, y2: 5 }));
}

function nameOf(item) { return item.project || 'This project'; }

export function paths(state) {
  const node = h('div');
  let last = state;
  function update(newest) {
    last = newest;
    const shown = newest.packages.packages.map((item) => h('section', { class: 'card', key: item.project },
      h('div', { class: 'head' }, h('h2', { style: { margin: 0 } }, nameOf(item)), item.version && h('span', { class: 'muted' }, item.version)),
      item.paths.nodes.length === 0 ? empty(item.error ? item.error.message : 'There is no release package: ballast release create VERSION makes one, with its upgrade paths.', item.error)
        : [graph(item), h('p', { class: 'legend' }, h('span', {}, sample(''), 'proven: replayed and compared'), h('span', {}, sample('unproven'), 'not proven')),
          table(`Upgrade paths of ${nameOf(item)}`, ['From', 'To', 'Proof', 'Why', 'Databases there'].map((text) => title(text)),
            h('tbody', {}, item.paths.edges.map((edge) => h('tr', {}, h('td', { 'data-label': 'From' }, item.paths.nodes[edge.from].name), h('td', { 'data-label': 'To' }, item.paths.nodes[edge.to].name),
              h('td', {}, badge(edge.proven ? 'ok' : 'unproven', edge.proven ? 'Proven' : 'Not proven')), h('td', { class: 'muted wide' }, edge.why),
              h('td', { 'data-label': 'Databases there' }, item.paths.nodes[edge.from].databases.slice(0, 5).join(', '), item.paths.nodes[edge.from].databases.length > 5 ? ' …' : '')))))]));
    patch(node, shown.length ? shown : empty('Nothing is known yet.'));
  }
  update(state);
  phone.onchange = () => update(last);
  return { node: [h('h1', {}, 'Upgrade paths'), h('p', { class: 'lead' }, 'From where a deploy of the package can start, and what was proven of it.'), node], update };
}

export function packages(state) {
  const node = h('div', { class: 'columns' });
  function update(newest) {
    const shown = newest.packages.packages.map((item) => h('section', { class: 'card', key: item.project },
      h('div', { class: 'head' }, h('h2', { style: { margin: 0 } }, nameOf(item)), badge(!item.intact ? 'failed' : item.present ? 'ok' : 'loading', !item.intact ? 'Not intact' : item.present ? 'Intact' : 'No package')),
      item.error && h('p', { class: 'remedy', role: 'alert', key: 'error' }, `${item.error.message} (${item.error.code})`, item.error.hint && h('div', { class: 'muted' }, item.error.hint)),
      !item.present && !item.error && h('p', { class: 'muted' }, `There is no release package in ${item.folder}.`),
      item.version && facts([
        ['Version', item.version], ['Made', time(item.generated_at)], ['Folder', h('code', {}, item.folder)],
        ['Migrations', `${item.migration_count} → 1, up to ${item.baseline_includes_up_to}`],
        ['Baseline', counted(item.baseline_lines, 'line')], ['Files', `${item.files}, each byte compared with the manifest`],
        ['Fingerprint', h('code', {}, (item.fingerprint || '').slice(0, 32))],
        ['Proven', item.proof.servers.length ? `${item.proof.compared.join(', ')} on PostgreSQL ${item.proof.servers.join(', ')}` : null],
        ['Hotfixes', item.hotfixes.join(', ')], ['Not proven', item.unproven_hotfixes.join(', ')],
        ['Signed', item.sealed_by ? `with key ${item.sealed_by}` : 'no'], ['Commit', item.commit && h('code', {}, item.commit.slice(0, 12))], ['Made by', item.tool],
        ['Not covered', item.newer_migrations.length ? `${counted(item.newer_migrations.length, 'newer migration')}: ${item.newer_migrations.slice(0, 6).join(', ')}${item.newer_migrations.length > 6 ? ' …' : ''}` : 'nothing'],
        ['Checked', time(item.looked_at)]])));
    patch(node, shown.length ? shown : empty('Nothing is known yet.'));
  }
  update(state);
  return { node: [h('h1', {}, 'Packages'), h('p', { class: 'lead' }, 'Every byte is checked at each observation.'), node], update };
}
