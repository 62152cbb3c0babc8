// @ts-check
/**
 * The one way out of the guest: `__host(operation, json)`. The host puts it on the global object before the prelude runs;
 * reading this module takes it away again, so that guest code never meets it.
 */
import { bareList, globalObject, jsonStringify } from './primordials.js';

/** @typedef {(operation: string, json: string, value?: unknown) => unknown} HostFunction */

const scope = /** @type {{ __host?: HostFunction }} */ (globalObject);
const host = /** @type {HostFunction} */ (scope.__host);
delete scope.__host;

/** @type {(operation: string, argument: unknown) => void} */
export const tellHost = (operation, argument) => {
  host(operation, jsonStringify(argument));
};

/**
 * As `tellHost`, where the host answers. A value that is no JSON goes beside the argument.
 * @type {(operation: string, argument: unknown, value?: unknown) => unknown}
 */
export const askHost = (operation, argument, value) => host(operation, jsonStringify(argument), value);

/**
 * As `askHost` with a text that needs no more words, and has no NUL in it.
 * @type {(operation: string, text: string, value?: unknown) => unknown}
 */
export const askHostRaw = (operation, text, value) => host(operation, text, value);

/**
 * As `askHost` with a list of texts and other plain values, which is put into JSON here: the engine, while it walks a
 * list, would meet setters that a guest put on Array.prototype.
 * @type {(operation: string, list: readonly unknown[], value?: unknown) => unknown}
 */
export const askHostList = (operation, list, value) => {
  let json = '[';
  for (let index = 0; index < list.length; index += 1) json += (index === 0 ? '' : ',') + jsonStringify(list[index]);
  return host(operation, json + ']', value);
};

const promiseStates = bareList(
  /** @type {('pending' | 'fulfilled' | 'rejected')[]} */ (['pending', 'fulfilled', 'rejected']),
);

/**
 * State of a promise, which JavaScript itself cannot see; undefined where the object is none.
 * @type {(promise: unknown) => 'pending' | 'fulfilled' | 'rejected' | undefined}
 */
export const promiseState = (promise) => promiseStates[/** @type {number} */ (host('promise.state', '', promise))];

/** @type {(promise: unknown) => unknown} */
export const promiseResult = (promise) => host('promise.result', '', promise);
