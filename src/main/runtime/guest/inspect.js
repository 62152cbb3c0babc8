// @ts-check
/**
 * Values as people read them, in the manner of Node's util.inspect, within a budget. It never runs guest code: getters
 * are named, not read; proxies are shown through their target, without traps.
 */
import { isSpent, maxDepth, newPreview, shorten, spend } from './budget.js';
import { addEntries, hasEntries } from './inspect-entries.js';
import { briefOf, headOf } from './inspect-head.js';
import { kindOfObject } from './kind.js';
import { indentation, layOut } from './layout.js';
import { append, bareList, stringSlice } from './primordials.js';
import { proxyTarget } from './proxies.js';
import { quoteLines, showPrimitive } from './quote.js';

/** @typedef {import('./budget.js').Preview} Preview */

/** Columns of a line beyond which a string is shown line by line. */
const widestString = 76;

/** @type {(value: unknown, depth?: number, showsHidden?: boolean) => string} */
export function inspect(value, depth = maxDepth, showsHidden = false) {
  return isPrimitive(value) && typeof value !== 'string'
    ? showPrimitive(value)
    : newPreview(show, { depth, showsHidden }).show(value);
}

/** As `inspect`, but a string is itself: what `console.log` prints and what a value's preview is. */
export function display(/** @type {unknown} */ value) {
  return typeof value === 'string' ? shorten(value) : inspect(value);
}

/** What a list of many values says of each, in characters; it ends early where there is more. */
const maxBrief = 200;
const maxBriefNodes = 40;

/** A value on one line of a list. */
export function brief(/** @type {unknown} */ value) {
  if (isPrimitive(value) && typeof value !== 'string') return showPrimitive(value);
  const preview = newPreview(show, { depth: 1, showsHidden: false });
  preview.characters = maxBrief;
  preview.nodes = maxBriefNodes;
  const text = preview.show(value);
  return text.length <= maxBrief ? text : stringSlice(text, 0, maxBrief) + '…';
}

/** @type {(value: unknown) => boolean} */
export const isPrimitive = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');

/** @type {(value: unknown, preview: Preview) => string} */
function show(value, preview) {
  if (isSpent(preview)) return '…';
  if (typeof value === 'string') {
    return quoteLines(spend(preview, value), widestString - indentation(preview.ancestors.length));
  }
  if (isPrimitive(value)) return spend(preview, showPrimitive(value));
  return showObject(/** @type {object} */ (value), preview);
}

/** @type {(object: object, preview: Preview) => string} */
function showObject(object, preview) {
  preview.nodes -= 1;
  const { ancestors, circular } = preview;
  if (placeIn(ancestors, object) > 0) return '[Circular *' + circularNumber(object, circular) + ']';
  const kind = kindOfObject(object);
  if (kind === 'proxy') return showProxy(object, preview);
  if (ancestors.length > preview.depth && hasEntries(object, kind)) return spend(preview, briefOf(object, kind));
  return showParts(object, kind, preview);
}

/** @type {(proxy: object, preview: Preview) => string} */
function showProxy(proxy, preview) {
  append(preview.ancestors, proxy);
  const text = 'Proxy(' + preview.show(proxyTarget(proxy)) + ')';
  preview.ancestors.length -= 1;
  return text;
}

/** @type {(object: object, kind: string, preview: Preview) => string} */
function showParts(object, kind, preview) {
  const head = headOf(object, kind);
  const base = spend(preview, head.base);
  const prefix = spend(preview, head.prefix);
  const { entries, isNumeric } = entriesOf(object, kind, preview);
  if (entries.length === 0 && base !== '') return withMark(base, object, preview);
  const isList = kind === 'array' || kind === 'typedarray';
  return layOut({
    base: withMark(base, object, preview),
    open: (prefix === '' ? '' : prefix + ' ') + (isList ? '[' : '{'),
    close: isList ? ']' : '}',
    entries,
    depth: preview.ancestors.length,
    innermost: preview.innermost,
    list: isList ? { isNumeric } : undefined,
  });
}

/**
 * Shows what is in an object, which is an ancestor of it meanwhile.
 * @type {(object: object, kind: string, preview: Preview) => { entries: string[], isNumeric: boolean }}
 */
function entriesOf(object, kind, preview) {
  const shown = { object, kind, preview, entries: bareList(/** @type {string[]} */ ([])), isNumeric: false };
  const { ancestors, innermost } = preview;
  preview.innermost = ancestors.length;
  append(ancestors, object);
  addEntries(shown);
  ancestors.length -= 1;
  if (shown.entries.length === 0) preview.innermost = innermost;
  return shown;
}

/** @type {(base: string, object: object, preview: Preview) => string} */
function withMark(base, object, { circular }) {
  const number = placeIn(circular, object);
  if (number === 0) return base;
  return base === '' ? '<ref *' + number + '>' : '<ref *' + number + '> ' + base;
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
