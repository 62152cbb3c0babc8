// @ts-check
/**
 * The globals that guests know from the web. Each is loaded when it is first used, which makes an instance as quick to
 * boot as without them: until then it is a getter on the global object, as it is in Node for some.
 */
import { askHost } from './host.js';
import { bareList, defineProperty, globalObject, hasOwn, mapGet, mapSet, natives } from './primordials.js';

/** Of each global its name, the file of the prelude that exports it, and what it will be. */
const always = bareList([
  ['URL', 'url.js', 'class'],
  ['URLSearchParams', 'url.js', 'class'],
  ['TextEncoder', 'text-coding.js', 'class'],
  ['TextDecoder', 'text-coding.js', 'class'],
  ['atob', 'base64.js', 'function'],
  ['btoa', 'base64.js', 'function'],
  ['structuredClone', 'structured-clone.js', 'function'],
  ['performance', 'performance.js', 'object'],
  ['crypto', 'crypto.js', 'object'],
  ['Event', 'event-target.js', 'class'],
  ['EventTarget', 'event-target.js', 'class'],
  ['AbortController', 'abort.js', 'class'],
  ['AbortSignal', 'abort.js', 'class'],
  ['DOMException', 'dom-exception.js', 'class'],
]);

const withNetwork = bareList([
  ['fetch', 'fetch.js', 'function'],
  ['Headers', 'headers.js', 'class'],
  ['Request', 'request.js', 'class'],
  ['Response', 'response.js', 'class'],
]);

/** @type {Map<string, Record<string, unknown>>} */
const loaded = new natives.Map();

/** What a late global is, and how to have it before its first use. @typedef {{ readonly what: string, readonly read: () => unknown }} LateGlobal */

/** @type {Map<unknown, LateGlobal>} by the getter that stands for it */
const late = new natives.Map();

/**
 * What a property of the prelude's own will be, where it is a getter until its first use; undefined for any other, such as
 * a getter of the guest's.
 * @type {(descriptor: PropertyDescriptor | undefined) => LateGlobal | undefined}
 */
export const lateGlobal = (descriptor) =>
  descriptor === undefined || hasOwn(descriptor, 'value') ? undefined : mapGet(late, descriptor.get);

export const installWebGlobals = () => defineLate(always);

/** For a template that lets its guests into the network. */
export const installFetch = () => defineLate(withNetwork);

function defineLate(/** @type {string[][]} */ globals) {
  for (let index = 0; index < globals.length; index += 1) {
    const entry = /** @type {string[]} */ (globals[index]);
    defineGlobal(/** @type {Late} */ ({ name: entry[0], file: entry[1], what: entry[2] }));
  }
}

/** @typedef {{ readonly name: string, readonly file: string, readonly what: string }} Late */

function defineGlobal(/** @type {Late} */ { name, file, what }) {
  const read = () => load(file)[name];
  const replace = (/** @type {unknown} */ value) => {
    const descriptor = { __proto__: null, configurable: true, enumerable: false, writable: true, value };
    defineProperty(globalObject, name, /** @type {PropertyDescriptor} */ (descriptor));
  };
  const accessor = {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get: () => {
      const value = read();
      try {
        replace(value);
      } catch {
        // The guest has frozen its global object: then it stays a getter.
      }
      return value;
    },
    set: replace,
  };
  mapSet(late, accessor.get, { what, read });
  defineProperty(globalObject, name, /** @type {PropertyDescriptor} */ (accessor));
}

/** @type {(file: string) => Record<string, unknown>} */
function load(file) {
  const existing = mapGet(loaded, file);
  if (existing !== undefined) return existing;
  const module = /** @type {Record<string, unknown>} */ (askHost('prelude.load', file));
  mapSet(loaded, file, module);
  return module;
}
