// @ts-check
/**
 * `require` as guests see it: native modules by a template's grants, and files of the worktree as CommonJS. What a name
 * means is the host's to say, and so are its refusals. A file is loaded once, until it or something it loads has changed:
 * then the host gives it another name, and it is loaded anew.
 */
import { unwrap } from './call.js';
import { askHost } from './host.js';
import { display } from './inspect.js';
import { nativeModule } from './native-modules.js';
import {
  apply,
  defineProperty,
  globalObject,
  jsonParse,
  mapDelete,
  mapGet,
  mapSet,
  natives,
  stringSlice,
  stringStartsWith,
} from './primordials.js';

/** @typedef {{ readonly grantedModules: readonly string[] }} Grants */
/** @typedef {{ readonly path: string, readonly folder: string, readonly name: string, readonly isJson: boolean }} FileTarget */
/** @typedef {{ readonly kind: 'native', readonly name: string } | { readonly kind: 'library', readonly global: string, readonly id: string } | ({ readonly kind: 'file' } & FileTarget)} Target */
/** @typedef {{ id: string, path: string, filename: string, exports: unknown, loaded: boolean, require: unknown }} Module */

const maxName = 200;

/** @type {Map<string, { readonly name: string, readonly record: Module }>} by path */
const loaded = new natives.Map();

/** @type {Grants} */
let grants = { grantedModules: [] };

/** The file or cell that runs: what `require` of global code is relative to. */
let mainName = '';

export function beginMain(/** @type {string} */ name) {
  mainName = name;
}

/** @type {(given: Grants) => (specifier: unknown) => unknown} */
export function newRequire(given) {
  grants = given;
  return requireOf(() => mainName);
}

/** @type {(importer: () => string) => (specifier: unknown) => unknown} */
function requireOf(importer) {
  const require = (/** @type {unknown} */ specifier) => {
    const name = checked(specifier, importer());
    return grantedModule(name) ?? load(find(name, importer()));
  };
  const resolve = (/** @type {unknown} */ specifier) => {
    const name = checked(specifier, importer());
    const target = find(name, importer());
    return target.kind === 'file' ? target.path : name;
  };
  defineProperty(require, 'name', /** @type {PropertyDescriptor} */ ({ __proto__: null, value: 'require' }));
  const method = { __proto__: null, configurable: true, enumerable: true, writable: true, value: resolve };
  return defineProperty(require, 'resolve', /** @type {PropertyDescriptor} */ (method));
}

/** @type {(specifier: unknown, importer: string) => string} */
function checked(specifier, importer) {
  if (typeof specifier === 'string') return specifier;
  const shown = stringSlice(display(specifier), 0, maxName);
  throw new natives.TypeError(
    'Cannot require ' + shown + ' from "' + importer + '": Invalid module: a name must be a string',
  );
}

/** Without asking the host, which would say the same: it grants them again with every call. */
export function grantedModule(/** @type {string} */ specifier) {
  const name = stringStartsWith(specifier, 'node:') ? stringSlice(specifier, 5) : specifier;
  for (let index = 0; index < grants.grantedModules.length; index += 1) {
    if (grants.grantedModules[index] === name) return nativeModule(name);
  }
  return undefined;
}

/** @type {(specifier: string, importer: string) => Target} */
function find(specifier, importer) {
  const asked = { __proto__: null, specifier, importer };
  return /** @type {Target} */ (unwrap(askHost('module.find', asked)));
}

/**
 * What a target stands for, made where it was not made before.
 * @type {(target: Target) => unknown}
 */
export function load(target) {
  if (target.kind === 'file') return loadFile(target).exports;
  if (target.kind === 'library') return libraryValue(target.global, target.id);
  const module = nativeModule(target.name);
  if (module !== undefined) return module;
  throw new natives.Error('Invalid module: "' + target.name + '" is granted, but this version does not have it.');
}

/** @type {(global: string, id: string) => unknown} */
function libraryValue(global, id) {
  const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalObject))[global];
  if (value !== undefined) return value;
  throw new natives.Error('The library "' + id + '" is loaded, but its global variable ' + global + ' is not there');
}

/**
 * A file as it was loaded, or is being loaded: who asks in a circle gets what is there by then.
 * @type {(target: FileTarget) => Module}
 */
function loadFile(target) {
  const { path, folder, name } = target;
  const existing = mapGet(loaded, path);
  if (existing !== undefined && existing.name === name) return existing.record;
  const own = requireOf(() => path);
  /** @type {Module} */
  const record = { id: path, path: folder, filename: path, exports: {}, loaded: false, require: own };
  mapSet(loaded, path, { name, record });
  try {
    fill(record, target, own);
    record.loaded = true;
    return record;
  } catch (error) {
    if (mapGet(loaded, path)?.record === record) mapDelete(loaded, path);
    throw error;
  }
}

/** @type {(record: Module, target: FileTarget, own: unknown) => void} */
function fill(record, { path, folder, name, isJson }, own) {
  if (isJson) {
    record.exports = parse(/** @type {string} */ (unwrap(askHost('module.text', name))), path);
    return;
  }
  const compiled = askHost('module.compile', name);
  if (typeof compiled !== 'function') throw compiled;
  apply(compiled, record.exports, [record.exports, own, record, path, folder]);
}

/** @type {(text: string, path: string) => unknown} */
function parse(text, path) {
  try {
    return jsonParse(text);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    const told = { __proto__: null, value: path + ' is not JSON: ' + message };
    throw defineProperty(/** @type {Error} */ (error), 'message', /** @type {PropertyDescriptor} */ (told));
  }
}
