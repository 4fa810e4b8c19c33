// SPDX-License-Identifier: Apache-2.0
// Plots by Chart.js.
import { color, duration } from './dom.js';

// The stages of run reports in their order, each always in its own colour (docs/operations.md).
const kStages = {
  load: '#0f766e', connect: '#2563eb', observe: '#d97706', wait: '#dc2626', start: '#65a30d', replay: '#0891b2', read: '#a16207', prove: '#db2777',
  apply: '#7c3aed', ways: '#4f46e5',
};
const kOtherStage = '#64748b'; // of a later version

function common() {
  return {
    responsive: true, maintainAspectRatio: false, animation: false,
    plugins: { legend: { position: 'bottom', labels: { color: color('soft'), boxWidth: 12 } } },
  };
}
function scale(extra) {
  return { ticks: { color: color('soft'), maxRotation: 0, autoSkip: true }, grid: { color: color('line') }, ...extra };
}

// As precise as their distances need: with seconds within minutes, without the day within one.
function timeLabels(dates) {
  const span = dates.length > 1 ? Math.max(...dates) - Math.min(...dates) : 0;
  const sameDay = new Set(dates.map((date) => date.toDateString())).size === 1;
  const parts = { hour: '2-digit', minute: '2-digit', ...(span < 60000 * dates.length ? { second: '2-digit' } : {}), ...(sameDay && dates.length > 1 ? {} : { day: 'numeric', month: 'short' }) };
  return dates.map((date) => date.toLocaleString('en-GB', parts));
}

// A label that is the same as the one before it is not repeated.
function timeScale(extra) {
  const made = scale(extra);
  made.ticks.callback = function label(value, index, ticks) {
    const text = this.getLabelForValue(value);
    return index > 0 && this.getLabelForValue(ticks[index - 1].value) === text ? '' : text;
  };
  return made;
}

// Deploys over time: a bar for each run, in parts for its stages. `open` gets the index of a run.
export function stagePlot(canvas, runs, open) {
  const order = [...Object.keys(kStages), undefined];
  const place = (name) => order.indexOf(name in kStages ? name : undefined);
  const stages = [...new Set(runs.flatMap((run) => run.stages.map((stage) => stage.name)))].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
  const rest = runs.map((run) => Math.max(0, run.duration_ms - run.stages.reduce((sum, stage) => sum + stage.duration_ms, 0)));
  const datasets = stages.map((name) => ({
    label: name, backgroundColor: kStages[name] || kOtherStage,
    data: runs.map((run) => (run.stages.find((stage) => stage.name === name)?.duration_ms || 0) / 1000),
  }));
  if (rest.some((ms) => ms > 0)) datasets.push({ label: stages.length ? 'other' : 'duration', backgroundColor: '#94a3b8', data: rest.map((ms) => ms / 1000) });
  const failed = runs.map((run) => !['done', 'nothing'].includes(run.outcome));
  for (const set of datasets) {
    set.borderColor = failed.map((bad) => (bad ? color('bad') : 'transparent'));
    set.borderWidth = failed.map((bad) => (bad ? 2 : 0));
    set.maxBarThickness = 44;
  }
  return new window.Chart(canvas, {
    type: 'bar',
    data: { labels: timeLabels(runs.map((run) => new Date(run.started_at))), datasets },
    options: {
      ...common(),
      onClick: (event, found) => { if (found.length) open(found[0].index); },
      scales: { x: timeScale({ stacked: true }), y: scale({ stacked: true, beginAtZero: true, title: { display: true, text: 'seconds', color: color('soft') } }) },
      plugins: {
        ...common().plugins,
        tooltip: { callbacks: {
          title: ([first]) => { const run = runs[first.dataIndex]; return `${run.command} ${run.release || ''} on ${run.name || run.target?.database || run.project || '?'}: ${run.outcome}`; },
          label: (item) => `${item.dataset.label}: ${duration(item.raw * 1000)}`,
        } },
      },
    },
  });
}

// Samples of a database over time.
export function linePlot(canvas, samples) {
  const line = (label, key, tone) => ({ label, data: samples.map((sample) => sample[key]), borderColor: tone, backgroundColor: tone, stepped: true, pointRadius: 0, borderWidth: 2 });
  return new window.Chart(canvas, {
    type: 'line',
    data: {
      labels: timeLabels(samples.map((sample) => new Date(sample.at * 1000))),
      datasets: [line('drift', 'drift', color('bad')), line('additions', 'additions', color('info')), line('pending', 'pending', color('warn'))],
    },
    options: { ...common(), interaction: { mode: 'index', intersect: false }, scales: { x: timeScale({}), y: scale({ beginAtZero: true, suggestedMax: 3, ticks: { color: color('soft'), precision: 0 } }) } },
  });
}
