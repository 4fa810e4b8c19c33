// SPDX-License-Identifier: Apache-2.0
// Small helpers: elements are made one by one, so that no text of a database becomes markup.

export function h(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

export function s(tag, attributes, ...children) {
  return build(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'key') element.key = value; // for patch()
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.assign(element.style, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

export function badge(state, text) {
  return h('span', { class: `badge ${state === 'unknown' ? 'unknown-state' : state}` }, text || words(state));
}

// "other_ledger" → "Other strategy".
export function words(state) {
  const known = { other_ledger: 'Other strategy', foreign: 'Not managed', fresh: 'Empty', drifted: 'Drifted', behind: 'Behind' };
  return known[state] || state.charAt(0).toUpperCase() + state.slice(1).replaceAll('_', ' ');
}

export function counted(count, noun) {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

// A sentence with commands: options are not broken at their hyphens.
export function sentence(text) {
  return text.split(/(--[a-z-]+)/).map((part, index) => (index % 2 ? h('span', { class: 'whole' }, part) : part));
}

export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60000) return `${Number((ms / 1000).toFixed(ms < 10000 ? 2 : 1))} s`;
  const seconds = Math.round((ms % 60000) / 1000);
  return `${Math.floor(ms / 60000)} min${seconds ? ` ${seconds} s` : ''}`;
}

export function time(text) {
  if (!text) return '';
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  return date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

export function ago(text) {
  if (!text) return 'never';
  const seconds = Math.max(0, Math.round((Date.now() - new Date(text)) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

export function facts(rows) {
  return h('dl', { class: 'facts' }, rows.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

// A region that is scrolled with the keyboard, too.
export function scroller(label, ...children) {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, children);
}

// On a narrow screen, each row becomes a paragraph: cells name their column in `data-label`, and those of the class
// "wide" have a line of their own.
export function table(label, titles, body) {
  return scroller(label, h('table', { class: 'stacked' }, h('caption', { class: 'visually-hidden' }, label), h('thead', {}, h('tr', {}, titles)), body));
}

export function title(text, kind) {
  return h('th', { class: kind, scope: 'col' }, text);
}

export function empty(text, isError) {
  return h('p', { class: isError ? 'empty error' : 'empty', role: isError ? 'alert' : null }, text);
}

export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
