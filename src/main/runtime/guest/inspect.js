// @ts-check
/**
 * Values as people read them, in the manner of Node's util.inspect, within a budget. It never runs guest code: getters
 * are named, not read; proxies are shown through their target, without traps.
 */
import { isSpent, maxDepth, maxEntries, newBudget, spend } from './budget.js';
import { errorStack } from './error-text.js';
import { promiseResult, promiseState } from './host.js';
import { classNameOf, kindOfObject, prototypeOf } from './kind.js';
import { layOut } from './layout.js';
import {
  append,
  bareList,
  bigintToString,
  bigintValue,
  booleanValue,
  bufferByteLength,
  dateGetTime,
  dateToIso,
  functionToString,
  getOwnPropertyDescriptor,
  hasOwn,
  is,
  mapEntries,
  mapSize,
  nextMapEntry,
  nextSetValue,
  numberValue,
  ownKeys,
  regExpFlags,
  regExpSource,
  setSize,
  setValues,
  stringStartsWith,
  stringValue,
  symbolToString,
  symbolValue,
  toNumber,
  toText,
  typedArrayLength,
  typedArrayName,
} from './primordials.js';
import { proxyTarget } from './proxies.js';
import { isPlainKey, quote } from './quote.js';

/** @typedef {import('./budget.js').Budget} Budget */

/** @type {(value: unknown) => string} */
export function inspect(value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'string')) {
    return showPrimitive(value);
  }
  return show(value, newBudget({ ancestors: bareList([]), circular: bareList([]) }));
}

/** As `inspect`, but a string is itself: what `console.log` prints and what a value's preview is. */
export function display(/** @type {unknown} */ value) {
  if (typeof value !== 'string') return inspect(value);
  return spend(newBudget({ ancestors: bareList([]), circular: bareList([]) }), value);
}

/** @type {(value: unknown, budget: Budget) => string} */
function show(value, budget) {
  if (isSpent(budget)) return '…';
  if (typeof value === 'string') return showString(value, budget);
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    return spend(budget, showPrimitive(value));
  }
  return showObject(value, budget);
}

/** @type {(text: string, budget: Budget) => string} */
function showString(text, budget) {
  return quote(spend(budget, text));
}

/** @type {(value: unknown) => string} */
function showPrimitive(value) {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${bigintToString(value)}n`;
  if (typeof value === 'symbol') return symbolToString(value);
  return is(value, -0) ? '-0' : toText(value);
}

/** @type {(object: object, budget: Budget) => string} */
function showObject(object, budget) {
  budget.nodes -= 1;
  const { ancestors } = budget;
  for (let index = 0; index < ancestors.length; index += 1) {
    if (ancestors[index] === object) return `[Circular *${circularNumber(object, budget)}]`;
  }
  const kind = kindOfObject(object);
  if (ancestors.length > maxDepth && kind !== 'function') return spend(budget, `[${classNameOf(object) ?? 'Object'}]`);
  append(ancestors, object);
  const text = showParts(object, kind, budget);
  ancestors.length -= 1;
  const number = indexIn(budget.circular, object);
  return number < 0 ? text : `<ref *${number + 1}> ${text}`;
}

/** @type {(object: object, budget: Budget) => number} */
function circularNumber(object, budget) {
  const known = indexIn(budget.circular, object);
  if (known >= 0) return known + 1;
  append(budget.circular, object);
  return budget.circular.length;
}

/** @type {(list: object[], item: object) => number} */
function indexIn(list, item) {
  for (let index = 0; index < list.length; index += 1) if (list[index] === item) return index;
  return -1;
}

/** @type {(object: object, kind: string, budget: Budget) => string} */
function showParts(object, kind, budget) {
  if (kind === 'proxy') return `Proxy(${show(proxyTarget(object), budget)})`;
  /** @type {string[]} */
  const entries = bareList([]);
  const prefix = spend(budget, showHead(object, kind, budget, entries));
  if (kind !== 'array' && kind !== 'typedarray') addProperties(object, kind === 'error', budget, entries);
  const isList = kind === 'array' || kind === 'typedarray';
  if (entries.length === 0 && isComplete(kind)) return prefix;
  return layOut({ prefix, entries, open: isList ? '[' : '{', close: isList ? ']' : '}' });
}

/** @type {(kind: string) => boolean} kinds whose head says it all where there are no further properties */
const isComplete = (kind) =>
  kind === 'function' || kind === 'date' || kind === 'regexp' || kind === 'error' || kind === 'boxed';

/**
 * The part before the braces; adds the entries that a built-in keeps inside.
 * @type {(object: object, kind: string, budget: Budget, entries: string[]) => string}
 */
function showHead(object, kind, budget, entries) {
  const name = classNameOf(object);
  switch (kind) {
    case 'function':
      return functionHead(object, name);
    case 'array':
      addElements(/** @type {unknown[]} */ (object), budget, entries);
      return name === 'Array'
        ? ''
        : `${name ?? '[Array: null prototype]'}(${/** @type {unknown[]} */ (object).length})`;
    case 'date':
      return isNaNTime(object) ? 'Invalid Date' : dateToIso(/** @type {Date} */ (object));
    case 'regexp':
      return `/${toText(regExpSource(object))}/${regExpFlags(object)}`;
    case 'error':
      return errorHeadOf(object);
    case 'map':
      addMapEntries(object, budget, entries);
      return `${name ?? 'Map'}(${toText(mapSize(object))})`;
    case 'set':
      addSetValues(object, budget, entries);
      return `${name ?? 'Set'}(${toText(setSize(object))})`;
    case 'typedarray':
      addTypedElements(object, budget, entries);
      return `${toText(typedArrayName(object))}(${toText(typedArrayLength(object))})`;
    case 'arraybuffer':
      append(entries, `byteLength: ${toText(bufferByteLength(object))}`);
      return name ?? 'ArrayBuffer';
    case 'promise':
      append(entries, showPromise(object, budget));
      return name ?? 'Promise';
    case 'weakmap':
    case 'weakset':
      append(entries, '<items unknown>');
      return name ?? 'WeakSet';
    case 'boxed':
      return boxedHead(object);
    default:
      return objectHead(object, name);
  }
}

/** @type {(object: object, name: string | undefined) => string} */
function objectHead(object, name) {
  if (name === 'Object') return '';
  if (name !== undefined) return name;
  return prototypeOf(object) === null ? '[Object: null prototype]' : 'Object';
}

/** @type {(object: object, constructorName: string | undefined) => string} */
function functionHead(object, constructorName) {
  const own = getOwnPropertyDescriptor(object, 'name');
  const name = own !== undefined && hasOwn(own, 'value') && typeof own.value === 'string' ? own.value : '';
  if (stringStartsWith(functionToString(/** @type {Function} */ (object)), 'class')) {
    const parent = prototypeOf(object);
    const parentName = parent === null ? undefined : getOwnPropertyDescriptor(parent, 'name')?.value;
    const base = typeof parentName === 'string' && parentName !== '' ? ` extends ${parentName}` : '';
    return `[class ${name === '' ? '(anonymous)' : name}${base}]`;
  }
  return `[${constructorName ?? 'Function'}${name === '' ? ' (anonymous)' : `: ${name}`}]`;
}

/** Nested errors keep their stack, as in Node; the frames say where they come from. */
const errorHeadOf = (/** @type {object} */ object) => errorStack(object);

const isNaNTime = (/** @type {object} */ object) => is(dateGetTime(/** @type {Date} */ (object)), NaN);

/** @type {readonly ((object: never) => unknown)[]} */
const unboxers = bareList([numberValue, stringValue, booleanValue, bigintValue, symbolValue]);
const boxNames = bareList(['Number', 'String', 'Boolean', 'BigInt', 'Symbol']);

/** @type {(object: object) => string} */
function boxedHead(object) {
  for (let index = 0; index < unboxers.length; index += 1) {
    try {
      return `[${boxNames[index]}: ${showPrimitive(unboxers[index]?.(/** @type {never} */ (object)))}]`;
    } catch {
      // Another box: ask the next.
    }
  }
  return '[Object]';
}

/** @type {(object: object, budget: Budget) => string} */
function showPromise(object, budget) {
  const state = promiseState(object);
  if (state === 'pending') return '<pending>';
  const result = show(promiseResult(object), budget);
  return state === 'rejected' ? `<rejected> ${result}` : result;
}

/** The longest array whose keys are listed; longer ones are probed index by index, for listing costs every key. */
const longestListed = 1000;

/** @type {(array: unknown[], budget: Budget, entries: string[]) => void} */
function addElements(array, budget, entries) {
  let next = 0;
  for (let shown = 0; next < array.length; shown += 1) {
    if (shown === maxEntries || isSpent(budget)) return append(entries, moreItems(array.length - next));
    const index = nextIndex(array, next);
    if (index > next) append(entries, emptyItems(index - next));
    if (index < array.length) append(entries, showProperty(array, toText(index), budget));
    next = index + 1;
  }
  if (array.length <= longestListed) addNamed(array, budget, entries);
}

/** Index of the next element at or after `from`, or the length where there is none. */
function nextIndex(/** @type {unknown[]} */ array, /** @type {number} */ from) {
  const probes = from + longestListed < array.length ? from + longestListed : array.length;
  for (let index = from; index < probes; index += 1) if (hasOwn(array, index)) return index;
  if (probes === array.length) return probes;
  const keys = ownKeys(array);
  for (let index = 0; index < keys.length; index += 1) {
    const position = typeof keys[index] === 'string' ? toNumber(keys[index]) : NaN;
    if (position >= from && position < array.length) return position;
  }
  return array.length;
}

/** The properties of an array that are no elements, such as `index` of a match. */
function addNamed(/** @type {unknown[]} */ array, /** @type {Budget} */ budget, /** @type {string[]} */ entries) {
  const keys = ownKeys(array);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string | symbol} */ (keys[index]);
    if (typeof key === 'string' && (key === 'length' || toNumber(key) >= 0)) continue;
    if (isSpent(budget)) return;
    append(entries, `${showKey(key)}: ${showProperty(array, key, budget)}`);
  }
}

const emptyItems = (/** @type {number} */ count) => `<${count} empty item${count === 1 ? '' : 's'}>`;
const moreItems = (/** @type {number} */ count) => `... ${count} more item${count === 1 ? '' : 's'}`;

/** @type {(object: object, budget: Budget, entries: string[]) => void} */
function addTypedElements(object, budget, entries) {
  const array = /** @type {Uint8Array} */ (object);
  const length = /** @type {number} */ (typedArrayLength(object));
  for (let index = 0; index < length; index += 1) {
    if (index === maxEntries || isSpent(budget)) return append(entries, moreItems(length - index));
    append(entries, show(array[index], budget));
  }
}

/** @type {(object: object, budget: Budget, entries: string[]) => void} */
function addMapEntries(object, budget, entries) {
  const iterator = mapEntries(/** @type {Map<unknown, unknown>} */ (object));
  const size = /** @type {number} */ (mapSize(object));
  for (let count = 0; count < size; count += 1) {
    if (count === maxEntries || isSpent(budget)) return append(entries, moreItems(size - count));
    const pair = nextMapEntry(iterator).value;
    append(entries, `${show(pair[0], budget)} => ${show(pair[1], budget)}`);
  }
}

/** @type {(object: object, budget: Budget, entries: string[]) => void} */
function addSetValues(object, budget, entries) {
  const iterator = setValues(/** @type {Set<unknown>} */ (object));
  const size = /** @type {number} */ (setSize(object));
  for (let count = 0; count < size; count += 1) {
    if (count === maxEntries || isSpent(budget)) return append(entries, moreItems(size - count));
    append(entries, show(nextSetValue(iterator).value, budget));
  }
}

/** What an error's head has said already. */
const isErrorText = (/** @type {unknown} */ key) => key === 'name' || key === 'message' || key === 'stack';

/** @type {(object: object, isError: boolean, budget: Budget, entries: string[]) => void} */
function addProperties(object, isError, budget, entries) {
  const keys = ownKeys(object);
  let shown = 0;
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string | symbol} */ (keys[index]);
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor?.enumerable !== true || (isError && isErrorText(key))) continue;
    if (shown === maxEntries || isSpent(budget)) return append(entries, '...');
    append(entries, `${spend(budget, showKey(key))}: ${showProperty(object, key, budget)}`);
    shown += 1;
  }
}

/** @type {(key: string | symbol) => string} */
function showKey(key) {
  if (typeof key === 'symbol') return `[${symbolToString(key)}]`;
  return isPlainKey(key) ? key : quote(key);
}

/** @type {(object: object, key: string | symbol, budget: Budget) => string} */
function showProperty(object, key, budget) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || hasOwn(descriptor, 'value')) return show(descriptor?.value, budget);
  if (descriptor.get === undefined) return spend(budget, '[Setter]');
  return spend(budget, descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]');
}
