// @ts-check
/**
 * `structuredClone`: a copy of what is data, with its cycles, and a refusal of what is not. Copies are of this engine's
 * own classes; classes of the guest's become plain objects, as everywhere.
 */
import { defineHidden } from './define.js';
import { DOMException } from './dom-exception.js';
import { forEachOf } from './iteration.js';
import { classNameOf, dataProperty, kindOfObject } from './kind.js';
import {
  append,
  bareList,
  bigintValue,
  booleanValue,
  bufferTransfer,
  dateGetTime,
  defineProperty,
  getOwnPropertyDescriptor,
  hasOwnEnumerable,
  mapEntries,
  mapGet,
  mapSet,
  natives,
  nextMapEntry,
  nextSetValue,
  numberValue,
  ownKeys,
  regExpFlags,
  regExpSource,
  setAdd,
  setValues,
  stringValue,
  typedArrayBuffer,
  typedArrayByteOffset,
  typedArrayLength,
  typedArrayName,
  typedArrays,
  viewBuffer,
  viewByteLength,
  viewByteOffset,
} from './primordials.js';

/** Originals and their copies, in one call. @typedef {Map<object, object>} Copies */

export function structuredClone(/** @type {unknown[]} */ ...args) {
  if (args.length === 0) throw new natives.TypeError('structuredClone takes a value');
  const value = args[0];
  const options = /** @type {{ transfer?: unknown } | undefined} */ (args.length > 1 ? args[1] : undefined);
  /** @type {ArrayBuffer[]} */
  const moved = bareList([]);
  if (options?.transfer !== undefined) forEachOf(options.transfer, (buffer) => append(moved, transferable(buffer)));
  const copy = copyOf(value, new natives.Map());
  for (let index = 0; index < moved.length; index += 1) bufferTransfer(/** @type {ArrayBuffer} */ (moved[index]));
  return copy;
}

/** @type {(buffer: unknown) => ArrayBuffer} */
function transferable(buffer) {
  const isObject = typeof buffer === 'object' && buffer !== null;
  if (isObject && kindOfObject(buffer) === 'arraybuffer') return /** @type {ArrayBuffer} */ (buffer);
  const message = 'Only an ArrayBuffer can be transferred';
  throw isObject ? new DOMException(message, 'DataCloneError') : new natives.TypeError(message);
}

/** @type {(value: unknown, copies: Copies) => unknown} */
function copyOf(value, copies) {
  if (typeof value === 'symbol') throw refused('A symbol');
  if (typeof value === 'function') throw refused('A function');
  if (typeof value !== 'object' || value === null) return value;
  const existing = mapGet(copies, value);
  return existing === undefined ? copyOfObject(value, copies) : existing;
}

const refused = (/** @type {string} */ what) => new DOMException(what + ' could not be cloned', 'DataCloneError');

/** @type {(object: object, copies: Copies) => object} */
function copyOfObject(object, copies) {
  const kind = kindOfObject(object);
  const copy = emptyCopy(object, kind, copies);
  mapSet(copies, object, copy);
  fill(object, copy, kind, copies);
  return copy;
}

/** The copy without what it contains, so that cycles find it. @type {(object: object, kind: string, copies: Copies) => object} */
function emptyCopy(object, kind, copies) {
  switch (kind) {
    case 'object':
      return {};
    case 'array':
      return new natives.Array(/** @type {unknown[]} */ (object).length);
    case 'date':
      return new natives.Date(dateGetTime(/** @type {Date} */ (object)));
    case 'regexp':
      return new natives.RegExp(/** @type {string} */ (regExpSource(object)), regExpFlags(object));
    case 'map':
      return new natives.Map();
    case 'set':
      return new natives.Set();
    case 'error':
      return emptyError(object);
    case 'boxed':
      return boxedCopy(object);
    case 'arraybuffer':
      return bufferCopy(/** @type {ArrayBuffer} */ (object));
    case 'typedarray':
    case 'dataview':
      return viewCopy(object, kind, copies);
    default:
      throw refused('A ' + (classNameOf(object) ?? kind));
  }
}

/** @type {(object: object, copy: object, kind: string, copies: Copies) => void} */
function fill(object, copy, kind, copies) {
  if (kind === 'object' || kind === 'array') copyProperties(object, copy, copies);
  else if (kind === 'map') copyMap(object, /** @type {Map<unknown, unknown>} */ (copy), copies);
  else if (kind === 'set') copySet(object, /** @type {Set<unknown>} */ (copy), copies);
  else if (kind === 'error' && getOwnPropertyDescriptor(object, 'cause') !== undefined) {
    defineHidden(copy, 'cause', copyOf(dataProperty(object, 'cause'), copies));
  }
}

function copyProperties(/** @type {object} */ object, /** @type {object} */ copy, /** @type {Copies} */ copies) {
  const keys = ownKeys(object);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    if (typeof key !== 'string' || !hasOwnEnumerable(object, key)) continue;
    const value = copyOf(/** @type {Record<string, unknown>} */ (object)[key], copies);
    const descriptor = { __proto__: null, configurable: true, enumerable: true, writable: true, value };
    defineProperty(copy, key, /** @type {PropertyDescriptor} */ (descriptor));
  }
}

/** Entries are listed first: a getter among the values may change the original. */
function copyMap(/** @type {object} */ map, /** @type {Map<unknown, unknown>} */ copy, /** @type {Copies} */ copies) {
  /** @type {unknown[]} */
  const flat = bareList([]);
  const iterator = mapEntries(/** @type {Map<unknown, unknown>} */ (map));
  for (let entry = nextMapEntry(iterator); entry.done !== true; entry = nextMapEntry(iterator)) {
    append(flat, entry.value[0]);
    append(flat, entry.value[1]);
  }
  for (let index = 0; index < flat.length; index += 2) {
    mapSet(copy, copyOf(flat[index], copies), copyOf(flat[index + 1], copies));
  }
}

function copySet(/** @type {object} */ set, /** @type {Set<unknown>} */ copy, /** @type {Copies} */ copies) {
  /** @type {unknown[]} */
  const flat = bareList([]);
  const iterator = setValues(/** @type {Set<unknown>} */ (set));
  for (let entry = nextSetValue(iterator); entry.done !== true; entry = nextSetValue(iterator)) {
    append(flat, entry.value);
  }
  for (let index = 0; index < flat.length; index += 1) setAdd(copy, copyOf(flat[index], copies));
}

/** @type {(error: object) => Error} */
function emptyError(error) {
  const message = dataProperty(error, 'message');
  const copy = errorOf(dataProperty(error, 'name'), message === undefined ? undefined : '' + message);
  const stack = dataProperty(error, 'stack');
  if (typeof stack === 'string') defineHidden(copy, 'stack', stack);
  return copy;
}

/** @type {(name: unknown, message: string | undefined) => Error} */
function errorOf(name, message) {
  switch (name) {
    case 'EvalError':
      return new natives.EvalError(message);
    case 'RangeError':
      return new natives.RangeError(message);
    case 'ReferenceError':
      return new natives.ReferenceError(message);
    case 'SyntaxError':
      return new natives.SyntaxError(message);
    case 'TypeError':
      return new natives.TypeError(message);
    case 'URIError':
      return new natives.URIError(message);
    default:
      return new natives.Error(message);
  }
}

const unboxers = bareList([numberValue, stringValue, booleanValue, bigintValue]);

/** @type {(object: object) => object} */
function boxedCopy(object) {
  for (let index = 0; index < unboxers.length; index += 1) {
    try {
      return natives.Object(/** @type {(object: object) => unknown} */ (unboxers[index])(object));
    } catch {
      // Another box: ask the next.
    }
  }
  throw refused('A boxed symbol');
}

function bufferCopy(/** @type {ArrayBuffer} */ buffer) {
  const copy = new natives.Uint8Array(new natives.Uint8Array(buffer));
  return /** @type {ArrayBuffer} */ (typedArrayBuffer(copy));
}

/** Views of one buffer stay views of one buffer. @type {(view: object, kind: string, copies: Copies) => object} */
function viewCopy(view, kind, copies) {
  if (kind === 'dataview') {
    const copy = /** @type {ArrayBuffer} */ (copyOf(viewBuffer(view), copies));
    return new natives.DataView(
      copy,
      /** @type {number} */ (viewByteOffset(view)),
      /** @type {number} */ (viewByteLength(view)),
    );
  }
  const buffer = /** @type {ArrayBuffer} */ (copyOf(typedArrayBuffer(view), copies));
  const TypedArray = typedArrays[/** @type {'Uint8Array'} */ (typedArrayName(view))];
  return new TypedArray(
    buffer,
    /** @type {number} */ (typedArrayByteOffset(view)),
    /** @type {number} */ (typedArrayLength(view)),
  );
}
