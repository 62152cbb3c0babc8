// @ts-check
/** What stands between the braces of an object: elements, entries of maps and sets, properties; each at most so many. */
import { isSpent, maxEntries, shorten, spend } from './budget.js';
import { promiseResult, promiseState } from './host.js';
import {
  append,
  bufferByteLength,
  getOwnPropertyDescriptor,
  hasOwn,
  mapEntries,
  mapSize,
  nextMapEntry,
  nextSetValue,
  ownKeys,
  setSize,
  setValues,
  stringValue,
  symbolToString,
  toNumber,
  toText,
  typedArrayLength,
  viewBuffer,
  viewByteLength,
  viewByteOffset,
} from './primordials.js';
import { isPlainKey, quote } from './quote.js';

/** @typedef {import('./budget.js').Preview} Preview */
/** @typedef {{ readonly object: object, readonly kind: string, readonly preview: Preview, readonly entries: string[] }} Shown */

/** The longest list whose keys are listed; longer ones are probed index by index, for listing costs every key. */
const longestListed = 1000;

/** @type {(shown: Shown) => void} */
export function addEntries(shown) {
  switch (shown.kind) {
    case 'array':
      return addElements(shown);
    case 'typedarray':
      return addTypedElements(shown);
    case 'map':
      addMapEntries(shown);
      break;
    case 'set':
      addSetValues(shown);
      break;
    case 'promise':
      append(shown.entries, showPromise(shown));
      break;
    case 'error':
      addCause(shown);
      break;
    case 'arraybuffer':
      append(shown.entries, 'byteLength: ' + toText(bufferByteLength(shown.object)));
      break;
    case 'dataview':
      addView(shown);
      break;
    case 'weakmap':
    case 'weakset':
      append(shown.entries, '<items unknown>');
      break;
  }
  return addProperties(shown);
}

/** @type {(shown: Shown) => void} */
function addView({ object, preview, entries }) {
  append(entries, 'byteLength: ' + toText(viewByteLength(object)));
  append(entries, 'byteOffset: ' + toText(viewByteOffset(object)));
  append(entries, 'buffer: ' + preview.show(viewBuffer(object)));
}

/** @type {(shown: Shown) => string} */
function showPromise({ object, preview }) {
  const state = promiseState(object);
  if (state === 'pending') return '<pending>';
  const result = preview.show(promiseResult(object));
  return state === 'rejected' ? '<rejected> ' + result : result;
}

/** @type {(shown: Shown) => void} */
function addElements({ object, preview, entries }) {
  const array = /** @type {unknown[]} */ (object);
  const indexFrom = indexFinder(array);
  let next = 0;
  for (let count = 0; next < array.length; count += 1) {
    if (count === maxEntries || isSpent(preview)) return append(entries, moreItems(array.length - next));
    const index = indexFrom(next);
    if (index > next) append(entries, emptyItems(index - next));
    if (index < array.length) append(entries, showProperty(array, toText(index), preview));
    next = index + 1;
  }
  if (array.length <= longestListed) addNamed(array, preview, entries);
}

/**
 * Tells the index of the next element at or after `from`, or the length where there is none; asked in ascending order.
 * The keys of an array are listed at its first long gap, and only then: they come in ascending order too.
 * @type {(array: unknown[]) => (from: number) => number}
 */
function indexFinder(array) {
  /** @type {(string | symbol)[] | undefined} */
  let keys;
  let place = 0;
  return (from) => {
    if (keys === undefined) {
      const probes = from + longestListed < array.length ? from + longestListed : array.length;
      for (let index = from; index < probes; index += 1) if (hasOwn(array, index)) return index;
      if (probes === array.length) return probes;
      keys = ownKeys(array);
    }
    for (; place < keys.length; place += 1) {
      const index = typeof keys[place] === 'string' ? toNumber(keys[place]) : NaN;
      if (index >= from && index < array.length) return index;
    }
    return array.length;
  };
}

/**
 * The properties of an array that are no elements, such as `index` of a match.
 * @type {(array: unknown[], preview: Preview, entries: string[]) => void}
 */
function addNamed(array, preview, entries) {
  const keys = ownKeys(array);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string | symbol} */ (keys[index]);
    if (key === 'length' || (typeof key === 'string' && toNumber(key) >= 0)) continue;
    if (isSpent(preview)) return;
    append(entries, showKey(key) + ': ' + showProperty(array, key, preview));
  }
}

const emptyItems = (/** @type {number} */ count) => '<' + count + ' empty item' + (count === 1 ? '' : 's') + '>';
const moreItems = (/** @type {number} */ count) => '... ' + count + ' more item' + (count === 1 ? '' : 's');

/** @type {(shown: Shown) => void} */
function addTypedElements({ object, preview, entries }) {
  const array = /** @type {Uint8Array} */ (object);
  const length = /** @type {number} */ (typedArrayLength(object));
  for (let index = 0; index < length; index += 1) {
    if (index === maxEntries || isSpent(preview)) return append(entries, moreItems(length - index));
    append(entries, preview.show(array[index]));
  }
}

/** @type {(shown: Shown) => void} */
function addMapEntries({ object, preview, entries }) {
  const iterator = mapEntries(/** @type {Map<unknown, unknown>} */ (object));
  const size = /** @type {number} */ (mapSize(object));
  for (let count = 0; count < size; count += 1) {
    if (count === maxEntries || isSpent(preview)) return append(entries, moreItems(size - count));
    const pair = nextMapEntry(iterator).value;
    append(entries, preview.show(pair[0]) + ' => ' + preview.show(pair[1]));
  }
}

/** @type {(shown: Shown) => void} */
function addSetValues({ object, preview, entries }) {
  const iterator = setValues(/** @type {Set<unknown>} */ (object));
  const size = /** @type {number} */ (setSize(object));
  for (let count = 0; count < size; count += 1) {
    if (count === maxEntries || isSpent(preview)) return append(entries, moreItems(size - count));
    append(entries, preview.show(nextSetValue(iterator).value));
  }
}

/** @type {(shown: Shown) => void} */
function addProperties({ object, kind, preview, entries }) {
  const characters = kind === 'boxed' ? boxedLength(object) : 0;
  if (characters > longestListed) return;
  const keys = ownKeys(object);
  let count = 0;
  for (let index = characters; index < keys.length; index += 1) {
    const key = /** @type {string | symbol} */ (keys[index]);
    if (getOwnPropertyDescriptor(object, key)?.enumerable !== true) continue;
    if (kind === 'error' && isInHead(key)) continue;
    if (count === maxEntries || isSpent(preview)) return append(entries, '...');
    append(entries, spend(preview, showKey(key)) + ': ' + showProperty(object, key, preview));
    count += 1;
  }
}

/** How many characters a boxed string has: they are its first keys, and its head has said them. 0 for other boxes. */
function boxedLength(/** @type {object} */ object) {
  try {
    return stringValue(/** @type {never} */ (object)).length;
  } catch {
    return 0;
  }
}

/** The cause of an error is not enumerable, and yet what people look for. */
function addCause(/** @type {Shown} */ { object, preview, entries }) {
  if (hasOwn(object, 'cause')) append(entries, '[cause]: ' + showProperty(object, 'cause', preview));
}

/** What an error's head has said already. */
const isInHead = (/** @type {string | symbol} */ key) => key === 'name' || key === 'message' || key === 'stack';

/** @type {(key: string | symbol) => string} */
function showKey(key) {
  if (typeof key === 'symbol') return '[' + symbolToString(key) + ']';
  return isPlainKey(key) ? key : quote(shorten(key));
}

/** @type {(object: object, key: string | symbol, preview: Preview) => string} */
function showProperty(object, key, preview) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || hasOwn(descriptor, 'value')) return preview.show(descriptor?.value);
  if (!isFunction(descriptor.get)) return spend(preview, '[Setter]');
  return spend(preview, isFunction(descriptor.set) ? '[Getter/Setter]' : '[Getter]');
}

const isFunction = (/** @type {unknown} */ value) => typeof value === 'function';
