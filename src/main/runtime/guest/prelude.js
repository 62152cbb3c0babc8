// @ts-check
/**
 * What runs in an instance before any guest code: it puts console, timers, require and a seedable Math.random in place,
 * and hands the host the functions by which it runs and reads the guest. Nothing of it is reachable from guest code.
 */
import { noteBuiltInNames } from './built-in-names.js';
import { dropCalls, settleCall } from './call.js';
import { installCapabilities } from './capabilities.js';
import {
  beginCell,
  endCell,
  endScript,
  headerWithoutPlace,
  keepValue,
  nameFunctions,
  restoreCell,
} from './cell-scope.js';
import { installConsole } from './console.js';
import { installDisplay } from './display.js';
import { limitTexts } from './format.js';
import { installFunctionText } from './function-text.js';
import { tellHost } from './host.js';
import { importValue } from './imported-values.js';
import { display } from './inspect.js';
import { jsonText } from './json-text.js';
import { isListOfObjects, typeOfValue } from './kind.js';
import { adoptLexicalScope } from './lexical-scope.js';
import { listNames } from './names.js';
import {
  defineProperty,
  getOwnPropertyDescriptor,
  globalObject,
  hasOwn,
  jsonParse,
  jsonStringify,
  natives,
} from './primordials.js';
import { installProxy, isProxy } from './proxies.js';
import { installRandom, seedRandom } from './random.js';
import { beginMain, newRequire } from './require.js';
import { describeError, describeErrorBriefly } from './thrown-value.js';
import { dropTimers, fireTimer, installTimers } from './timers.js';
import { describeVariable, noteVariables, variableNames } from './variables.js';
import { installWebGlobals } from './web-globals.js';

export {
  adoptLexicalScope,
  beginCell,
  describeError,
  describeErrorBriefly,
  describeVariable,
  dropCalls,
  dropTimers,
  endCell,
  endScript,
  fireTimer,
  headerWithoutPlace,
  importValue,
  keepValue,
  listNames,
  nameFunctions,
  noteVariables,
  restoreCell,
  settleCall,
  variableNames,
};

/** Prepares the global object as every session wants it; called once per instance. */
export function install(/** @type {string} */ json) {
  /** @type {{ seed: number[] }} */
  const { seed } = jsonParse(json);
  seedRandom(seed);
  installProxy();
  installFunctionText();
  installRandom();
  installTimers((error) => tellHost('uncaught', describeError(error)));
  installWebGlobals();
}

/**
 * Adds what a session's template says; called once, before its first run. Returns the name of a global that it cannot
 * add, or an empty text.
 */
export function open(/** @type {string} */ json) {
  /** @type {import('./require.js').Grants & import('./capabilities.js').Capabilities & { console: boolean }} */
  const setup = jsonParse(json);
  if (setup.console) {
    installConsole();
    installDisplay();
  }
  defineGlobal('require', newRequire(setup));
  const taken = installCapabilities(setup);
  noteBuiltInNames();
  return taken;
}

/**
 * Starts a run: gives the guest its arguments, and bounds what it can print at once. A guest that declares such a name
 * itself, as in `let __ARGS__`, sees its own from then on: declarations come before the global object.
 */
export function beginRun(/** @type {string} */ json) {
  /** @type {{ args: unknown, env: unknown, maxTextBytes: number, fileName: string }} */
  const given = jsonParse(json);
  beginMain(given.fileName);
  limitTexts(given.maxTextBytes + 1);
  defineGlobal('__ARGS__', given.args);
  defineGlobal('__ENV__', given.env);
}

/**
 * The value out of the box in which async code settles. A `then` on Object.prototype lets guest code settle it to
 * anything else, so that only a plain box is opened.
 * @type {(box: unknown) => unknown}
 */
export function unbox(box) {
  const isObject = typeof box === 'object' && box !== null && !isProxy(box);
  const descriptor = isObject ? getOwnPropertyDescriptor(box, 'value') : undefined;
  if (descriptor !== undefined && hasOwn(descriptor, 'value')) return descriptor.value;
  throw new natives.TypeError(
    'The result of this code was replaced: is there a "then" or "value" on Object.prototype?',
  );
}

/**
 * The value of a module: its default export, or all of its exports.
 * @type {(namespace: object) => unknown}
 */
export function moduleValue(namespace) {
  const descriptor = getOwnPropertyDescriptor(namespace, 'default');
  return descriptor === undefined ? namespace : descriptor.value;
}

/**
 * A value as `{type, preview, json?, table?}` in JSON, for most primitives complete; the JSON of what can have a `toJSON` is asked
 * for apart, because that runs guest code, and this does not.
 * @type {(value: unknown, maxLength: number) => string}
 */
export function describeValue(value, maxLength) {
  const head =
    '{"type":' +
    jsonStringify(typeOfValue(value)) +
    ',"preview":' +
    jsonStringify(display(value)) +
    (isListOfObjects(value) ? ',"table":true' : '');
  if (canHaveToJson(value)) return head + '}';
  const json = serializeValue(value, maxLength);
  return json === '' ? head + '}' : head + ',"json":' + json + '}';
}

const canHaveToJson = (/** @type {unknown} */ value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'bigint';

/**
 * The JSON of a value, or an empty text where it has none within the length. Runs its getters and toJSON.
 * @type {(value: unknown, maxLength: number) => string}
 */
export function serializeValue(value, maxLength) {
  return value === undefined ? 'null' : (jsonText(value, maxLength) ?? '');
}

/** @type {(name: string, value: unknown) => void} */
function defineGlobal(name, value) {
  const descriptor = /** @type {PropertyDescriptor} */ ({ __proto__: null, configurable: true, writable: true, value });
  try {
    defineProperty(globalObject, name, descriptor);
  } catch {
    throw new natives.TypeError(
      'The global ' + name + ' cannot be set: earlier code made it constant; use another session',
    );
  }
}
