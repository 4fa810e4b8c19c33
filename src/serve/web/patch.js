// SPDX-License-Identifier: Apache-2.0
// Updates what is shown in place: the focus, open parts, the selection and scroll positions stay.
import { h } from './dom.js';

// Changes the children of `parent` to `children`, which are new elements. Elements of the same kind and key, in the same
// order, stay and get what is new: so they keep their first listeners, which must not rely on the data of that time.
export function patch(parent, ...children) {
  const old = new Map();
  for (const node of parent.childNodes) {
    const kind = kindOf(node);
    if (!old.has(kind)) old.set(kind, []);
    old.get(kind).push(node);
  }
  const shown = [...h('div', {}, children).childNodes].map((fresh) => {
    const known = old.get(kindOf(fresh))?.shift();
    if (known) patchNode(known, fresh);
    return known || fresh;
  });
  for (const node of [...old.values()].flat()) node.remove();
  let at = parent.firstChild;
  for (const node of shown) {
    if (node === at) at = at.nextSibling; else parent.insertBefore(node, at);
  }
}

function kindOf(node) {
  return `${node.nodeName} ${node.key ?? ''}`;
}

// The same for one element. Chart.js has a <canvas>, and people open <details>.
export function patchNode(node, fresh) {
  if (!(node instanceof Element)) { setText(node, fresh.textContent); return; }
  if (node.nodeName === 'CANVAS') return;
  const own = node.nodeName === 'DETAILS' ? ['open'] : [];
  for (const { name } of [...node.attributes]) if (!fresh.hasAttribute(name) && !own.includes(name)) node.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (node.getAttribute(name) === value || own.includes(name)) continue;
    if (name === 'style') node.style.cssText = value; else node.setAttribute(name, value); // the policy of the page allows no style attribute
  }
  patch(node, ...fresh.childNodes);
}

// Screen readers read a text again if it is written again.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// The focus stays on its element through `change`, or comes to `root` if that element no longer exists.
export function keepFocus(root, change) {
  const focused = document.activeElement;
  const inside = focused !== root && root.contains(focused);
  change();
  if (inside && document.activeElement !== focused) (focused.isConnected ? focused : root).focus({ preventScroll: true });
}
