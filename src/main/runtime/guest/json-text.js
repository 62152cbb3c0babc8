// @ts-check
/**
 * JSON.stringify with a limit. The built-in one cannot be stopped inside a large or shared structure (a graph of thirty
 * objects can mean a gigabyte of text), so objects are walked here, in code that the engine interrupts, and given up as
 * soon as the text is too long. Like JSON.stringify it reads getters and calls toJSON: that is guest code, on guest time.
 */

import { kindOfObject } from './kind.js';
import {
  apply,
  bigintValue,
  booleanValue,
  hasOwnEnumerable,
  isArray,
  jsonStringify,
  natives,
  numberValue,
  ownKeys,
  stringValue,
  toNumber,
  toText,
  typedArrayLength,
  typedArrayName,
} from './primordials.js';
import { isProxy } from './proxies.js';

const maxDepth = 200;

/** Made once: constructing an error runs a guest's Error.prepareStackTrace. */
const tooLarge = new natives.Error('Too large');

/** @typedef {{ left: number, depth: number }} Allowance */

/**
 * @param {unknown} value
 * @param {number} maxLength in UTF-16 units of the text
 * @returns {string | undefined} undefined where the value has no JSON, is circular or nested too deep, throws, or is too long
 */
export function jsonText(value, maxLength) {
  try {
    return write('', value, { left: maxLength, depth: 0 });
  } catch {
    return undefined;
  }
}

/** @type {(key: string, value: unknown, allowance: Allowance) => string | undefined} */
function write(key, value, allowance) {
  const plain = unwrap(key, value);
  if (plain === null || typeof plain !== 'object') return writePrimitive(plain, allowance);
  allowance.depth += 1;
  if (allowance.depth > maxDepth) throw tooLarge;
  const text = isArray(plain) ? writeArray(plain, allowance) : writeObject(plain, allowance);
  allowance.depth -= 1;
  return text;
}

/** @type {(value: unknown, allowance: Allowance) => string | undefined} */
function writePrimitive(value, allowance) {
  if (typeof value === 'string' && value.length > allowance.left) throw tooLarge;
  if (typeof value === 'bigint') throw tooLarge;
  const text = jsonStringify(value);
  if (text !== undefined) pay(allowance, text.length);
  return text;
}

/** Applies toJSON, then takes a number, string or boolean out of its box. */
function unwrap(/** @type {string} */ key, /** @type {unknown} */ value) {
  let plain = value;
  if ((typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'bigint') {
    const toJson = /** @type {{ toJSON?: unknown }} */ (value).toJSON;
    if (typeof toJson === 'function') plain = apply(toJson, value, [key]);
  }
  if (typeof plain !== 'object' || plain === null || isProxy(plain)) return plain;
  return kindOfObject(plain) === 'boxed' ? unbox(plain) : plain;
}

/** @type {(box: object) => unknown} */
function unbox(box) {
  if (holds(numberValue, box)) return toNumber(box);
  if (holds(stringValue, box)) return toText(box);
  if (holds(booleanValue, box)) return booleanValue(/** @type {never} */ (box));
  return holds(bigintValue, box) ? bigintValue(/** @type {never} */ (box)) : box;
}

/** @type {(slot: (box: never) => unknown, box: object) => boolean} */
function holds(slot, box) {
  try {
    slot(/** @type {never} */ (box));
    return true;
  } catch {
    return false;
  }
}

/** @type {(array: unknown[], allowance: Allowance) => string} */
function writeArray(array, allowance) {
  let text = '[';
  const { length } = array;
  for (let index = 0; index < length; index += 1) {
    if (index > 0) text += ',';
    pay(allowance, 1);
    text += write(toText(index), array[index], allowance) ?? 'null';
  }
  return text + ']';
}

/** @type {(object: object, allowance: Allowance) => string} */
function writeObject(object, allowance) {
  if (isTypedArray(object) && /** @type {number} */ (typedArrayLength(object)) > allowance.left) throw tooLarge;
  const keys = ownKeys(object);
  let text = '';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (typeof key !== 'string' || !hasOwnEnumerable(object, key)) continue;
    const value = write(key, /** @type {Record<string, unknown>} */ (object)[key], allowance);
    if (value === undefined) continue;
    if (key.length > allowance.left) throw tooLarge;
    const member = jsonStringify(key) + ':';
    pay(allowance, member.length + 1);
    text += (text === '' ? '' : ',') + member + value;
  }
  return '{' + text + '}';
}

const isTypedArray = (/** @type {object} */ object) => typedArrayName(object) !== undefined;

/** @type {(allowance: Allowance, length: number) => void} */
function pay(allowance, length) {
  allowance.left -= length;
  if (allowance.left < 0) throw tooLarge;
}
