// @ts-check
/**
 * What is no ES module of its own, and yet can be imported: native modules, libraries, CommonJS files and JSON. The value
 * is made before the module that exports it, so that its properties can be exported by name.
 */

import {
  append,
  bareList,
  hasOwnEnumerable,
  join,
  jsonParse,
  jsonStringify,
  mapDelete,
  mapGet,
  mapSet,
  natives,
  ownKeys,
  stringCodeUnitAt,
} from './primordials.js';
import { load } from './require.js';

const maxNames = 2000;
const maxNameLength = 200;

/** @type {Map<string, unknown>} by the name of the module that will export it */
const values = new natives.Map();

/**
 * Makes a value ready for the module of a name; returns the names of what that can export of it, as JSON.
 * @type {(json: string) => string}
 */
export function importValue(json) {
  /** @type {{ readonly name: string, readonly source: import('./require.js').Target }} */
  const { name, source } = jsonParse(json);
  const value = load(source);
  mapSet(values, name, value);
  return source.kind === 'file' && source.isJson ? '[]' : exportNames(value);
}

/**
 * For the module of that name, when it is evaluated.
 * @public the loader writes that module
 * @type {(name: string) => unknown}
 */
export function importedValue(name) {
  const value = mapGet(values, name);
  mapDelete(values, name);
  return value;
}

/** @type {(value: unknown) => string} */
function exportNames(value) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return '[]';
  const keys = ownKeys(value);
  /** @type {string[]} */
  const names = bareList([]);
  for (let index = 0; index < keys.length && names.length < maxNames; index += 1) {
    const key = keys[index];
    const canBeNamed = typeof key === 'string' && key !== 'default' && isName(key);
    if (canBeNamed && hasOwnEnumerable(value, key)) append(names, jsonStringify(key));
  }
  return '[' + join(names, ',') + ']';
}

/** @type {(key: string) => boolean} */
function isName(key) {
  if (key === '' || key.length > maxNameLength) return false;
  for (let index = 0; index < key.length; index += 1) {
    const unit = stringCodeUnitAt(key, index);
    const isLetter = (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95 || unit === 36;
    if (!isLetter && (index === 0 || unit < 48 || unit > 57)) return false;
  }
  return true;
}
