// @ts-check
/** The `exec` module as guests see it: a command and its arguments, never a line for a shell. */
import { callHost } from './call.js';
import { append, bareList, isArray, natives, ownKeys, toText } from './primordials.js';

/** @typedef {{ cwd?: unknown, env?: unknown, timeout_ms?: unknown, input?: unknown }} Options */

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
      const argument = { command, args: textsOf(args), cwd, env, timeout_ms, input };
      return callHost({ service: 'exec', operation: 'run', argument }).value;
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

function textsOf(/** @type {unknown} */ args) {
  if (!isArray(args)) throw new natives.TypeError('The arguments of exec.run have to be an array of strings');
  /** @type {string[]} */
  const texts = bareList([]);
  for (let index = 0; index < args.length; index += 1) append(texts, textOf(args[index], index));
  return texts;
}

/** Numbers are what people write among arguments; anything else is more likely a mistake. */
function textOf(/** @type {unknown} */ value, /** @type {number} */ index) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return toText(value);
  throw new natives.TypeError('Argument ' + toText(index) + ' of exec.run is no string but of type ' + typeof value);
}
