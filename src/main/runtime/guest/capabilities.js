// @ts-check
/** What a template's capabilities put on the global object: constants of the session, frozen all the way down. */

import { append, bareList, defineProperty, freeze, globalObject, ownKeys } from './primordials.js';
import { installFetch } from './web-globals.js';

/**
 * @typedef {{
 *   readonly hasNetwork: boolean,
 *   readonly env: readonly (readonly [name: string, value: string])[] | null,
 *   readonly globals: readonly { readonly name: string, readonly value: unknown }[],
 * }} Capabilities
 */

/** Set anew for every run. */
const runGlobals = bareList(['__ARGS__', '__ENV__', '$_']);

/**
 * Puts them in place. Returns the name of a global that cannot be, because the runtime has one of that name, or ''.
 * @type {(capabilities: Capabilities) => string}
 */
export function installCapabilities({ hasNetwork, env, globals }) {
  if (hasNetwork) installFetch();
  if (env !== null) defineConstant('env', recordOf(env));
  for (let index = 0; index < globals.length; index += 1) {
    const { name, value } = /** @type {Capabilities['globals'][0]} */ (globals[index]);
    if (name in globalObject || includes(runGlobals, name)) return name;
    defineConstant(name, value);
  }
  return '';
}

/** Own properties whatever they are called. @type {(pairs: NonNullable<Capabilities['env']>) => object} */
function recordOf(pairs) {
  const record = {};
  for (let index = 0; index < pairs.length; index += 1) {
    const value = pairs[index]?.[1];
    const descriptor = { __proto__: null, enumerable: true, value };
    defineProperty(record, pairs[index]?.[0] ?? '', /** @type {PropertyDescriptor} */ (descriptor));
  }
  return record;
}

/** @type {(list: readonly string[], text: string) => boolean} */
function includes(list, text) {
  for (let index = 0; index < list.length; index += 1) if (list[index] === text) return true;
  return false;
}

function defineConstant(/** @type {string} */ name, /** @type {unknown} */ value) {
  const descriptor = { __proto__: null, configurable: false, enumerable: true, writable: false, value: frozen(value) };
  defineProperty(globalObject, name, /** @type {PropertyDescriptor} */ (descriptor));
}

/** Freezes what came of JSON, however deep. */
function frozen(/** @type {unknown} */ value) {
  const open = bareList([value]);
  for (let index = 0; index < open.length; index += 1) {
    const object = open[index];
    if (typeof object !== 'object' || object === null) continue;
    const keys = ownKeys(freeze(object));
    for (let at = 0; at < keys.length; at += 1)
      append(open, /** @type {Record<PropertyKey, unknown>} */ (object)[/** @type {string} */ (keys[at])]);
  }
  return value;
}
