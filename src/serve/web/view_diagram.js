// SPDX-License-Identifier: Apache-2.0
// The catalog of a database as an entity diagram: searched, zoomed, and moved by mouse, touch and keys.
import { h, s, counted } from './dom.js';
import { patch, setText } from './patch.js';

const kWidth = 250;
const kRow = 19;
const kTitle = 30;
const kGapX = 110;
const kGapY = 34;
const kMaxRows = 14;
const kMaxHeight = 2200;
const kReadable = 0.7; // the smallest scale on a phone
const kNotSeen = ['unreachable', 'blocked', 'error']; // states of a database whose last catalog is kept
const phone = matchMedia('(max-width: 640px)');

const idOf = (table) => `${table.schema}.${table.name}`;
const heightOf = (table) => kTitle + Math.min(table.columns.length, kMaxRows + 1) * kRow + 8;

// Tables in columns, what others refer to before what refers to it, and the tables without references.
function ranked(tables, references) {
  const byId = new Map(tables.map((table) => [idOf(table), table]));
  const links = references.filter((r) => r.from !== r.to && byId.has(r.from) && byId.has(r.to));
  const rank = new Map(tables.map((table) => [idOf(table), 0]));
  for (let round = 0, moved = true; moved && round < 12; round += 1) { // circles end by the limit
    moved = false;
    for (const { from, to } of links) {
      if (rank.get(from) <= rank.get(to) && rank.get(to) < 11) { rank.set(from, rank.get(to) + 1); moved = true; }
    }
  }
  // A table that refers to none comes next to those that refer to it.
  const refers = new Set(links.map((r) => r.from));
  for (const table of tables.map(idOf).filter((id) => !refers.has(id))) {
    const near = links.filter((r) => r.to === table).map((r) => rank.get(r.from));
    if (near.length) rank.set(table, Math.max(0, Math.min(...near) - 1));
  }
  const linked = new Set(links.flatMap((r) => [r.from, r.to]));
  const columns = [];
  for (const table of tables.filter((t) => linked.has(idOf(t)))) (columns[rank.get(idOf(table))] ||= []).push(table);
  const order = new Map();
  const note = (column) => column.forEach((table, index) => order.set(idOf(table), index / column.length));
  const filled = columns.filter(Boolean);
  filled.forEach(note);
  for (let round = 0; round < 4; round += 1) {
    for (const column of filled) {
      const middle = new Map(column.map((table) => {
        const near = links.flatMap((r) => (r.from === idOf(table) ? [r.to] : r.to === idOf(table) ? [r.from] : [])).map((id) => order.get(id));
        return [table, near.length ? near.reduce((a, b) => a + b, 0) / near.length : 0.5];
      }));
      column.sort((a, b) => middle.get(a) - middle.get(b));
      note(column);
    }
  }
  return { columns: filled, single: tables.filter((table) => !linked.has(idOf(table))) };
}

// On a phone: one below the other.
function stacked({ columns, single }) {
  const place = new Map();
  let y = 0;
  for (const table of [...columns.flat(), ...single]) {
    place.set(idOf(table), { x: 0, y });
    y += heightOf(table) + kGapY;
  }
  return { place, width: kWidth + (columns.length ? 40 : 0), height: Math.max(0, y - kGapY) }; // references bend at the right
}

function sideBySide({ columns, single }) {
  const place = new Map();
  let x = 0;
  let tallest = 0;
  for (const column of columns) {
    let y = 0;
    for (const table of column) {
      if (y > kMaxHeight) { x += kWidth + kGapX / 2; y = 0; }
      place.set(idOf(table), { x, y });
      y += heightOf(table) + kGapY;
      tallest = Math.max(tallest, y);
    }
    x += kWidth + kGapX;
  }
  // Tables without references: rows below.
  let left = 0;
  let top = tallest + (tallest ? 40 : 0);
  let row = 0;
  let widest = 0;
  const width = Math.max(x, 4 * (kWidth + 40));
  for (const table of single) {
    if (left + kWidth > width) { left = 0; top += row + kGapY; row = 0; }
    place.set(idOf(table), { x: left, y: top });
    widest = Math.max(widest, left + kWidth);
    left += kWidth + 40;
    row = Math.max(row, heightOf(table));
  }
  return { place, width: Math.max(x - kGapX, kWidth, widest), height: single.length > 0 ? top + row : Math.max(0, tallest - kGapY) };
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function entity(table, { x, y }) {
  const shown = table.columns.slice(0, kMaxRows);
  const rest = table.columns.length - shown.length;
  const name = table.schema === 'public' ? table.name : idOf(table);
  return s('g', { class: 'entity', key: idOf(table), transform: `translate(${x},${y})`, 'data-id': idOf(table) },
    s('title', {}, `${table.kind} ${name}${table.comment ? `: ${table.comment}` : ''}`),
    s('rect', { class: 'frame', width: kWidth, height: heightOf(table), rx: 8 }),
    s('path', { class: 'titlebar', d: `M0,${kTitle} h${kWidth}`, stroke: 'currentColor', opacity: 0.15 }),
    s('text', { class: 'title', x: 12, y: 20 }, cut(name, 30)),
    shown.map((column, index) => [
      s('text', { class: column.key ? 'key' : null, x: 12, y: kTitle + 15 + index * kRow }, cut(column.name, 19)),
      s('text', { class: 'type', x: kWidth - 12, y: kTitle + 15 + index * kRow, 'text-anchor': 'end' }, cut(column.type.replace('timestamp(3) without time zone', 'timestamp(3)').replace('character varying', 'varchar').replace('double precision', 'double'), 15) + (column.not_null ? '' : '?')),
    ]),
    rest > 0 && s('text', { class: 'type', x: 12, y: kTitle + 15 + kMaxRows * kRow }, `and ${counted(rest, 'more column')}`));
}

function reference(item, place, tables) {
  const from = place.get(item.from);
  const to = place.get(item.to);
  if (!from || !to) return null;
  const row = (id, name) => {
    const index = tables.get(id).columns.findIndex((column) => column.name === name);
    return kTitle + 11 + Math.min(Math.max(index, 0), kMaxRows) * kRow;
  };
  const y1 = from.y + row(item.from, item.columns[0]);
  const y2 = to.y + row(item.to, item.to_columns[0]);
  const backward = from.x > to.x;
  const x1 = backward ? from.x : from.x + kWidth;
  const x2 = backward || from.x === to.x ? to.x + kWidth : to.x;
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  const path = `M${x1},${y1} C${x1 + (backward ? -bend : bend)},${y1} ${x2 + (backward || from.x === to.x ? bend : -bend)},${y2} ${x2},${y2}`;
  return s('path', { class: 'reference', d: path, 'data-from': item.from, 'data-to': item.to }, s('title', {}, `${item.name}: ${item.from} (${item.columns.join(', ')}) → ${item.to} (${item.to_columns.join(', ')})`));
}

export function diagram(state, name, more) {
  let shown = ''; // the catalog as text
  let tables = [];
  let byId = new Map();
  let area = { place: new Map(), width: 0, height: 0 };
  const view = { x: 0, y: 0, scale: 1, isFitted: true }; // until somebody moves it
  const choose = h('select', { 'aria-label': 'Database', onchange: () => { location.hash = `#/diagram/${encodeURIComponent(choose.value)}`; } });
  const stage = s('g', {});
  const svg = s('svg', { class: 'diagram graph', tabindex: 0, role: 'application' }, stage);
  const note = h('p', { class: 'empty' });
  const stale = h('p', { class: 'stale', role: 'status' });

  const put = () => stage.setAttribute('transform', `translate(${view.x},${view.y}) scale(${view.scale})`);
  const move = (to) => { Object.assign(view, to, { isFitted: false }); put(); };
  const box = () => svg.getBoundingClientRect();
  function zoom(factor, atX = box().width / 2, atY = box().height / 2) {
    const scale = Math.min(3, Math.max(0.04, view.scale * factor));
    move({ x: atX - ((atX - view.x) * scale) / view.scale, y: atY - ((atY - view.y) * scale) / view.scale, scale });
  }
  // Everything; on a phone as much of it as can be read.
  function fit() {
    if (tables.length === 0) return;
    const { width: w, height: hh } = box();
    const scale = Math.max(phone.matches ? kReadable : 0, Math.min(1.1, (w - 40) / area.width, (hh - 40) / area.height));
    move({ scale, x: (w - area.width * scale) / 2, y: Math.max(20, (hh - area.height * scale) / 2) });
    view.isFitted = true;
  }
  function showTable(id) {
    const at = area.place.get(id);
    const scale = Math.max(view.scale, 0.85);
    move({ scale, x: box().width / 2 - (at.x + kWidth / 2) * scale, y: box().height / 2 - (at.y + heightOf(byId.get(id)) / 2) * scale });
  }
  svg.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.clientX - box().left, event.clientY - box().top);
  }, { passive: false });
  const pointers = new Map();
  svg.addEventListener('pointerdown', (event) => { svg.setPointerCapture(event.pointerId); pointers.set(event.pointerId, event); });
  svg.addEventListener('pointermove', (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    if (pointers.size === 2) {
      const other = [...pointers.values()].find((p) => p.pointerId !== event.pointerId);
      const far = (p) => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
      zoom(far(event) / Math.max(1, far(last)), (event.clientX + other.clientX) / 2 - box().left, (event.clientY + other.clientY) / 2 - box().top);
    } else {
      move({ x: view.x + event.clientX - last.clientX, y: view.y + event.clientY - last.clientY });
    }
    pointers.set(event.pointerId, event);
  });
  for (const end of ['pointerup', 'pointercancel']) svg.addEventListener(end, (event) => pointers.delete(event.pointerId));
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) move({ x: view.x + step[0], y: view.y + step[1] }); else if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8); else if (event.key === '0') fit(); else return;
    event.preventDefault();
  });

  const found = h('span', { class: 'count', role: 'status' });
  const list = h('ul', { class: 'mono', style: { columns: '240px', padding: '0 0 0 18px', margin: 0 } });
  // Marks and lists what fits the search; returns the ids, the best one first.
  function mark() {
    const text = input.value.trim().toLowerCase();
    const hits = new Set(!text ? [] : tables.filter((table) => idOf(table).toLowerCase().includes(text) || table.columns.some((column) => column.name.toLowerCase().includes(text))).map(idOf));
    for (const node of stage.querySelectorAll('.entity')) {
      node.classList.toggle('found', hits.has(node.dataset.id));
      node.classList.toggle('dim', text !== '' && !hits.has(node.dataset.id));
    }
    for (const node of stage.querySelectorAll('.reference')) node.classList.toggle('found', hits.has(node.dataset.from) && text !== '');
    setText(found, text ? `${hits.size} of ${counted(tables.length, 'table')}` : counted(tables.length, 'table'));
    patch(list, tables.filter((table) => !text || hits.has(idOf(table))).map((table) => h('li', { key: idOf(table) },
      h('button', { type: 'button', class: 'link', onclick: () => { showTable(idOf(table)); svg.focus(); } }, table.schema === 'public' ? table.name : idOf(table)), h('span', { class: 'muted' }, ` ${counted(table.columns.length, 'column')}`))));
    return [...hits].sort((a, b) => b.toLowerCase().split('.')[1].startsWith(text) - a.toLowerCase().split('.')[1].startsWith(text));
  }
  function search() {
    const [best] = mark();
    if (best) showTable(best); else if (input.value.trim() === '') fit();
  }
  const input = h('input', { type: 'search', placeholder: 'Find a table or a column', 'aria-label': 'Find a table or a column', oninput: search });

  function draw(catalog) {
    tables = catalog?.tables || [];
    byId = new Map(tables.map((table) => [idOf(table), table]));
    const ranks = ranked(tables, catalog?.references || []);
    area = phone.matches ? stacked(ranks) : sideBySide(ranks);
    svg.style.maxHeight = `${Math.max(320, area.height * 1.1 + 120)}px`; // no empty space around a few tables
    svg.toggleAttribute('hidden', tables.length === 0);
    note.hidden = tables.length > 0;
    setText(note, catalog?.tables ? 'This database has no tables.' : 'The catalog of this database is not known yet.');
    svg.setAttribute('aria-label', `Entity diagram with ${counted(tables.length, 'table')}. Arrow keys move it, plus and minus zoom. The list below has the same tables.`);
    patch(stage, (catalog?.references || []).map((item) => reference(item, area.place, byId)), tables.map((table) => entity(table, area.place.get(idOf(table)))));
    mark();
    if (view.isFitted) fit();
  }
  function update(newest, loaded) {
    patch(choose, newest.overview.databases.map((item) => h('option', { value: item.name, selected: item.name === loaded.name }, item.name)));
    const chosen = newest.overview.databases.find((item) => item.name === loaded.name);
    stale.hidden = !loaded.catalog?.tables || !kNotSeen.includes(chosen?.state);
    setText(stale, 'This database cannot be observed now: the diagram shows its catalog as it was last seen.');
    const text = JSON.stringify([phone.matches, loaded.catalog]);
    if (text === shown) return;
    shown = text;
    more = loaded;
    draw(loaded.catalog);
  }
  phone.onchange = () => update(state, more);
  const button = (label, title, act) => h('button', { type: 'button', 'aria-label': title, title, onclick: act }, label);
  return {
    node: [h('h1', { class: 'visually-hidden' }, 'Diagram'), h('section', { class: 'card flush', 'aria-label': 'Entity diagram' },
      h('div', { class: 'tools' }, choose, input, found, button('−', 'Zoom out', () => zoom(0.8)), button('+', 'Zoom in', () => zoom(1.25)), button('Fit', 'Fit the screen', fit)),
      stale, svg, note),
    h('section', { class: 'card' }, h('h2', {}, 'Tables'), list)],
    ready: () => update(state, more), // its size is that in the page
    update,
  };
}
diagram.load = async (get, name, state) => {
  const chosen = name || state.overview.databases[0]?.name;
  if (!chosen) return { name: '', catalog: null };
  return { name: chosen, catalog: await get(`api/v1/databases/${encodeURIComponent(chosen)}/catalog`) };
};
