// @ts-check
/** What stands between the braces of an object: elements, entries of maps and sets, properties; each at most so many. */
import { isSpent, maxEntries, shorten, spend } from './budget.js';
import { errorStack } from './error-text.js';
import { promiseResult, promiseState } from './host.js';
import { ownData } from './kind.js';
import {
  append,
  bufferByteLength,
  getOwnPropertyDescriptor,
  hasOwn,
  hasOwnEnumerable,
  isArray,
  mapEntries,
  mapSize,
  natives,
  nextMapEntry,
  nextSetValue,
  numberToText,
  ownKeys,
  setSize,
  setValues,
  stringIncludes,
  stringValue,
  toNumber,
  toText,
  typedArrayLength,
  viewBuffer,
  viewByteLength,
  viewByteOffset,
} from './primordials.js';
import { showKey, symbolText } from './quote.js';

/** @typedef {import('./budget.js').Preview} Preview */
/**
 * An object, and the entries that were found in it; `isNumeric` says of a list that it holds numbers only.
 * @typedef {{
 *   readonly object: object,
 *   readonly kind: string,
 *   readonly preview: Preview,
 *   readonly entries: string[],
 *   isNumeric: boolean,
 * }} Shown
 */

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
    case 'arraybuffer':
      addBytes(shown);
      break;
    case 'dataview':
      addView(shown);
      break;
    case 'weakmap':
    case 'weakset':
      append(shown.entries, '<items unknown>');
      break;
  }
  addProperties(shown);
  if (shown.kind === 'error') addHidden(shown);
}

/**
 * Whether an object has anything between its braces.
 * @type {(object: object, kind: string) => boolean}
 */
export function hasEntries(object, kind) {
  switch (kind) {
    case 'array':
      return /** @type {unknown[]} */ (object).length > 0;
    case 'typedarray':
      return typedArrayLength(object) !== 0;
    case 'map':
      return mapSize(object) !== 0;
    case 'set':
      return setSize(object) !== 0;
    case 'object':
    case 'function':
    case 'date':
    case 'regexp':
      return hasEnumerable(object);
    default:
      return kind !== 'boxed' && kind !== 'error';
  }
}

function hasEnumerable(/** @type {object} */ object) {
  const keys = ownKeys(object);
  for (let index = 0; index < keys.length; index += 1) {
    if (hasOwnEnumerable(object, /** @type {string | symbol} */ (keys[index]))) return true;
  }
  return false;
}

/** @type {(shown: Shown) => void} */
function addBytes({ object, entries }) {
  const length = /** @type {number} */ (bufferByteLength(object));
  const count = length > maxEntries ? maxEntries : length;
  const bytes = new natives.Uint8Array(/** @type {ArrayBuffer} */ (object), 0, count);
  let text = '';
  for (let index = 0; index < count; index += 1) text += (index === 0 ? '' : ' ') + byteText(bytes[index] ?? 0);
  const rest = length - count;
  if (rest > 0) text += ' ... ' + rest + ' more byte' + (rest === 1 ? '' : 's');
  append(entries, '[Uint8Contents]: <' + text + '>');
  append(entries, '[byteLength]: ' + length);
}

const byteText = (/** @type {number} */ byte) => (byte < 16 ? '0' : '') + numberToText(byte, 16);

/** @type {(shown: Shown) => void} */
function addView({ object, preview, entries }) {
  append(entries, '[byteLength]: ' + toText(viewByteLength(object)));
  append(entries, '[byteOffset]: ' + toText(viewByteOffset(object)));
  append(entries, '[buffer]: ' + preview.show(viewBuffer(object)));
}

/** @type {(shown: Shown) => string} */
function showPromise({ object, preview }) {
  const state = promiseState(object);
  if (state === 'pending') return '<pending>';
  const result = preview.show(promiseResult(object));
  return state === 'rejected' ? '<rejected> ' + result : result;
}

/** @type {(shown: Shown) => void} */
function addElements(shown) {
  const { object, preview, entries } = shown;
  const array = /** @type {unknown[]} */ (object);
  const indexFrom = indexFinder(array);
  let next = 0;
  for (let count = 0; next < array.length; count += 1) {
    if (count === maxEntries || isSpent(preview)) {
      shown.isNumeric = isNumeric(array, entries.length);
      return append(entries, moreItems(array.length - next));
    }
    const index = indexFrom(next);
    if (index > next) append(entries, emptyItems(index - next));
    if (index < array.length) append(entries, showProperty(array, toText(index), preview));
    next = index + 1;
  }
  if (array.length <= longestListed) addNamed(array, preview, entries);
  shown.isNumeric = isNumeric(array, entries.length);
}

/** @type {(array: unknown[], count: number) => boolean} */
function isNumeric(array, count) {
  for (let index = 0; index < count; index += 1) {
    const type = typeof ownData(array, index);
    if (type !== 'number' && type !== 'bigint') return false;
  }
  return true;
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
    if (typeof key === 'string' && toNumber(key) >= 0) continue;
    if (isSpent(preview)) return;
    if (hasOwnEnumerable(array, key)) append(entries, keyText(key) + ': ' + showProperty(array, key, preview));
    else if (preview.showsHidden) append(entries, hiddenEntry(array, key, preview));
  }
}

const emptyItems = (/** @type {number} */ count) => '<' + count + ' empty item' + (count === 1 ? '' : 's') + '>';
const moreItems = (/** @type {number} */ count) => '... ' + count + ' more item' + (count === 1 ? '' : 's');

/** @type {(shown: Shown) => void} */
function addTypedElements(shown) {
  const { object, preview, entries } = shown;
  shown.isNumeric = true;
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
  const head = kind === 'error' ? errorStack(object) : '';
  const keys = ownKeys(object);
  let count = 0;
  for (let index = characters; index < keys.length; index += 1) {
    const key = /** @type {string | symbol} */ (keys[index]);
    const isShown = hasOwnEnumerable(object, key);
    if ((!isShown && !preview.showsHidden) || (kind === 'error' && isInHead(object, key, head))) continue;
    if (count === maxEntries || isSpent(preview)) return append(entries, '...');
    const entry = isShown
      ? spend(preview, keyText(key)) + ': ' + showProperty(object, key, preview)
      : hiddenEntry(object, key, preview);
    append(entries, entry);
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

/** What of an error is not enumerable, and yet what people look for. */
function addHidden(/** @type {Shown} */ { object, preview, entries }) {
  if (preview.showsHidden) return;
  if (isHiddenProperty(object, 'cause')) append(entries, hiddenEntry(object, 'cause', preview));
  const errors = isHiddenProperty(object, 'errors') ? ownData(object, 'errors') : undefined;
  if (isArray(errors)) append(entries, hiddenEntry(object, 'errors', preview));
}

/** @type {(object: object, key: string) => boolean} */
const isHiddenProperty = (object, key) => hasOwn(object, key) && !hasOwnEnumerable(object, key);

/**
 * What an error's head has said already.
 * @type {(error: object, key: string | symbol, head: string) => boolean}
 */
function isInHead(error, key, head) {
  if (key !== 'name' && key !== 'message' && key !== 'stack') return false;
  const said = ownData(error, key);
  return key === 'stack' || (typeof said === 'string' && stringIncludes(head, said));
}

/** @type {(object: object, key: string | symbol, preview: Preview) => string} */
const hiddenEntry = (object, key, preview) =>
  '[' + (typeof key === 'symbol' ? symbolText(key) : shorten(key)) + ']: ' + showProperty(object, key, preview);

/** @type {(key: string | symbol) => string} */
const keyText = (key) => (typeof key === 'symbol' ? symbolText(key) : showKey(shorten(key)));

/** @type {(object: object, key: string | symbol, preview: Preview) => string} */
function showProperty(object, key, preview) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || hasOwn(descriptor, 'value')) return preview.show(descriptor?.value);
  if (!isFunction(descriptor.get)) return spend(preview, '[Setter]');
  return spend(preview, isFunction(descriptor.set) ? '[Getter/Setter]' : '[Getter]');
}

const isFunction = (/** @type {unknown} */ value) => typeof value === 'function';
