/** What can be completed in any session without asking one: the words of the language and the names every guest has. */
import type { GuestName } from '#core/ports';

export const keywords: readonly string[] = (
  'async await break case catch class const continue debugger default delete do else export extends false finally for ' +
  'from function if import in instanceof let new null of return static super switch this throw true try typeof ' +
  'undefined var void while with yield'
).split(' ');

const classes = (
  'AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError ' +
  'Float32Array Float64Array Function Int16Array Int32Array Int8Array Map Number Object Promise Proxy RangeError ' +
  'ReferenceError RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array ' +
  'Uint8ClampedArray WeakMap WeakRef WeakSet'
).split(' ');

const functions = (
  'clearInterval clearTimeout decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat ' +
  'parseInt queueMicrotask require setInterval setTimeout'
).split(' ');

const variables = 'Infinity JSON Math NaN Reflect console globalThis'.split(' ');

const named = (names: readonly string[], kind: GuestName['kind']): GuestName[] =>
  names.map((name) => ({ name, kind, rank: 1 }));

/** The built-in names of a session that is not asked, because it sleeps. */
export const builtInNames: readonly GuestName[] = [
  ...named(classes, 'class'),
  ...named(functions, 'function'),
  ...named(variables, 'variable'),
];
