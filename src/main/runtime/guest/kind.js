// @ts-check
/**
 * Says what a value is without running guest code: no trap, no getter, no Symbol.toStringTag. An object is a Map when
 * Map.prototype is in its chain *and* it has a Map's inner slot; the chain is walked first because asking for a slot
 * that is not there throws, and throwing for every plain object would be most of a preview's cost.
 */
import { promiseState } from './host.js';
import {
  bigintValue,
  booleanValue,
  bufferByteLength,
  dateGetTime,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  isArray,
  mapGet,
  mapSet,
  mapSize,
  natives,
  numberValue,
  regExpSource,
  setSize,
  stringValue,
  symbolValue,
  typedArrayName,
  typedArrayPrototype,
  viewByteLength,
  weakMapHas,
  weakRefDeref,
  weakSetHas,
} from './primordials.js';
import { isProxy } from './proxies.js';

/** @typedef {{ readonly kind: string, readonly slot: (object: never) => unknown }} Brand */

const marker = {};

/** @type {Map<object, Brand>} */
const brands = new natives.Map();

/** @type {(prototype: object, kind: string, slot: (object: never) => unknown) => void} */
const brand = (prototype, kind, slot) => {
  mapSet(brands, prototype, { kind, slot });
};

brand(natives.Error.prototype, 'error', () => undefined);
brand(natives.Date.prototype, 'date', dateGetTime);
brand(natives.RegExp.prototype, 'regexp', (object) =>
  object === natives.RegExp.prototype ? missingSlot() : regExpSource(object),
);
brand(natives.Map.prototype, 'map', mapSize);
brand(natives.Set.prototype, 'set', setSize);
brand(natives.WeakMap.prototype, 'weakmap', (object) => weakMapHas(object, marker));
brand(natives.WeakSet.prototype, 'weakset', (object) => weakSetHas(object, marker));
brand(natives.WeakRef.prototype, 'weakref', weakRefDeref);
brand(natives.Promise.prototype, 'promise', (object) => promiseState(object) ?? missingSlot());
brand(natives.ArrayBuffer.prototype, 'arraybuffer', bufferByteLength);
brand(natives.DataView.prototype, 'dataview', viewByteLength);
brand(typedArrayPrototype, 'typedarray', (object) => typedArrayName(object) ?? missingSlot());
brand(natives.Number.prototype, 'boxed', numberValue);
brand(natives.String.prototype, 'boxed', stringValue);
brand(natives.Boolean.prototype, 'boxed', booleanValue);
brand(natives.BigInt.prototype, 'boxed', bigintValue);
brand(natives.Symbol.prototype, 'boxed', symbolValue);

/** @returns {never} */
function missingSlot() {
  throw new natives.TypeError('Not such an object');
}

/**
 * @param {object | Function} object
 * @returns {string} function, proxy, array, object, or the kind of a built-in
 */
export function kindOfObject(object) {
  if (isProxy(object)) return 'proxy';
  if (typeof object === 'function') return 'function';
  if (isArray(object)) return 'array';
  for (let prototype = prototypeOf(object); prototype !== null; prototype = prototypeOf(prototype)) {
    const found = mapGet(brands, prototype);
    if (found !== undefined && hasSlot(found, object)) return found.kind;
  }
  return 'object';
}

/** @type {(brand: Brand, object: object) => boolean} */
function hasSlot(brand, object) {
  try {
    brand.slot(/** @type {never} */ (object));
    return true;
  } catch {
    return false;
  }
}

/**
 * The JavaScript type that clients see.
 * @type {(value: unknown) => string}
 */
export function typeOfValue(value) {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value === 'function' && isProxy(value) ? 'proxy' : typeof value;
  const kind = kindOfObject(value);
  return kind === 'boxed' ? 'object' : kind;
}

/** So many items are looked at. */
const maxLooked = 100;

/**
 * Whether a value is a list of plain objects, which people like to see as a table.
 * @type {(value: unknown) => boolean}
 */
export function isListOfObjects(value) {
  if (typeof value !== 'object' || value === null || isProxy(value) || !isArray(value)) return false;
  for (let index = 0; index < value.length && index < maxLooked; index += 1) {
    if (!isPlainObject(ownData(value, index))) return false;
  }
  return value.length > 0;
}

/**
 * Whether a value is an object that is nothing else, as a literal makes it.
 * @type {(value: unknown) => boolean}
 */
export function isPlainObject(value) {
  if (typeof value !== 'object' || value === null || kindOfObject(value) !== 'object') return false;
  return isBare(value) || classNameOf(value) === 'Object';
}

/** The next object of the chain, or null where it ends or would run a trap. */
export function prototypeOf(/** @type {object} */ object) {
  return isProxy(object) ? null : getPrototypeOf(object);
}

/**
 * A property by name as plain data, own or inherited; undefined where reading it would run a getter or a trap.
 * @type {(object: object, key: PropertyKey) => unknown}
 */
export function dataProperty(object, key) {
  for (let holder = object; holder !== null && !isProxy(holder); holder = getPrototypeOf(holder)) {
    const descriptor = getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return hasOwn(descriptor, 'value') ? descriptor.value : undefined;
  }
  return undefined;
}

/**
 * Name of the class an object is an instance of, or undefined where its chain has none. A prototype is no instance of
 * the class it belongs to.
 * @type {(object: object) => string | undefined}
 */
export function classNameOf(object) {
  for (let holder = object; holder !== null && !isProxy(holder); holder = getPrototypeOf(holder)) {
    const maker = ownData(holder, 'constructor');
    if (typeof maker !== 'function' || isProxy(maker)) continue;
    const name = ownData(maker, 'name');
    if (typeof name === 'string' && name !== '' && isInstance(object, ownData(maker, 'prototype'))) return name;
  }
  return undefined;
}

/** @type {(object: object, prototype: unknown) => boolean} */
function isInstance(object, prototype) {
  for (let holder = prototypeOf(object); holder !== null; holder = prototypeOf(holder)) {
    if (holder === prototype) return true;
  }
  return false;
}

/** Whether an object inherits from nothing. */
export const isBare = (/** @type {object} */ object) => !isProxy(object) && getPrototypeOf(object) === null;

/**
 * An own property as plain data; undefined where there is none, or a getter.
 * @type {(object: object, key: PropertyKey) => unknown}
 */
export function ownData(object, key) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor.value : undefined;
}
