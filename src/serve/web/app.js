// SPDX-License-Identifier: Apache-2.0
// The frame of the page: data, live updates, routes, theme, and the token.
import { h, empty } from './dom.js';
import { patch, setText, keepFocus } from './patch.js';
import { overview, database } from './view_databases.js';
import { deploys, figures } from './view_runs.js';
import { packages, paths } from './view_packages.js';
import { diagram } from './view_diagram.js';

const main = document.getElementById('main');
const banner = document.getElementById('banner');
const live = document.getElementById('live');

export const state = { overview: null, packages: null, runs: null, updated: null };

// Fetches a document; `null` where there is none (404).
async function get(path) {
  const token = sessionStorage.getItem('token');
  const response = await fetch(path, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    cache: 'no-store',
    signal: AbortSignal.timeout(15000),
  });
  if (response.status === 401 || response.status === 403 || response.status === 429) throw new Refused(response.status);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

class Refused extends Error {
  constructor(status) { super(`refused: ${status}`); this.status = status; }
}

const views = [
  [/^#\/?$/, overview, ['overview', 'packages'], 'Databases'],
  [/^#\/database\/([^/]+)$/, database, ['overview', 'runs'], 'Database'],
  [/^#\/paths$/, paths, ['overview', 'packages'], 'Upgrade paths'],
  [/^#\/deploys$/, deploys, ['overview', 'runs'], 'Deploys'],
  [/^#\/figures$/, figures, ['overview'], 'Key figures'],
  [/^#\/packages$/, packages, ['overview', 'packages'], 'Packages'],
  [/^#\/diagram(?:\/([^/]+))?$/, diagram, ['overview'], 'Diagram'],
];

let current = null; // {hash, update, recolor}
let asked = 0;
let seen = 0; // the newest of them that was answered
let signingIn = false; // nothing must replace what somebody types

// A part of the address as text; as it is if it is not encoded correctly.
function decoded(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

// Shows the view of the address, or gives a view that is shown the newest data.
async function show() {
  if (signingIn) return;
  const mine = ++asked;
  const hash = location.hash || '#/';
  const match = views.map(([pattern, ...rest]) => [hash.match(pattern), ...rest]).find(([m]) => m);
  if (!match) { location.hash = '#/'; return; }
  const [parts, view, needs, title] = match;
  const name = parts[1] ? decoded(parts[1]) : null;
  markTab(hash);
  try {
    await Promise.all(needs.map(async (what) => { state[what] = await get(`api/v1/${what}`); }));
    const more = view.load ? await view.load(get, name, state) : null;
    if (mine !== asked) return;
    seen = mine;
    answered();
    if (current && current.hash === hash) {
      keepFocus(main, () => current.update(state, more));
    } else {
      const shown = view(state, name, more);
      const moved = current && current.hash !== hash;
      current = { hash, update: shown.update, recolor: shown.recolor };
      main.replaceChildren(...[shown.node].flat());
      if (shown.ready) shown.ready();
      if (moved) { main.focus({ preventScroll: true }); scrollTo(0, 0); }
    }
    document.title = `${state.overview.ready ? '' : '! '}${[name, title].filter(Boolean).join(' · ')} · ballast`;
  } catch (error) {
    if (error instanceof Refused && mine === asked) return askForToken(error.status);
    // Later questions may be waiting for the same server, and fail later.
    if (!(error instanceof Refused) && mine > seen) failed(error);
  }
}

function markTab(hash) {
  const part = hash.split('/')[1] || '';
  for (const link of document.querySelectorAll('#tabs a')) {
    const own = link.getAttribute('href').split('/')[1] || '';
    const here = own === part || (own === '' && part === 'database');
    if (!here) link.removeAttribute('aria-current');
    else if (!link.hasAttribute('aria-current')) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'center' }); // on a phone there is not room for all
    }
  }
}

function answered() {
  state.updated = new Date();
  banner.hidden = true;
  const ready = document.getElementById('ready');
  const { databases, version } = state.overview;
  const count = databases.filter((d) => d.ready).length;
  const loading = databases.some((d) => d.state === 'loading');
  ready.className = `badge ${state.overview.ready ? 'ok' : loading ? 'loading' : 'alert'}`;
  setText(ready, state.overview.ready ? 'Ready' : loading ? 'Loading' : `${count} of ${databases.length} ready`);
  setText(document.getElementById('about'), `ballast ${version}`);
  // A link cannot send the token.
  for (const link of document.querySelectorAll('footer [data-token]')) link.hidden = sessionStorage.getItem('token') !== null;
}

let retry = null;
function failed(error) {
  const known = state.updated ? ` This page shows what was known at ${state.updated.toLocaleTimeString('en-GB')}.` : '';
  setText(banner, `The server does not answer.${known}`);
  banner.title = String(error);
  banner.hidden = false;
  // What was known is shown below; whether it is still true is not known.
  const ready = document.getElementById('ready');
  ready.className = 'badge loading';
  setText(ready, 'Not known');
  if (!state.updated) patch(main, empty('Nothing is known yet. The page tries again.', true));
  // The stream of events may have survived, and then nothing else asks again.
  clearTimeout(retry);
  retry = setTimeout(() => { if (!banner.hidden) show(); }, 2000);
}

function askForToken(status) {
  signingIn = true;
  current = null;
  const wrong = sessionStorage.getItem('token') !== null;
  sessionStorage.removeItem('token');
  const input = h('input', { type: 'password', id: 'token', autocomplete: 'current-password', required: true });
  const text = status === 403 ? 'This server does not answer under this name.'
    : status === 429 ? 'There were too many attempts. Wait a minute.'
      : wrong ? 'The token is not the right one.' : 'This server asks for a token.';
  main.replaceChildren(h('form', {
    class: 'card login',
    onsubmit: (event) => {
      event.preventDefault();
      sessionStorage.setItem('token', input.value.trim());
      signingIn = false;
      show();
      listen();
    },
  }, h('h1', {}, 'Sign in'), h('p', { class: 'lead', role: 'alert' }, text),
  h('label', { for: 'token' }, 'Token'), input, h('button', { type: 'submit' }, 'Show the dashboard')));
  input.focus();
}

// Events by fetch: an EventSource cannot send a token. A server that hangs sends no heartbeats.
const kSilence = 12000;
let listening = 0;
async function listen() {
  if (signingIn) return;
  const mine = ++listening;
  const token = sessionStorage.getItem('token');
  const set = (value, text) => { live.dataset.state = value; if (live.textContent !== text) live.textContent = text; };
  const silent = new AbortController();
  let timer = null;
  const heard = () => { clearTimeout(timer); timer = setTimeout(() => { silent.abort(); show(); }, kSilence); };
  try {
    heard();
    const response = await fetch('api/v1/events', { headers: token ? { Authorization: `Bearer ${token}` } : {}, cache: 'no-store', signal: silent.signal });
    if (!response.ok) throw new Error(response.status);
    const reader = response.body.getReader();
    set('live', 'live');
    if (!banner.hidden) soon();
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      heard();
      if (mine !== listening) { reader.cancel(); return; }
      text += decoder.decode(value, { stream: true });
      const end = text.lastIndexOf('\n\n');
      if (end < 0) continue;
      if (text.slice(0, end).includes('event: change')) soon();
      text = text.slice(end + 2);
    }
  } catch { /* tried again below */ }
  clearTimeout(timer);
  if (mine !== listening) return;
  set('lost', 'not live');
  setTimeout(() => { if (mine === listening) { listen(); show(); } }, 2000);
}

// Many events in a row are one update.
let waiting = null;
function soon() {
  waiting ??= setTimeout(() => { waiting = null; show(); }, 300);
}

// Dark or light: as the system has it, or as somebody chose.
function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.getElementById('theme').textContent = theme === 'dark' ? '☀' : '☾';
  current?.recolor?.(); // plots take their colours when they are made
}
const dark = matchMedia('(prefers-color-scheme: dark)');
const chosen = () => localStorage.getItem('theme') || (dark.matches ? 'dark' : 'light');
setTheme(chosen());
dark.addEventListener('change', () => setTheme(chosen()));
document.getElementById('theme').addEventListener('click', () => {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', theme);
  setTheme(theme);
});

addEventListener('hashchange', show);
setInterval(show, 15000); // ages and what has become stale
show();
listen();
