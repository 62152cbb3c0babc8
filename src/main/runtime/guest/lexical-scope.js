// @ts-check
/**
 * The global lexical bindings of the guest (its `let`, `const` and `class` names), which JavaScript itself cannot list,
 * as the properties of one object that the engine keeps and the host found: see worker/lexical-scope.ts. All of them are
 * data properties, so that reading one runs no guest code. Never define a property on it: the engine would abort.
 */
import { append, bareList, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } from './primordials.js';

/** @type {object | undefined} */
let scope;

/** Given once, before any guest code. */
export function adoptLexicalScope(/** @type {object} */ found) {
  scope = found;
}

/** @type {() => string[]} the names in the order they were declared, those that are not initialised too */
export function lexicalNames() {
  const names = /** @type {string[]} */ (bareList([]));
  if (scope === undefined) return names;
  const keys = ownKeys(scope);
  for (let index = 0; index < keys.length; index += 1) append(names, /** @type {string} */ (keys[index]));
  return names;
}

/**
 * What a name is bound to: its value, and `writable: false` for a const. Undefined where there is no such name, or where
 * it is not initialised.
 * @type {(name: string) => PropertyDescriptor | undefined}
 */
export function lexicalBinding(name) {
  if (scope === undefined) return undefined;
  try {
    return getOwnPropertyDescriptor(scope, name);
  } catch {
    return undefined;
  }
}

/** Ends the binding of a name, for code that comes later: the name may be declared again. */
export function endBinding(/** @type {string} */ name) {
  if (scope !== undefined) deleteProperty(scope, name);
}

/**
 * Gives a binding another value, be it a const. It must exist: a property that is new here is none for the engine.
 * @type {(name: string, value: unknown) => void}
 */
export function setBinding(name, value) {
  if (scope === undefined || lexicalBinding(name) === undefined) return;
  defineProperty(scope, name, /** @type {PropertyDescriptor} */ ({ __proto__: null, value }));
}
