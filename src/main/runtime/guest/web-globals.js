// @ts-check
/**
 * The globals that guests know from the web. Each is loaded when it is first used, which makes an instance as quick to
 * boot as without them: until then it is a getter on the global object, as it is in Node for some.
 */
import { askHost } from './host.js';
import { bareList, defineProperty, globalObject, mapGet, mapSet, natives } from './primordials.js';

/** Names and the files of the prelude that export them, in turn. */
const always = bareList([
  ['URL', 'url.js'],
  ['URLSearchParams', 'url.js'],
  ['TextEncoder', 'text-coding.js'],
  ['TextDecoder', 'text-coding.js'],
  ['atob', 'base64.js'],
  ['btoa', 'base64.js'],
  ['structuredClone', 'structured-clone.js'],
  ['performance', 'performance.js'],
  ['crypto', 'crypto.js'],
  ['Event', 'event-target.js'],
  ['EventTarget', 'event-target.js'],
  ['AbortController', 'abort.js'],
  ['AbortSignal', 'abort.js'],
  ['DOMException', 'dom-exception.js'],
]);

const withNetwork = bareList([
  ['fetch', 'fetch.js'],
  ['Headers', 'headers.js'],
  ['Request', 'request.js'],
  ['Response', 'response.js'],
]);

/** @type {Map<string, Record<string, unknown>>} */
const loaded = new natives.Map();

export const installWebGlobals = () => defineLate(always);

/** For a template that lets its guests into the network. */
export const installFetch = () => defineLate(withNetwork);

function defineLate(/** @type {string[][]} */ globals) {
  for (let index = 0; index < globals.length; index += 1) {
    const entry = globals[index];
    defineGlobal(/** @type {string} */ (entry?.[0]), /** @type {string} */ (entry?.[1]));
  }
}

function defineGlobal(/** @type {string} */ name, /** @type {string} */ file) {
  const replace = (/** @type {unknown} */ value) => {
    const descriptor = { __proto__: null, configurable: true, enumerable: false, writable: true, value };
    defineProperty(globalObject, name, /** @type {PropertyDescriptor} */ (descriptor));
  };
  const accessor = {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get: () => {
      const value = load(file)[name];
      try {
        replace(value);
      } catch {
        // The guest has frozen its global object: then it stays a getter.
      }
      return value;
    },
    set: replace,
  };
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
