// SPDX-License-Identifier: Apache-2.0
// Deploys over time with their stages, and key figures.
import { h, s, badge, words, counted, duration, time, facts, empty, color } from './dom.js';
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

export function runTable(runs, withPlace, opened = new Set()) {
  if (runs.length === 0) return h('p', { class: 'empty' }, 'There are no runs yet. A deploy that keeps a journal appears here, and so does a report that is sent to api/v1/runs.');
  const columns = withPlace ? 6 : 5;
  const body = h('tbody');
  for (const run of runs) {
    const more = h('tr', { hidden: !opened.has(run.run) }, h('td', { colspan: columns, style: { padding: 0 } }));
    const fill = () => { if (!more.firstChild.firstChild) more.firstChild.append(details(run)); };
    if (!more.hidden) fill();
    const button = h('button', {
      type: 'button', class: 'link', 'aria-expanded': String(!more.hidden), 'data-run': run.run,
      onclick: () => { fill(); more.hidden = !more.hidden; button.setAttribute('aria-expanded', String(!more.hidden)); if (more.hidden) opened.delete(run.run); else opened.add(run.run); },
    }, time(run.started_at));
    body.append(h('tr', { 'data-run': run.run }, h('td', {}, button), withPlace && h('td', {}, placeOf(run)), h('td', {}, run.command),
      h('td', {}, badge(run.outcome)), h('td', {}, run.release || (run.strategy ? words(run.strategy) : '')), h('td', { class: 'number' }, duration(run.duration_ms))), more);
  }
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Started'), withPlace && h('th', { scope: 'col' }, 'Database'),
    h('th', { scope: 'col' }, 'Command'), h('th', { scope: 'col' }, 'Outcome'), h('th', { scope: 'col' }, 'Release'), h('th', { class: 'number', scope: 'col' }, 'Duration'))), body));
}

function normal(run) {
  return { ...run, stages: run.stages || [], migrations: run.migrations || [] };
}

export function deploys(state) {
  const canvas = h('canvas', { role: 'img', 'aria-label': 'Duration of the newest runs, by stage; the table below has the same numbers' });
  const place = h('div', { class: 'chart' }, canvas);
  const list = h('div');
  const note = h('span', { class: 'count' });
  const opened = new Set();
  let plot = null;
  let shown = '';
  function update(newest) {
    const runs = newest.runs.runs.map(normal);
    const text = runs.map((run) => run.run).join();
    if (text === shown && list.firstChild) return;
    shown = text;
    plot?.destroy();
    plot = null;
    place.hidden = runs.length === 0;
    const bars = runs.slice(0, kBars).reverse();
    note.textContent = runs.length ? `the newest ${bars.length} of ${counted(runs.length, 'run')}` : '';
    if (runs.length) {
      plot = stagePlot(canvas, bars, (index) => {
        const button = list.querySelector(`button[data-run="${CSS.escape(bars[index].run)}"]`);
        button.click();
        button.scrollIntoView({ block: 'center' });
      });
    }
    list.replaceChildren(runTable(runs, true, opened));
  }
  return {
    node: [h('section', { class: 'card' }, h('div', { class: 'head' }, h('h1', {}, 'Deploys over time'), note), place),
      h('section', { class: 'card flush' }, list)],
    update,
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
  const tone = { ok: color('ok'), warning: color('warn'), alert: color('bad'), unknown: color('idle') }[figure.level];
  const mark = (value, name) => s('line', { x1: at(value), x2: at(value), y1: 8, y2: 28, stroke: color(name), 'stroke-width': 2 });
  return s('svg', { 'aria-hidden': 'true' },
    s('rect', { x: 0, y: 14, width: '100%', height: 8, rx: 4, fill: color('line') }),
    figure.value !== null && s('rect', { x: 0, y: 14, width: at(figure.value), height: 8, rx: 4, fill: tone }),
    mark(figure.warn, 'warn'), mark(figure.alert, 'bad'));
}

function amount(value, unit) {
  if (unit === 'seconds') return duration(value * 1000);
  if (unit === 'percent') return `${value.toFixed(value % 1 ? 1 : 0)} %`;
  return counted(Number(value.toFixed(1)), unit.replace(/s$/, ''));
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
    list.replaceChildren(...newest.overview.figures.map((figure) => h('section', { class: 'card figure', 'data-figure': figure.name },
      h('div', { class: 'head' }, h('h2', { style: { margin: 0 } }, kTitles[figure.name] || words(figure.name)), h('span', { class: 'grow' }),
        badge({ unknown: 'loading' }[figure.level] || figure.level, text[figure.level])),
      h('div', { class: 'value' }, figure.value === null ? '–' : amount(figure.value, figure.unit)), meter(figure),
      h('div', { class: 'muted' }, limits(figure)),
      h('div', { class: 'muted' }, figure.detail || (figure.value === null ? 'nothing is known yet' : '')))));
    if (newest.overview.figures.length === 0) list.replaceChildren(empty('There are no key figures.'));
  }
  update(state);
  return { node: [h('h1', {}, 'Key figures'), h('p', { class: 'lead' }, 'Each against the values from which it warns and alerts.'), list], update };
}
