/** The global variable that a library defines: as its user wants it, or the package's name in camel case. */
import { isScript } from './is-script.ts';

/** What a session has of its own beside what JavaScript and browsers have. */
const ownGlobals: readonly string[] = ['require', 'module', 'exports', 'display', 'env', '$_', '__ARGS__', '__ENV__'];

/** Throws where the name cannot be a variable, or hides what sessions have already. */
export function globalName(id: string, wanted: string | undefined): string {
  const name = wanted ?? camelCase(id);
  const advice = 'Choose a name with --global NAME, or "global" in a call.';
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || !isScript(`"use strict"; var ${name};`)) {
    throw new Error(`"${name}" is no name of a variable. ${advice}`);
  }
  if (name in globalThis || ownGlobals.includes(name)) {
    throw new Error(`A session has a global "${name}" of its own, which ${id} would hide. ${advice}`);
  }
  return name;
}

/** `@scope/date-fns.js` becomes `dateFnsJs`. */
function camelCase(id: string): string {
  const [first = '', ...others] = id
    .replace(/^@[^/]*\//, '')
    .split(/[^A-Za-z0-9$_]+/)
    .filter(Boolean);
  const name = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^\d/.test(name) ? `_${name}` : name;
}
