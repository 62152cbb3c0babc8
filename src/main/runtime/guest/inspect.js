// @ts-check
/**
 * Values as people read them, in the manner of Node's util.inspect, within a budget. It never runs guest code: getters
 * are named, not read; proxies are shown through their target, without traps.
 */
import { isSpent, maxDepth, newPreview, shorten, spend } from './budget.js';
import { addEntries } from './inspect-entries.js';
import { headOf, isAllHead } from './inspect-head.js';
import { classNameOf, kindOfObject } from './kind.js';
import { layOut } from './layout.js';
import { append, bareList } from './primordials.js';
import { proxyTarget } from './proxies.js';
import { quote, showPrimitive } from './quote.js';

/** @typedef {import('./budget.js').Preview} Preview */

/** @type {(value: unknown, depth?: number) => string} */
export function inspect(value, depth = maxDepth) {
  return isPrimitive(value) && typeof value !== 'string' ? showPrimitive(value) : newPreview(show, depth).show(value);
}

/** As `inspect`, but a string is itself: what `console.log` prints and what a value's preview is. */
export function display(/** @type {unknown} */ value) {
  return typeof value === 'string' ? shorten(value) : inspect(value);
}

const isPrimitive = (/** @type {unknown} */ value) =>
  value === null || (typeof value !== 'object' && typeof value !== 'function');

/** @type {(value: unknown, preview: Preview) => string} */
function show(value, preview) {
  if (isSpent(preview)) return '…';
  if (typeof value === 'string') return quote(spend(preview, value));
  if (isPrimitive(value)) return spend(preview, showPrimitive(value));
  return showObject(/** @type {object} */ (value), preview);
}

/** @type {(object: object, preview: Preview) => string} */
function showObject(object, preview) {
  preview.nodes -= 1;
  const { ancestors, circular } = preview;
  if (placeIn(ancestors, object) > 0) return '[Circular *' + circularNumber(object, circular) + ']';
  const kind = kindOfObject(object);
  if (ancestors.length > preview.depth && kind !== 'function')
    return spend(preview, '[' + (classNameOf(object) ?? 'Object') + ']');
  append(ancestors, object);
  const text = showParts(object, kind, preview);
  ancestors.length -= 1;
  const number = placeIn(circular, object);
  return number === 0 ? text : '<ref *' + number + '> ' + text;
}

/** @type {(object: object, kind: string, preview: Preview) => string} */
function showParts(object, kind, preview) {
  if (kind === 'proxy') return 'Proxy(' + preview.show(proxyTarget(object)) + ')';
  const prefix = spend(preview, headOf(object, kind));
  /** @type {string[]} */
  const entries = bareList([]);
  addEntries({ object, kind, preview, entries });
  if (entries.length === 0 && isAllHead(kind)) return prefix;
  const isList = kind === 'array' || kind === 'typedarray';
  return layOut({ prefix, entries, open: isList ? '[' : '{', close: isList ? ']' : '}' });
}

/** @type {(object: object, circular: object[]) => number} */
function circularNumber(object, circular) {
  if (placeIn(circular, object) === 0) append(circular, object);
  return placeIn(circular, object);
}

/**
 * @param {object[]} list
 * @param {object} item
 * @returns {number} its place, counted from 1; 0 where it is not in the list
 */
function placeIn(list, item) {
  for (let index = 0; index < list.length; index += 1) if (list[index] === item) return index + 1;
  return 0;
}
