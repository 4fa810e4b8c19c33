// SPDX-License-Identifier: Apache-2.0
// Plots by Chart.js.
import { color, duration } from './dom.js';

const kStageColors = ['#0f766e', '#2563eb', '#d97706', '#7c3aed', '#db2777', '#65a30d', '#0891b2', '#64748b'];

function common() {
  return {
    responsive: true, maintainAspectRatio: false, animation: false,
    plugins: { legend: { position: 'bottom', labels: { color: color('soft'), boxWidth: 12 } } },
  };
}
function scale(extra) {
  return { ticks: { color: color('soft'), maxRotation: 0, autoSkip: true }, grid: { color: color('line') }, ...extra };
}

// Deploys over time: a bar for each run, in parts for its stages. `open` gets the index of a run.
export function stagePlot(canvas, runs, open) {
  const stages = [...new Set(runs.flatMap((run) => run.stages.map((stage) => stage.name)))];
  const rest = runs.map((run) => Math.max(0, run.duration_ms - run.stages.reduce((sum, stage) => sum + stage.duration_ms, 0)));
  const datasets = stages.map((name, index) => ({
    label: name, backgroundColor: kStageColors[index % kStageColors.length],
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
    data: { labels: runs.map((run) => new Date(run.started_at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })), datasets },
    options: {
      ...common(),
      onClick: (event, found) => { if (found.length) open(found[0].index); },
      scales: { x: scale({ stacked: true }), y: scale({ stacked: true, beginAtZero: true, title: { display: true, text: 'seconds', color: color('soft') } }) },
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
      labels: samples.map((sample) => new Date(sample.at * 1000).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })),
      datasets: [line('drift', 'drift', color('bad')), line('additions', 'additions', color('info')), line('pending', 'pending', color('warn'))],
    },
    options: { ...common(), interaction: { mode: 'index', intersect: false }, scales: { x: scale({}), y: scale({ beginAtZero: true, suggestedMax: 3, ticks: { color: color('soft'), precision: 0 } }) } },
  });
}
