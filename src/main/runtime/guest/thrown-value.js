// @ts-check
/**
 * A thrown value as it is told to whoever ran the code. An error's stack ends in what belongs to it: its cause, the
 * errors it gathered, and its own fields. Nothing of the guest runs for that.
 */
import { errorHeader, errorStack } from './error-text.js';
import { display, inspect } from './inspect.js';
import { kindOfObject } from './kind.js';
import { jsonStringify, stringSlice, stringStartsWith } from './primordials.js';

const maxStack = 10240;

/**
 * As `{message, stack}` in JSON.
 * @type {(thrown: unknown) => string}
 */
export const describeError = (thrown) => describe(thrown, wholeStack);

/**
 * As `describeError`, without what takes long to show.
 * @type {(thrown: unknown) => string}
 */
export const describeErrorBriefly = (thrown) => describe(thrown, errorStack);

/** @type {(thrown: unknown, stackOf: (error: object) => string) => string} */
function describe(thrown, stackOf) {
  const isError = typeof thrown === 'object' && thrown !== null && kindOfObject(thrown) === 'error';
  const message = isError
    ? errorHeader(thrown)
    : 'Uncaught ' + (typeof thrown === 'string' ? inspect(thrown) : display(thrown));
  const stack = isError ? stackOf(thrown) : message;
  return '{"message":' + jsonStringify(message) + ',"stack":' + jsonStringify(stringSlice(stack, 0, maxStack)) + '}';
}

/** The stack and all that belongs to the error, without the brackets that tell one without frames from a text. */
function wholeStack(/** @type {object} */ error) {
  const shown = inspect(error);
  const stack = errorStack(error);
  const frameless = '[' + stack + ']';
  return stringStartsWith(shown, frameless) ? stack + stringSlice(shown, frameless.length) : shown;
}
