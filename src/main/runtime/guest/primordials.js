// @ts-check
/**
 * The built-ins as they were before guest code ran. Everything the prelude uses later comes from here, so that a guest
 * that replaces Array.prototype.push, TypeError or globalThis itself harms itself only. No other module of the prelude
 * names a global, and nor does a function of this one: such a name would be looked up when it is used.
 * Prelude code therefore avoids what looks up a method behind its back: spread, for-of, array destructuring, template
 * literals (QuickJS calls String.prototype.concat), method calls on values, and writes to ordinary arrays (a setter on
 * Array.prototype would see them: use `bareList`).
 */

/** The global object, whatever guests make of the name `globalThis`. */
export const globalObject = globalThis;

/** Built-ins that the prelude needs as such: to make one, or to know one by its prototype. */
export const natives = {
  Array,
  ArrayBuffer,
  BigInt,
  Boolean,
  DataView,
  Date,
  Error,
  EvalError,
  Map,
  Math,
  Number,
  Object,
  Promise,
  Proxy,
  RangeError,
  ReferenceError,
  RegExp,
  Set,
  String,
  Symbol,
  SyntaxError,
  TypeError,
  URIError,
  Uint8Array,
  WeakMap,
  WeakRef,
  WeakSet,
};

export const functionPrototype = Function.prototype;
const { bind, call } = functionPrototype;

export const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is } = Object;
const { setPrototypeOf } = Object;

export const toText = String;
export const toNumber = Number;
export const toInteger = parseInt;
export const toFloat = parseFloat;

/**
 * Turns a method into a function that takes its `this` first.
 * @type {<Self, Args extends unknown[], Result>(method: (this: Self, ...args: Args) => Result) => (self: Self, ...args: Args) => Result}
 */
const uncurryThis = /** @type {never} */ (bind.bind(/** @type {never} */ (call)));

/**
 * @param {object} prototype
 * @param {PropertyKey} key
 * @returns {(self: unknown) => unknown} the getter of an accessor property, as a function
 */
const getterOf = (prototype, key) => {
  const getter = getOwnPropertyDescriptor(prototype, key)?.get;
  if (getter === undefined) throw new natives.Error('No getter ' + toText(key));
  return uncurryThis(getter);
};

export const { apply, deleteProperty, ownKeys } = Reflect;
export const { isArray } = Array;
export const { parse: jsonParse, stringify: jsonStringify } = JSON;
export const { now: dateNow } = Date;
export const { isFinite: isFiniteNumber } = Number;
export const { floor, round, sqrt } = Math;

export const functionToString = uncurryThis(Function.prototype.toString);
export const objectToString = uncurryThis(Object.prototype.toString);
export const hasOwnEnumerable = uncurryThis(Object.prototype.propertyIsEnumerable);

export const stringEndsWith = uncurryThis(String.prototype.endsWith);
export const stringIncludes = uncurryThis(String.prototype.includes);
export const stringIndexOf = uncurryThis(String.prototype.indexOf);
export const stringLastIndexOf = uncurryThis(String.prototype.lastIndexOf);
export const stringPadEnd = uncurryThis(String.prototype.padEnd);
export const stringPadStart = uncurryThis(String.prototype.padStart);
export const stringRepeat = uncurryThis(String.prototype.repeat);
export const stringSlice = uncurryThis(String.prototype.slice);
export const stringStartsWith = uncurryThis(String.prototype.startsWith);
export const stringCodePointAt = uncurryThis(String.prototype.codePointAt);
export const stringCodeUnitAt = uncurryThis(String.prototype.charCodeAt);
export const stringTrim = uncurryThis(String.prototype.trim);

export const numberValue = uncurryThis(Number.prototype.valueOf);
export const numberToText = uncurryThis(Number.prototype.toString);
export const numberToFixed = uncurryThis(Number.prototype.toFixed);
export const stringValue = uncurryThis(String.prototype.valueOf);
export const booleanValue = uncurryThis(Boolean.prototype.valueOf);
export const bigintToString = uncurryThis(BigInt.prototype.toString);
export const bigintValue = uncurryThis(BigInt.prototype.valueOf);
export const symbolToString = uncurryThis(Symbol.prototype.toString);
export const symbolValue = uncurryThis(Symbol.prototype.valueOf);
export const dateGetTime = uncurryThis(Date.prototype.getTime);
export const dateToIso = uncurryThis(Date.prototype.toISOString);

export const mapGet = uncurryThis(Map.prototype.get);
export const mapSet = uncurryThis(Map.prototype.set);
export const mapDelete = uncurryThis(Map.prototype.delete);
export const mapClear = uncurryThis(Map.prototype.clear);
export const mapEntries = uncurryThis(Map.prototype.entries);
export const mapSize = getterOf(Map.prototype, 'size');
export const setValues = uncurryThis(Set.prototype.values);
export const setSize = getterOf(Set.prototype, 'size');
export const setHas = uncurryThis(Set.prototype.has);
export const weakMapGet = uncurryThis(WeakMap.prototype.get);
export const weakMapSet = uncurryThis(WeakMap.prototype.set);
export const weakMapHas = uncurryThis(WeakMap.prototype.has);
export const weakSetHas = uncurryThis(WeakSet.prototype.has);
export const weakRefDeref = uncurryThis(WeakRef.prototype.deref);

/** @type {(iterator: unknown) => { done?: boolean, value: [unknown, unknown] }} */
export const nextMapEntry = /** @type {never} */ (uncurryThis(getPrototypeOf(new Map().entries()).next));
/** @type {(iterator: unknown) => { done?: boolean, value: unknown }} */
export const nextSetValue = /** @type {never} */ (uncurryThis(getPrototypeOf(new Set().values()).next));

export const regExpExec = uncurryThis(RegExp.prototype.exec);
export const regExpSource = getterOf(RegExp.prototype, 'source');
const flagLetters = 'dgimsuvy';
const flagGetters = [
  getterOf(RegExp.prototype, 'hasIndices'),
  getterOf(RegExp.prototype, 'global'),
  getterOf(RegExp.prototype, 'ignoreCase'),
  getterOf(RegExp.prototype, 'multiline'),
  getterOf(RegExp.prototype, 'dotAll'),
  getterOf(RegExp.prototype, 'unicode'),
  getterOf(RegExp.prototype, 'unicodeSets'),
  getterOf(RegExp.prototype, 'sticky'),
];

/** The flags of a regular expression, without the `flags` getter, which reads properties that a guest may define. */
export const regExpFlags = (/** @type {unknown} */ expression) => {
  let flags = '';
  for (let index = 0; index < flagLetters.length; index += 1) {
    if (flagGetters[index]?.(expression) === true) flags += flagLetters[index];
  }
  return flags;
};

const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
export const typedArrayName = getterOf(typedArrayPrototype, Symbol.toStringTag);
export const typedArrayLength = getterOf(typedArrayPrototype, 'length');
export const typedArrayBuffer = getterOf(typedArrayPrototype, 'buffer');
export const typedArrayByteLength = getterOf(typedArrayPrototype, 'byteLength');
export const typedArrayByteOffset = getterOf(typedArrayPrototype, 'byteOffset');
export const bytesSet = uncurryThis(Uint8Array.prototype.set);
export const bufferSlice = uncurryThis(ArrayBuffer.prototype.slice);
export const bufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
export const viewByteLength = getterOf(DataView.prototype, 'byteLength');
export const viewByteOffset = getterOf(DataView.prototype, 'byteOffset');
export const viewBuffer = getterOf(DataView.prototype, 'buffer');
export { typedArrayPrototype };

export const { iterator: iteratorKey, toPrimitive: toPrimitiveKey, toStringTag: tagKey } = Symbol;

/** How the language itself turns objects into text. */
export const builtInConversions = new Set([
  Object.prototype.toString,
  Error.prototype.toString,
  Array.prototype.toString,
  Date.prototype.toString,
  RegExp.prototype.toString,
  Number.prototype.toString,
  String.prototype.toString,
  Boolean.prototype.toString,
  BigInt.prototype.toString,
  Symbol.prototype.toString,
  Date.prototype[Symbol.toPrimitive],
  Symbol.prototype[Symbol.toPrimitive],
]);

/**
 * A list without a prototype: writing an element never meets a setter that a guest put on Array.prototype.
 * @template Item
 * @param {Item[]} items
 * @returns {Item[]}
 */
export const bareList = (items) => setPrototypeOf(items, null);

/** @type {<Item>(list: Item[], item: Item) => void} */
export const append = (list, item) => {
  list[list.length] = item;
};

/** @type {(list: readonly string[], separator: string) => string} */
export const join = (list, separator) => {
  let text = '';
  for (let index = 0; index < list.length; index += 1) text += (index === 0 ? '' : separator) + list[index];
  return text;
};

// What the web globals need.

export const { freeze } = Object;
export const arraySort = uncurryThis(Array.prototype.sort);
export const setAdd = uncurryThis(Set.prototype.add);
export const stringToLowerCase = uncurryThis(String.prototype.toLowerCase);
export const stringToUpperCase = uncurryThis(String.prototype.toUpperCase);
export const stringToWellFormed = uncurryThis(
  /** @type {{ toWellFormed(): string }} */ (String.prototype).toWellFormed,
);
export const bufferTransfer = uncurryThis(
  /** @type {{ transfer(): ArrayBuffer }} */ (/** @type {unknown} */ (ArrayBuffer.prototype)).transfer,
);
export const typedArraySet = uncurryThis(Uint8Array.prototype.set);

/** Constructors of typed arrays by name. */
export const typedArrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array: /** @type {{ Float16Array?: Float32ArrayConstructor }} */ (/** @type {unknown} */ (globalObject))
    .Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
setPrototypeOf(typedArrays, null);

const arrayPrototype = Array.prototype;

/** A list of the prelude's as the ordinary array that a guest gets; the list is one from now on. */
export const plainArray = (/** @type {unknown[]} */ list) => setPrototypeOf(list, arrayPrototype);
