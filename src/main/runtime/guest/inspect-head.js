// @ts-check
/** What stands before the braces of an object: its class, and for some kinds all there is to say. */
import { shorten } from './budget.js';
import { errorStack } from './error-text.js';
import { classNameOf, dataProperty, prototypeOf } from './kind.js';
import {
  bareList,
  bigintValue,
  booleanValue,
  dateGetTime,
  dateToIso,
  functionToString,
  getOwnPropertyDescriptor,
  hasOwn,
  hasOwnEnumerable,
  is,
  mapSize,
  numberValue,
  regExpFlags,
  regExpSource,
  setSize,
  stringStartsWith,
  stringValue,
  symbolValue,
  tagKey,
  toText,
  typedArrayLength,
  typedArrayName,
} from './primordials.js';
import { showPrimitive } from './quote.js';

/** Whether the head says it all, where there are no further properties. */
export const isAllHead = (/** @type {string} */ kind) =>
  kind === 'function' || kind === 'date' || kind === 'regexp' || kind === 'error' || kind === 'boxed';

/** @type {(object: object, kind: string) => string} */
export function headOf(object, kind) {
  const name = classNameOf(object);
  switch (kind) {
    case 'function':
      return functionHead(object, name);
    case 'array':
      return name === 'Array'
        ? ''
        : (name ?? '[Array: null prototype]') + '(' + /** @type {unknown[]} */ (object).length + ')';
    case 'date':
      return dateHead(/** @type {Date} */ (object));
    case 'regexp':
      return '/' + toText(regExpSource(object)) + '/' + regExpFlags(object);
    case 'error':
      return errorStack(object);
    case 'map':
      return (name ?? 'Map') + '(' + toText(mapSize(object)) + ')';
    case 'set':
      return (name ?? 'Set') + '(' + toText(setSize(object)) + ')';
    case 'typedarray':
      return toText(typedArrayName(object)) + '(' + toText(typedArrayLength(object)) + ')';
    case 'boxed':
      return boxedHead(object);
    default:
      return objectHead(object, name);
  }
}

/** @type {(object: object, name: string | undefined) => string} */
function objectHead(object, name) {
  const tag = tagOf(object, name);
  if (name === undefined && tag === 'Module') return '[Module: null prototype]';
  if (tag !== '') return (name ?? bareHead(object)) + ' [' + tag + ']';
  return name === 'Object' ? '' : (name ?? bareHead(object));
}

const bareHead = (/** @type {object} */ object) =>
  prototypeOf(object) === null ? '[Object: null prototype]' : 'Object';

/** What Object.prototype.toString would say of it, such as `Generator`, where the class and the entries do not. */
function tagOf(/** @type {object} */ object, /** @type {string | undefined} */ name) {
  const tag = dataProperty(object, tagKey);
  return typeof tag !== 'string' || tag === name || hasOwnEnumerable(object, tagKey) ? '' : tag;
}

/** @type {(object: object, className: string | undefined) => string} */
function functionHead(object, className) {
  const name = ownName(object);
  if (!stringStartsWith(functionToString(/** @type {Function} */ (object)), 'class')) {
    return '[' + (className ?? 'Function') + (name === '' ? ' (anonymous)' : ': ' + name) + ']';
  }
  const parent = prototypeOf(object);
  const parentName = parent === null ? '' : ownName(parent);
  return '[class ' + (name === '' ? '(anonymous)' : name) + (parentName === '' ? '' : ' extends ' + parentName) + ']';
}

function ownName(/** @type {object} */ object) {
  const descriptor = getOwnPropertyDescriptor(object, 'name');
  if (descriptor === undefined || !hasOwn(descriptor, 'value')) return '';
  return typeof descriptor.value === 'string' ? descriptor.value : '';
}

const dateHead = (/** @type {Date} */ date) => (is(dateGetTime(date), NaN) ? 'Invalid Date' : dateToIso(date));

/** @typedef {{ readonly name: string, readonly unbox: (object: never) => unknown }} Box */

/** @type {readonly Box[]} */
const boxes = bareList([
  { name: 'Number', unbox: numberValue },
  { name: 'String', unbox: stringValue },
  { name: 'Boolean', unbox: booleanValue },
  { name: 'BigInt', unbox: bigintValue },
  { name: 'Symbol', unbox: symbolValue },
]);

/** @type {(object: object) => string} */
function boxedHead(object) {
  for (let index = 0; index < boxes.length; index += 1) {
    const box = /** @type {Box} */ (boxes[index]);
    try {
      const content = box.unbox(/** @type {never} */ (object));
      return '[' + box.name + ': ' + showPrimitive(typeof content === 'string' ? shorten(content) : content) + ']';
    } catch {
      // Another box: ask the next.
    }
  }
  return '[Object]';
}
