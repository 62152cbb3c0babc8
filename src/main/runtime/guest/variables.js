// @ts-check
/**
 * The variables of a session, as its user sees them: the lexical names, and what is on the global object and was not
 * there at first. Nothing is read that could run guest code. To tell what an execution has changed, a cheap mark of each
 * is kept from one execution to the next: the value of a primitive, and of an object which one it is and how many
 * entries it has. What changes deeper inside, or keeps its number of entries, goes unseen.
 */
import { isBuiltInName } from './built-in-names.js';
import { isDeclaredFunction } from './function-text.js';
import { brief, isPrimitive } from './inspect.js';
import { kindOfObject, ownData, typeOfValue } from './kind.js';
import { lexicalBinding, lexicalNames } from './lexical-scope.js';
import {
  append,
  floor,
  functionToString,
  getOwnPropertyDescriptor,
  globalObject,
  hasOwn,
  jsonStringify,
  mapGet,
  mapSet,
  mapSize,
  natives,
  ownKeys,
  setSize,
  stringSlice,
  stringStartsWith,
  toText,
  typedArrayLength,
  weakMapGet,
  weakMapSet,
} from './primordials.js';
import { sizeOf } from './size.js';

const maxNames = 1000;
const maxName = 200;

/** The user's names, and whether there are more, as JSON. */
export function variableNames() {
  const names = namesInOrder();
  const isCut = names.length > maxNames;
  if (isCut) names.length = maxNames;
  return jsonStringify({ __proto__: null, names, isCut });
}

/** @type {() => string[]} */
function namesInOrder() {
  const names = lexicalNames();
  const keys = ownKeys(globalObject);
  for (let index = 0; index < keys.length && names.length <= maxNames; index += 1) {
    const key = keys[index];
    if (typeof key === 'string' && !isBuiltInName(key) && key.length <= maxName) append(names, key);
  }
  return names;
}

/** One variable as the contract has it, as JSON. */
export function describeVariable(/** @type {string} */ name) {
  const { kind, value, state } = bindingOf(name);
  const isChanged = mapGet(before, name) !== mapGet(after, name);
  return jsonStringify({
    __proto__: null,
    name,
    kind,
    type: state === 'value' ? typeOfValue(value) : state,
    preview: state === 'value' ? brief(value) : '[' + state + ']',
    size_bytes: state === 'value' ? floor(sizeOf(value)) : 0,
    changed: isChanged,
  });
}

/** @typedef {{ readonly kind: string, readonly value: unknown, readonly state: 'value' | 'uninitialized' | 'accessor' }} Binding */

/** @type {(name: string) => Binding} */
function bindingOf(name) {
  const lexical = lexicalBinding(name);
  if (lexical !== undefined) return { kind: lexicalKind(name, lexical), value: lexical.value, state: 'value' };
  const descriptor = getOwnPropertyDescriptor(globalObject, name);
  if (descriptor === undefined) return { kind: 'let', value: undefined, state: 'uninitialized' };
  if (!hasOwn(descriptor, 'value')) return { kind: 'global', value: undefined, state: 'accessor' };
  if (descriptor.configurable === true) return { kind: 'global', value: descriptor.value, state: 'value' };
  const kind =
    typeof descriptor.value === 'function' && ownData(descriptor.value, 'name') === name ? 'function' : 'var';
  return { kind, value: descriptor.value, state: 'value' };
}

/** @type {(name: string, binding: PropertyDescriptor) => string} */
function lexicalKind(name, { value, writable }) {
  if (typeof value === 'function' && kindOfObject(value) === 'function') {
    const source = functionToString(value);
    if (stringStartsWith(source, 'class ' + name)) return 'class';
    if (isDeclaredFunction(value) || isDeclared(source, name)) return 'function';
  }
  return writable === false ? 'const' : 'let';
}

/** Whether the source of a function is that of a declaration of the name. */
const isDeclared = (/** @type {string} */ source, /** @type {string} */ name) =>
  stringStartsWith(source, 'function ' + name) ||
  stringStartsWith(source, 'function* ' + name) ||
  stringStartsWith(source, 'async function ' + name) ||
  stringStartsWith(source, 'async function* ' + name);

/** @type {(value: Function) => boolean} */
export const isClass = (value) =>
  kindOfObject(value) === 'function' && stringStartsWith(functionToString(value), 'class');

/** @type {Map<string, string>} marks by name, when the execution before the last one had ended */
let before = new natives.Map();
/** @type {Map<string, string>} and when the last one had */
let after = before;

/** Called when an execution has ended. */
export function noteVariables() {
  /** @type {Map<string, string>} */
  const marks = new natives.Map();
  const names = namesInOrder();
  for (let index = 0; index < names.length; index += 1) {
    const name = /** @type {string} */ (names[index]);
    const { value, state } = bindingOf(name);
    mapSet(marks, name, state === 'value' ? markOf(value) : state);
  }
  before = after;
  after = marks;
}

const longestMarked = 100;

/** @type {(value: unknown) => string} */
function markOf(value) {
  if (typeof value === 'string') return 'string ' + value.length + endsOf(value);
  if (typeof value === 'bigint') return value < maxMarked && value > -maxMarked ? toText(value) + 'n' : 'bigint';
  if (typeof value === 'symbol') return 'symbol';
  if (isPrimitive(value)) return typeof value + ' ' + toText(value);
  const object = /** @type {object} */ (value);
  return 'object ' + numberOf(object) + ' ' + countIn(object);
}

const maxMarked = 2n ** 256n;

/** Long texts are told apart by their ends. */
const endsOf = (/** @type {string} */ text) =>
  text.length <= longestMarked ? text : stringSlice(text, 0, longestMarked) + stringSlice(text, -longestMarked);

/** @type {WeakMap<object, number>} */
const numbers = new natives.WeakMap();
let lastNumber = 0;

/** @type {(object: object) => number} which object it is */
function numberOf(object) {
  const known = weakMapGet(numbers, object);
  if (known !== undefined) return known;
  lastNumber += 1;
  weakMapSet(numbers, object, lastNumber);
  return lastNumber;
}

/** Objects with more properties are counted once, and not again: counting lists them all. */
const mostCounted = 1000;
/** @type {WeakMap<object, true>} */
const large = new natives.WeakMap();

/** @type {(object: object) => number} */
function countIn(object) {
  const kind = kindOfObject(object);
  if (kind === 'array') return /** @type {unknown[]} */ (object).length;
  if (kind === 'map') return /** @type {number} */ (mapSize(object));
  if (kind === 'set') return /** @type {number} */ (setSize(object));
  if (kind === 'typedarray') return /** @type {number} */ (typedArrayLength(object));
  if (kind === 'proxy' || kind === 'boxed' || weakMapGet(large, object) === true) return 0;
  const { length } = ownKeys(object);
  if (length > mostCounted) weakMapSet(large, object, true);
  return length;
}
