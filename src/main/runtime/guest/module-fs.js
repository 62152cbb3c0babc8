// @ts-check
/** The `fs` module as guests see it: Node's functions that wait, and `fs.promises` with the ones that do not. */
import { callHost, startCall } from './call.js';
import { constants, existsCall, fileCalls } from './fs-calls.js';
import { Dirent, Stats } from './fs-stats.js';
import { defineProperty, ownKeys } from './primordials.js';

/** @typedef {import('./fs-calls.js').FileCall} FileCall */

export function newFs() {
  const fs = { Dirent, Stats, constants, promises: {} };
  define(fs, 'existsSync', waiting('existsSync', existsCall));
  const names = /** @type {string[]} */ (ownKeys(fileCalls));
  for (let index = 0; index < names.length; index += 1) {
    const name = /** @type {string} */ (names[index]);
    const call = /** @type {FileCall} */ (fileCalls[name]);
    define(fs, name + 'Sync', waiting(name + 'Sync', call));
    define(fs.promises, name, promising(name, call));
  }
  return fs;
}

/** @type {(name: string, call: FileCall) => Function} */
function waiting(name, { ask, answer }) {
  return named(name, (first, second, third) => {
    const request = ask(first, second, third);
    return answer(callHost(callOf(request)), request);
  });
}

/** @type {(name: string, call: FileCall) => Function} */
function promising(name, { ask, answer }) {
  return named(name, async (first, second, third) => {
    const request = ask(first, second, third);
    return answer(await startCall(callOf(request)), request);
  });
}

/** @type {(request: import('./fs-calls.js').Request) => import('./call.js').Call} */
function callOf({ operation, argument, bytes, text }) {
  const encoding = typeof argument.encoding === 'string' ? argument.encoding : undefined;
  return { service: 'fs', operation, argument, bytes, text, encoding };
}

/** @type {(name: string, run: (first: unknown, second: unknown, third: unknown) => unknown) => Function} */
function named(name, run) {
  const descriptor = { __proto__: null, configurable: true, value: name };
  return defineProperty(run, 'name', /** @type {PropertyDescriptor} */ (descriptor));
}

/** @type {(object: object, name: string, value: unknown) => void} */
function define(object, name, value) {
  const descriptor = { __proto__: null, configurable: true, enumerable: true, writable: true, value };
  defineProperty(object, name, /** @type {PropertyDescriptor} */ (descriptor));
}
