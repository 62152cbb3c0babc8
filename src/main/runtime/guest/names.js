// @ts-check
/**
 * Names for completion: those in scope, and the members of what a chain of names leads to. The chain is followed over
 * data properties alone; a getter is named and never read, and a proxy ends it. Only what the prelude itself has put off
 * until its first use is had before, for that runs no guest code.
 */
import { isBuiltInName } from './built-in-names.js';
import { isPrimitive } from './inspect.js';
import { classNameOf, dataProperty, kindOfObject, ownData, prototypeOf, typeOfValue } from './kind.js';
import { lexicalBinding, lexicalNames } from './lexical-scope.js';
import {
  append,
  bareList,
  getOwnPropertyDescriptor,
  globalObject,
  hasOwn,
  jsonParse,
  jsonStringify,
  mapGet,
  mapSet,
  natives,
  ownKeys,
  stringSlice,
  stringStartsWith,
  typedArrayName,
} from './primordials.js';
import { isPlainKey } from './quote.js';
import { grantedModule } from './require.js';
import { isClass } from './variables.js';
import { lateGlobal } from './web-globals.js';

/** `rank` is 0 for the user's own, 1 for built-in names, and for members how far up the chain they were found. */
/** @typedef {{ readonly name: string, readonly rank: number, readonly kind: string, readonly type?: string, readonly from?: string }} Name */

/** @typedef {{ readonly names: Name[], readonly seen: Map<unknown, true> }} Listing */

/** A chain that begins like this begins at a native module. */
const nativeRoot = 'native:';

const maxNames = 2000;
/** Keys of longer lists are not listed: they are indexes, which no dot can be followed by. */
const longestListed = 1000;

/** @type {(json: string) => string} the names after a chain of names, or those in scope after an empty one, as JSON */
export function listNames(json) {
  /** @type {string[]} */
  const chain = jsonParse(json);
  /** @type {Listing} */
  const listing = { names: bareList([]), seen: new natives.Map() };
  if (chain.length === 0) addScope(listing);
  else addMembers(listing, follow(chain));
  return jsonStringify(listing.names);
}

/** @type {(listing: Listing) => void} */
function addScope(listing) {
  const names = lexicalNames();
  for (let index = 0; index < names.length; index += 1) {
    const name = /** @type {string} */ (names[index]);
    addName(listing, name, lexicalBinding(name), { rank: 0, isMember: false, from: undefined });
  }
  const keys = ownKeys(globalObject);
  for (let index = 0; index < keys.length; index += 1) {
    const rank = isBuiltInName(keys[index]) ? 1 : 0;
    addKey(listing, globalObject, keys[index], { rank, isMember: false, from: undefined });
  }
}

/** @type {(chain: string[]) => unknown} undefined where it leads nowhere without running code */
function follow(chain) {
  let value = rootOf(/** @type {string} */ (chain[0]));
  for (let index = 1; index < chain.length && value !== undefined; index += 1) {
    const holder = holderOf(value);
    value = holder === undefined ? undefined : readProperty(holder, /** @type {string} */ (chain[index]));
  }
  return value;
}

/** @type {(name: string) => unknown} */
function rootOf(name) {
  if (stringStartsWith(name, nativeRoot)) return grantedModule(stringSlice(name, nativeRoot.length));
  if (name === 'this' || name === 'globalThis') return globalObject;
  const lexical = lexicalBinding(name);
  return lexical === undefined ? readProperty(globalObject, name) : lexical.value;
}

/** @type {(holder: object, key: string) => unknown} */
function readProperty(holder, key) {
  const late = holder === globalObject ? lateGlobal(getOwnPropertyDescriptor(holder, key)) : undefined;
  return late === undefined ? dataProperty(holder, key) : late.read();
}

/** What the members of a value are looked up in. */
function holderOf(/** @type {unknown} */ value) {
  if (!isPrimitive(value)) return /** @type {object} */ (value);
  switch (typeof value) {
    case 'string':
      return natives.String.prototype;
    case 'number':
      return natives.Number.prototype;
    case 'boolean':
      return natives.Boolean.prototype;
    case 'bigint':
      return natives.BigInt.prototype;
    case 'symbol':
      return natives.Symbol.prototype;
    default:
      return undefined;
  }
}

/** @type {(listing: Listing, value: unknown) => void} */
function addMembers(listing, value) {
  let rank = 0;
  for (let holder = holderOf(value) ?? null; holder !== null && rank < 20; holder = prototypeOf(holder)) {
    if (kindOfObject(holder) === 'proxy') return;
    if (!isLongList(holder))
      addHolder(listing, holder, rank, rank === 0 && !isPrimitive(value) ? undefined : holderName(holder));
    rank += 1;
  }
}

/** @type {(listing: Listing, holder: object, rank: number, from: string | undefined) => void} */
function addHolder(listing, holder, rank, from) {
  const keys = ownKeys(holder);
  for (let index = 0; index < keys.length && listing.names.length < maxNames; index += 1) {
    addKey(listing, holder, keys[index], { rank, isMember: true, from });
  }
}

/** @type {(holder: object) => boolean} */
function isLongList(holder) {
  if (typedArrayName(holder) !== undefined || kindOfObject(holder) === 'boxed')
    return ownData(holder, 'constructor') === undefined;
  return kindOfObject(holder) === 'array' && /** @type {unknown[]} */ (holder).length > longestListed;
}

/** @type {(holder: object) => string | undefined} */
function holderName(holder) {
  const maker = ownData(holder, 'constructor');
  const name = typeof maker === 'function' ? ownData(maker, 'name') : undefined;
  if (typeof name === 'string' && name !== '') return name + '.prototype';
  return classNameOf(holder);
}

/** @typedef {{ readonly rank: number, readonly isMember: boolean, readonly from: string | undefined }} Place */

/** @type {(listing: Listing, holder: object, key: string | symbol | undefined, place: Place) => void} */
function addKey(listing, holder, key, place) {
  if (typeof key !== 'string' || !isPlainKey(key) || mapGet(listing.seen, key) === true) return;
  addName(listing, key, getOwnPropertyDescriptor(holder, key), place);
}

/** @type {(listing: Listing, name: string, descriptor: PropertyDescriptor | undefined, place: Place) => void} */
function addName({ names, seen }, name, descriptor, { rank, isMember, from }) {
  mapSet(seen, name, true);
  const { kind, type } = isMember ? sortOf(descriptor, true) : (lateSort(descriptor) ?? sortOf(descriptor, false));
  append(names, /** @type {Name} */ (/** @type {unknown} */ ({ __proto__: null, name, rank, kind, type, from })));
}

/** @typedef {{ readonly kind: string, readonly type: string | undefined }} Sort */

/** @type {(descriptor: PropertyDescriptor | undefined, isMember: boolean) => Sort} */
function sortOf(descriptor, isMember) {
  const plain = isMember ? 'property' : 'variable';
  if (descriptor === undefined || !hasOwn(descriptor, 'value')) return { kind: plain, type: undefined };
  const { value } = descriptor;
  return { kind: typeof value === 'function' ? functionKind(value, isMember) : plain, type: typeOfValue(value) };
}

/** @type {(descriptor: PropertyDescriptor | undefined) => Sort | undefined} of what is not loaded yet, and is not for this */
function lateSort(descriptor) {
  const what = lateGlobal(descriptor)?.what;
  if (what === undefined) return undefined;
  return what === 'object' ? { kind: 'variable', type: 'object' } : { kind: what, type: 'function' };
}

/** Built-in classes look like functions; their names begin with a capital, as those of classes do. */
function functionKind(/** @type {Function} */ value, /** @type {boolean} */ isMember) {
  if (isClass(value) || (!isMember && isCapital(ownData(value, 'name')) && ownData(value, 'prototype') !== undefined)) {
    return 'class';
  }
  return isMember ? 'method' : 'function';
}

const isCapital = (/** @type {unknown} */ name) => typeof name === 'string' && name > '@' && name < '[';
