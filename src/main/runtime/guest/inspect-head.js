// @ts-check
/** What stands before the braces of an object: its class, and for some kinds all there is to say. */
import { shorten } from './budget.js';
import { errorStack } from './error-text.js';
import { classNameOf, dataProperty, isBare, ownData, prototypeOf } from './kind.js';
import {
  bareList,
  bigintValue,
  booleanValue,
  dateGetTime,
  dateToIso,
  functionToString,
  hasOwn,
  hasOwnEnumerable,
  is,
  iteratorKey,
  mapSize,
  numberValue,
  objectToString,
  regExpFlags,
  regExpSource,
  setSize,
  stringIncludes,
  stringStartsWith,
  stringValue,
  symbolValue,
  tagKey,
  toText,
  typedArrayLength,
  typedArrayName,
} from './primordials.js';
import { showPrimitive } from './quote.js';

/**
 * `base` says all there is to say where an object has no entries, such as a date; `prefix` stands before the brace.
 * @typedef {{ readonly base: string, readonly prefix: string }} Head
 */

/** @type {(base: string) => Head} */
const complete = (base) => ({ base, prefix: '' });
/** @type {(prefix: string) => Head} */
const opening = (prefix) => ({ base: '', prefix });

/** @type {(object: object, kind: string) => Head} */
export function headOf(object, kind) {
  const name = classNameOf(object);
  switch (kind) {
    case 'function':
      return complete(functionHead(/** @type {Function} */ (object), name));
    case 'date':
      return complete(classMark(object, name, 'Date') + dateText(/** @type {Date} */ (object)));
    case 'regexp':
      return complete(
        classMark(object, name, 'RegExp') + '/' + toText(regExpSource(object)) + '/' + regExpFlags(object),
      );
    case 'error':
      return complete(errorText(object));
    case 'boxed':
      return complete(boxedText(object, name));
    case 'array': {
      const classed = classText(object, name, 'Array', '(' + /** @type {unknown[]} */ (object).length + ')');
      return opening(name === 'Array' && tagOf(object, name) === '' ? '' : classed);
    }
    case 'object':
      return opening(objectPrefix(object, name));
    default:
      return opening(classText(object, name, fallbackOf(object, kind), sizeOf(object, kind)));
  }
}

/**
 * An object that lies too deep, by its class alone.
 * @type {(object: object, kind: string) => string}
 */
export function briefOf(object, kind) {
  const name = classNameOf(object);
  return '[' + classText(object, name, kind === 'array' ? 'Array' : fallbackOf(object, kind), '') + ']';
}

/** @type {(object: object, kind: string) => string} */
function sizeOf(object, kind) {
  if (kind === 'map') return '(' + toText(mapSize(object)) + ')';
  if (kind === 'set') return '(' + toText(setSize(object)) + ')';
  return kind === 'typedarray' ? '(' + toText(typedArrayLength(object)) + ')' : '';
}

/** @type {(object: object, kind: string) => string} */
function fallbackOf(object, kind) {
  if (kind === 'typedarray') return toText(typedArrayName(object));
  return kind === 'object' && dataProperty(object, tagKey) === 'Module' ? 'Module' : 'Object';
}

/** @type {(object: object, name: string | undefined) => string} */
function objectPrefix(object, name) {
  if (name === 'Object' && isArguments(object)) return '[Arguments]';
  const classed = classText(object, name, fallbackOf(object, 'object'), '');
  return classed === 'Object' ? '' : classed;
}

/**
 * Class, size, and the tag where it says something else: `Foo(2) [Map]`.
 * @type {(object: object, name: string | undefined, fallback: string, size: string) => string}
 */
function classText(object, name, fallback, size) {
  const known = name ?? (isBare(object) ? undefined : 'Object <' + strangePrototype + '>');
  const tag = tagOf(object, name);
  if (known === undefined) {
    return '[' + fallback + size + ': null prototype]' + (tag === '' || tag === fallback ? '' : ' [' + tag + ']');
  }
  return known + size + (tag === '' || tag === known ? '' : ' [' + tag + ']');
}

/** What an object without any class inherits from. */
const strangePrototype = '[Object: null prototype] {}';

/** The class of what is not shown by its class else, where it is a class of the guest. */
function classMark(
  /** @type {object} */ object,
  /** @type {string | undefined} */ name,
  /** @type {string} */ builtIn,
) {
  const classed = classText(object, name, builtIn, '');
  return classed === builtIn ? '' : classed + ' ';
}

/** What Object.prototype.toString would say of it, such as `Generator`, where the entries do not. */
function tagOf(/** @type {object} */ object, /** @type {string | undefined} */ name) {
  const tag = typedArrayName(object) ?? dataProperty(object, tagKey);
  return typeof tag !== 'string' || tag === name || hasOwnEnumerable(object, tagKey) ? '' : shorten(tag);
}

/** Asked only where the answer depends on no tag, which could be a getter. */
function isArguments(/** @type {object} */ object) {
  if (!hasOwn(object, iteratorKey) || !hasOwn(object, 'length')) return false;
  for (let holder = object; holder !== null; holder = /** @type {object} */ (prototypeOf(holder))) {
    if (hasOwn(holder, tagKey)) return false;
  }
  return objectToString(object) === '[object Arguments]';
}

const functionKinds = bareList(['AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction']);

/** @type {(object: Function, className: string | undefined) => string} */
function functionHead(object, className) {
  if (stringStartsWith(functionToString(object), 'class')) return classHead(object, className);
  const name = ownName(object);
  let kind = 'Function';
  for (let index = 0; index < functionKinds.length; index += 1) {
    if (functionKinds[index] === className) kind = /** @type {string} */ (className);
  }
  const inherits = className === undefined ? ' (null prototype)' : '';
  const head = '[' + kind + inherits + (name === '' ? ' (anonymous)' : ': ' + name) + ']';
  return className === undefined || className === kind ? head : head + ' ' + className;
}

/** @type {(object: Function, className: string | undefined) => string} */
function classHead(object, className) {
  const name = ownName(object);
  const parent = prototypeOf(object);
  const parentName = parent === null ? 'null' : ownName(parent);
  const metaclass = className === undefined || className === 'Function' ? '' : ' [' + className + ']';
  const heritage = parentName === '' ? '' : ' extends ' + parentName;
  return '[class ' + (name === '' ? '(anonymous)' : name) + metaclass + heritage + ']';
}

function ownName(/** @type {object} */ object) {
  const name = ownData(object, 'name');
  return typeof name === 'string' ? shorten(name) : '';
}

const dateText = (/** @type {Date} */ date) => (is(dateGetTime(date), NaN) ? 'Invalid Date' : dateToIso(date));

/** An error that has no frames is told from a text by its brackets. */
function errorText(/** @type {object} */ error) {
  const stack = errorStack(error);
  return stringIncludes(stack, '\n    at ') ? stack : '[' + stack + ']';
}

/** @typedef {{ readonly name: string, readonly unbox: (object: never) => unknown }} Box */

/** @type {readonly Box[]} */
const boxes = bareList([
  { name: 'Number', unbox: numberValue },
  { name: 'String', unbox: stringValue },
  { name: 'Boolean', unbox: booleanValue },
  { name: 'BigInt', unbox: bigintValue },
  { name: 'Symbol', unbox: symbolValue },
]);

/** @type {(object: object, className: string | undefined) => string} */
function boxedText(object, className) {
  for (let index = 0; index < boxes.length; index += 1) {
    const box = /** @type {Box} */ (boxes[index]);
    try {
      const content = box.unbox(/** @type {never} */ (object));
      const shown = showPrimitive(typeof content === 'string' ? shorten(content) : content);
      return '[' + box.name + (className === box.name ? '' : ' (' + className + ')') + ': ' + shown + ']';
    } catch {
      // Another box: ask the next.
    }
  }
  return '[Object]';
}
