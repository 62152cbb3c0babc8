// @ts-check
/** The `exec` module as guests see it: a command and its arguments, never a line for a shell. */
import { callHost } from './call.js';
import { append, bareList, hasOwnEnumerable, isArray, natives, ownKeys, toText } from './primordials.js';

/** @typedef {{ cwd?: unknown, env?: unknown, timeout_ms?: unknown, input?: unknown }} Options */

/** The host takes no more either. */
const maxVariables = 256;
const maxArgumentsLength = 128 * 1024;

export function newExec() {
  return {
    /**
     * Runs a command to its end and returns what it printed. Whatever ends it otherwise than by exit code 0 is thrown,
     * with `code`, `signal`, `stdout` and `stderr`.
     * @type {(command: unknown, args?: unknown, options?: Options) => unknown}
     */
    run(command, args = bareList([]), options = {}) {
      if (typeof command !== 'string') throw new natives.TypeError('The command of exec.run has to be a string');
      checkOptions(options);
      const { cwd, env, timeout_ms, input } = options;
      checkOption('cwd', cwd, 'string');
      checkOption('timeout_ms', timeout_ms, 'number');
      checkOption('input', input, 'string');
      const argument = { command, args: textsOf(args), cwd, env: variablesOf(env), timeout_ms };
      const text = /** @type {string | undefined} */ (input);
      return callHost({ service: 'exec', operation: 'run', argument, text }).text;
    },
  };
}

/** An option of another name would be one that its writer relies on, such as Node's `timeout`, and that does nothing. */
function checkOptions(/** @type {unknown} */ options) {
  if (typeof options !== 'object' || options === null) {
    throw new natives.TypeError('The options of exec.run have to be an object');
  }
  const names = ownKeys(options);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (name === 'cwd' || name === 'env' || name === 'timeout_ms' || name === 'input') continue;
    const known = '; its options are cwd, env, timeout_ms and input';
    throw new natives.TypeError('exec.run has no option "' + toText(name) + '"' + known);
  }
}

/** @type {(name: string, value: unknown, type: 'string' | 'number') => void} */
function checkOption(name, value, type) {
  if (value === undefined || typeof value === type) return;
  throw new natives.TypeError('The option "' + name + '" of exec.run has to be a ' + type + ', not ' + typeof value);
}

/** @type {(env: unknown) => Record<string, unknown> | undefined} */
function variablesOf(env) {
  if (env === undefined) return undefined;
  if (typeof env !== 'object' || env === null || isArray(env)) {
    throw new natives.TypeError('The option "env" of exec.run has to be an object of strings');
  }
  const names = ownKeys(env);
  if (names.length > maxVariables) {
    throw new natives.TypeError('The option "env" of exec.run has more than ' + maxVariables + ' variables');
  }
  /** @type {Record<string, unknown>} */
  const variables = /** @type {never} */ ({ __proto__: null });
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (typeof name !== 'string' || !hasOwnEnumerable(env, name)) continue;
    const value = /** @type {Record<string, unknown>} */ (env)[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') {
      throw new natives.TypeError('The variable "' + name + '" in "env" has to be a string, not ' + typeof value);
    }
    variables[name] = value;
  }
  return variables;
}

function textsOf(/** @type {unknown} */ args) {
  if (!isArray(args)) throw new natives.TypeError('The arguments of exec.run have to be an array of strings');
  /** @type {string[]} */
  const texts = bareList([]);
  let length = 0;
  for (let index = 0; index < args.length; index += 1) {
    const text = textOf(args[index], index);
    length += text.length + 1;
    if (length > maxArgumentsLength) {
      throw new natives.TypeError('The arguments of exec.run have more than ' + maxArgumentsLength + ' characters');
    }
    append(texts, text);
  }
  return texts;
}

/** Numbers are what people write among arguments; anything else is more likely a mistake. */
function textOf(/** @type {unknown} */ value, /** @type {number} */ index) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return toText(value);
  throw new natives.TypeError('Argument ' + toText(index) + ' of exec.run is no string but of type ' + typeof value);
}
