// @ts-check
/**
 * Room for what a cell of the REPL declares, so that it may declare a name again: bindings of that name end before it
 * runs, and closures made before keep them. What a cell or a script has not bound by its end, because it failed, is given
 * back.
 */
import { errorHeader, errorStack, indentFile } from './error-text.js';
import { rememberFunctionText } from './function-text.js';
import { kindOfObject } from './kind.js';
import { endBinding, lexicalBinding, lexicalNames, setBinding } from './lexical-scope.js';
import {
  append,
  bareList,
  defineProperty,
  getOwnPropertyDescriptor,
  globalObject,
  hasOwn,
  jsonParse,
  jsonStringify,
} from './primordials.js';

/** @typedef {{ readonly name: string, readonly binding: PropertyDescriptor | undefined }} Kept */

/** What the names of the running cell were bound to before. @type {Kept[]} */
let kept = bareList([]);

/**
 * Makes room; returns the names of functions to declare, as JSON.
 * @type {(json: string) => string}
 */
export function beginCell(json) {
  /** @type {{ fileName: string, indent: import('./error-text.js').Indent, lexicals: string[], functions: string[], vars: string[] }} */
  const cell = jsonParse(json);
  if (cell.indent.columns > 0) indentFile(cell.fileName, cell.indent);
  for (let index = 0; index < cell.lexicals.length; index += 1) keep(/** @type {string} */ (cell.lexicals[index]));
  for (let index = 0; index < cell.vars.length; index += 1) makeVar(/** @type {string} */ (cell.vars[index]));
  const declared = bareList(/** @type {string[]} */ ([]));
  for (let index = 0; index < cell.functions.length; index += 1) {
    const name = /** @type {string} */ (cell.functions[index]);
    keep(name);
    if (getOwnPropertyDescriptor(globalObject, name)?.configurable !== false) append(declared, name);
  }
  return namesAsJson(declared);
}

/** Tells how the functions of the cell were written. @type {(json: string) => void} */
export function nameFunctions(json) {
  /** @type {{ name: string, head: string, engineHeadLength: number }[]} */
  const texts = jsonParse(json);
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index];
    if (text === undefined) continue;
    const made = lexicalBinding(text.name) ?? getOwnPropertyDescriptor(globalObject, text.name);
    if (made === undefined || !hasOwn(made, 'value') || typeof made.value !== 'function') continue;
    rememberFunctionText(made.value, text);
  }
}

/**
 * Ends bindings that the cell declared and did not reach. Returns a script that declares what was bound before and is
 * not any more; `restoreCell` gives it its values.
 * @type {() => string}
 */
export function endCell() {
  const before = kept;
  kept = bareList([]);
  let script = '';
  for (let index = 0; index < before.length; index += 1) {
    const { name, binding } = /** @type {Kept} */ (before[index]);
    if (lexicalBinding(name) !== undefined) continue;
    endBinding(name);
    if (binding === undefined) continue;
    append(kept, { name, binding });
    script += binding.writable === true ? 'let ' + name + ';' : 'const ' + name + '=0;';
  }
  return script;
}

/** Ends bindings that a script declared and did not reach: before it there was none that was not initialised. */
export function endScript() {
  const names = lexicalNames();
  for (let index = 0; index < names.length; index += 1) {
    const name = /** @type {string} */ (names[index]);
    if (lexicalBinding(name) === undefined) endBinding(name);
  }
}

/**
 * Name and message of an error that has no place, as the engine's own where a script could not declare its names.
 * @type {(error: unknown) => string}
 */
export function headerWithoutPlace(error) {
  if (typeof error !== 'object' || error === null || kindOfObject(error) !== 'error') return '';
  const header = errorHeader(error);
  return errorStack(error) === header ? header : '';
}

export function restoreCell() {
  for (let index = 0; index < kept.length; index += 1) {
    const { name, binding } = /** @type {Kept} */ (kept[index]);
    setBinding(name, binding?.value);
  }
  kept = bareList([]);
}

/** Keeps the value of a cell as `$_` for the next ones, unless the guest has made something else of that name. */
export function keepValue(/** @type {unknown} */ value) {
  if (value === undefined) return;
  const present = getOwnPropertyDescriptor(globalObject, '$_');
  if (present === undefined || (present.configurable === true && hasOwn(present, 'value'))) define('$_', value, false);
}

function keep(/** @type {string} */ name) {
  append(kept, { name, binding: lexicalBinding(name) });
  endBinding(name);
}

/** A `var` that a later cell may declare in another way: a property that is configurable, where there is none yet. */
function makeVar(/** @type {string} */ name) {
  endBinding(name);
  if (getOwnPropertyDescriptor(globalObject, name) === undefined) define(name, undefined, true);
}

/** @type {(name: string, value: unknown, enumerable: boolean) => void} */
function define(name, value, enumerable) {
  const descriptor = { __proto__: null, configurable: true, enumerable, writable: true, value };
  try {
    defineProperty(globalObject, name, /** @type {PropertyDescriptor} */ (descriptor));
  } catch {
    // A global object that takes no properties refuses a declaration too, and says so; a value is not kept.
  }
}

/** @type {(names: string[]) => string} */
function namesAsJson(names) {
  let text = '';
  for (let index = 0; index < names.length; index += 1) text += (index === 0 ? '' : ',') + jsonStringify(names[index]);
  return '[' + text + ']';
}
