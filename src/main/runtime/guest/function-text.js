// @ts-check
/**
 * `toString` of the functions that cells of the REPL declare. The engine has them as functions without a name that are
 * assigned to one; here they read as they were written.
 */
import {
  defineProperty,
  functionPrototype,
  functionToString,
  natives,
  stringSlice,
  weakMapGet,
  weakMapSet,
} from './primordials.js';

/** @typedef {{ readonly head: string, readonly engineHeadLength: number }} FunctionText */

const texts = new natives.WeakMap();

/** @type {(declared: object, text: FunctionText) => void} */
export function rememberFunctionText(declared, text) {
  weakMapSet(texts, declared, text);
}

/** Whether a cell declared this function, as in `function name() {}`. */
export const isDeclaredFunction = (/** @type {object} */ value) => weakMapGet(texts, value) !== undefined;

/** Puts a `toString` in the place of the engine's that knows those functions, and otherwise answers as that does. */
export function installFunctionText() {
  const { toString: knowing } = {
    toString() {
      const text = functionToString(/** @type {never} */ (this));
      const written = /** @type {FunctionText | undefined} */ (weakMapGet(texts, /** @type {never} */ (this)));
      return written === undefined ? text : written.head + stringSlice(text, written.engineHeadLength);
    },
  };
  rememberFunctionText(knowing, {
    head: functionToString(/** @type {never} */ (functionPrototype.toString)),
    engineHeadLength: functionToString(/** @type {never} */ (knowing)).length,
  });
  defineProperty(functionPrototype, 'toString', { value: knowing });
}
