// SPDX-License-Identifier: Apache-2.0
// Deploys over time with their stages, and key figures.
import { h, s, badge, words, counted, duration, time, facts, empty, table, title } from './dom.js';
import { patch, setText } from './patch.js';
import { stagePlot } from './plots.js';

const kBars = 40;

function placeOf(run) {
  return run.name || run.target?.database || run.project || '';
}

// Of a fleet: "8 applied, 4 nothing".
function targetsOf(run) {
  return Object.entries(run.targets || {}).filter(([, count]) => count > 0).map(([outcome, count]) => `${count} ${outcome.replaceAll('_', ' ')}`).join(', ');
}

function details(run) {
  const longest = Math.max(1, ...run.stages.map((stage) => stage.duration_ms), ...run.migrations.map((migration) => migration.duration_ms || 0));
  const bars = (list) => h('div', { class: 'stage' }, list.map((part) => [
    h('span', {}, part.name), h('i', { style: { width: `${Math.max(1, (100 * (part.duration_ms || 0)) / longest)}%` } }), h('span', { class: 'muted' }, duration(part.duration_ms))]));
  return h('div', { class: 'columns', style: { padding: '12px 16px' } },
    h('div', {}, facts([
      ['Run', h('code', {}, run.run)], ['Command', run.command], ['Outcome', run.outcome], ['Strategy', run.strategy], ['Found', run.found && words(run.found)],
      ['Release', run.release && (run.release_before ? `${run.release_before} → ${run.release}` : run.release)],
      ['Error', run.error && `${run.error.message} (${run.error.code})`],
      ['By', run.origin && [run.origin.user, run.origin.host].filter(Boolean).join(' at ')], ['Targets', targetsOf(run)], ['Round trips', run.round_trips]])),
    h('div', {}, run.stages.length > 0 && [h('h3', {}, 'Stages'), bars(run.stages)],
      run.migrations.length > 0 && [h('h3', {}, counted(run.migrations.length, 'migration')), bars(run.migrations.slice(0, 30))]));
}

function normal(run) {
  return { ...run, stages: run.stages || [], migrations: run.migrations || [] };
}

// A table of runs, each of which can be opened.
export function runTable(withPlace) {
  const node = h('div');
  const opened = new Set();
  let runs = [];

  function toggle(id) {
    if (!opened.delete(id)) opened.add(id);
    draw();
  }

  function rows(run) {
    const isOpen = opened.has(run.run);
    return [
      h('tr', { key: run.run, 'data-run': run.run },
        h('td', {}, h('button', { type: 'button', class: 'link', 'aria-expanded': String(isOpen), 'data-run': run.run, onclick: () => toggle(run.run) }, time(run.started_at))),
        withPlace && h('td', {}, placeOf(run)), h('td', {}, run.command), h('td', {}, badge(run.outcome)),
        h('td', { 'data-label': 'Release' }, run.release), h('td', { class: 'number', 'data-label': 'Duration' }, duration(run.duration_ms))),
      isOpen && h('tr', { key: `${run.run} details` }, h('td', { class: 'wide', colspan: withPlace ? 6 : 5, style: { padding: 0 } }, details(run)))];
  }

  function draw() {
    patch(node, runs.length === 0 ? h('p', { class: 'empty' }, 'There are no runs yet. A deploy that keeps a journal appears here, and so does a report that is sent to api/v1/runs.')
      : table('Runs, the newest first', [title('Started'), withPlace && title('Database'), title('Command'), title('Outcome'), title('Release'), title('Duration', 'number')],
        h('tbody', {}, runs.map(rows))));
  }

  return { node, toggle, update: (newest) => { runs = newest.map(normal); draw(); } };
}

export function deploys(state) {
  const canvas = h('canvas', { role: 'img', 'aria-label': 'Duration of the newest runs, by stage; the table below has the same numbers' });
  const place = h('div', { class: 'chart' }, canvas);
  const list = runTable(true);
  const note = h('span', { class: 'count' });
  let bars = [];
  let plot = null;

  function draw() {
    plot?.destroy();
    plot = bars.length === 0 ? null : stagePlot(canvas, bars, (index) => {
      list.toggle(bars[index].run);
      list.node.querySelector(`tr[data-run="${CSS.escape(bars[index].run)}"]`).scrollIntoView({ block: 'center' });
    });
  }

  function update(newest) {
    const runs = newest.runs.runs.map(normal);
    const newBars = runs.slice(0, kBars).reverse();
    setText(note, runs.length ? `the newest ${newBars.length} of ${counted(runs.length, 'run')}` : '');
    list.update(runs);
    place.hidden = runs.length === 0;
    if (JSON.stringify(newBars) === JSON.stringify(bars)) return;
    bars = newBars;
    draw();
  }
  return {
    node: [h('section', { class: 'card' }, h('div', { class: 'head' }, h('h1', {}, 'Deploys over time'), note), place),
      h('section', { class: 'card flush' }, list.node)],
    update,
    recolor: draw,
    ready: () => update(state), // plots need their place in the page
  };
}

const kTitles = {
  fresh_deploy_seconds: 'Deploy to an empty database', apply_seconds: 'Applying migrations', deploy_success_percent: 'Deploys that succeed',
  package_generation_seconds: 'Making a package', drift_objects: 'Objects that have drifted', package_age_days: 'Age of a package that lacks migrations',
};

// A line from 0 to beyond the alert threshold, with the value on it.
function meter(figure) {
  const lower = figure.alert < figure.warn;
  const most = Math.max(figure.alert, figure.warn, figure.value ?? 0) * 1.2 || 1;
  const least = lower ? Math.max(0, Math.min(figure.alert, figure.value ?? 100) - 10) : 0;
  const top = lower ? 100 : most;
  const at = (value) => `${(100 * (Math.min(Math.max(value, least), top) - least)) / (top - least)}%`;
  const tone = { ok: 'ok', warning: 'warn', alert: 'bad', unknown: 'idle' }[figure.level];
  const mark = (value, name) => s('line', { x1: at(value), x2: at(value), y1: 8, y2: 28, 'stroke-width': 2, style: { stroke: `var(--${name})` } });
  return s('svg', { 'aria-hidden': 'true' },
    s('rect', { x: 0, y: 14, width: '100%', height: 8, rx: 4, style: { fill: 'var(--line)' } }),
    figure.value !== null && s('rect', { x: 0, y: 14, width: at(figure.value), height: 8, rx: 4, style: { fill: `var(--${tone})` } }),
    mark(figure.warn, 'warn'), mark(figure.alert, 'bad'));
}

function amount(value, unit) {
  if (unit === 'seconds') return duration(value * 1000);
  if (unit === 'percent') return `${value.toFixed(value % 1 ? 1 : 0)} %`;
  return counted(Number(value.toFixed(1)), unit.replace(/s$/, ''));
}

// Times in the sentence as they are shown elsewhere.
function detail(figure) {
  return (figure.detail || (figure.value === null ? 'nothing is known yet' : '')).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, time);
}

function limits(figure) {
  const from = figure.alert < figure.warn ? 'below' : 'from';
  const alert = `alerts ${from} ${amount(figure.alert, figure.unit)}`;
  return figure.warn === figure.alert ? alert : `warns ${from} ${amount(figure.warn, figure.unit)}, ${alert}`;
}

export function figures(state) {
  const list = h('div', { class: 'figures' });
  const text = { unknown: 'No data', ok: 'OK', warning: 'Warning', alert: 'Alert' };
  function update(newest) {
    const shown = newest.overview.figures.map((figure) => h('section', { class: 'card figure', key: figure.name, 'data-figure': figure.name },
      h('div', { class: 'head' }, h('h2', { style: { margin: 0 } }, kTitles[figure.name] || words(figure.name)), h('span', { class: 'grow' }),
        badge({ unknown: 'loading' }[figure.level] || figure.level, text[figure.level])),
      h('div', { class: 'value' }, figure.value === null ? '–' : amount(figure.value, figure.unit)), meter(figure),
      h('div', { class: 'muted' }, limits(figure)),
      h('div', { class: 'muted' }, detail(figure))));
    patch(list, shown.length ? shown : empty('There are no key figures.'));
  }
  update(state);
  return { node: [h('h1', {}, 'Key figures'), h('p', { class: 'lead' }, 'Each against the values from which it warns and alerts.'), list], update };
}
