// @ts-check
/** The names that a session begins with, so that those of its user can be told from them. */
import { globalObject, mapGet, mapSet, natives, ownKeys } from './primordials.js';

/** @type {Map<unknown, true>} */
const names = new natives.Map();

/** Remembers what is on the global object now; called before any guest code, and again when more was put in place. */
export function noteBuiltInNames() {
  const keys = ownKeys(globalObject);
  for (let index = 0; index < keys.length; index += 1) mapSet(names, keys[index], true);
  mapSet(names, '__ARGS__', true);
  mapSet(names, '__ENV__', true);
  mapSet(names, '$_', true);
}

/** @type {(name: unknown) => boolean} */
export const isBuiltInName = (name) => mapGet(names, name) === true;
