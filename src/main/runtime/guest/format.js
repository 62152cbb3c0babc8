// @ts-check
/** The arguments of one console call as one text: `%` directives of a leading string, then the rest, joined by spaces. */
import { display, inspect } from './inspect.js';
import { stringSlice, toNumber, trunc } from './primordials.js';

/** The longest text that leaves the guest; the host cuts at the same place, in bytes, and marks the cut. */
const maxLength = 65537;

/** @type {(args: readonly unknown[]) => string} */
export function format(args) {
  const first = args[0];
  if (args.length === 1 && typeof first === 'string') return shorten(first);
  let text = '';
  let next = 0;
  if (typeof first === 'string' && args.length > 1) {
    const filled = fill(first, args);
    text = filled.text;
    next = filled.next;
  }
  for (; next < args.length && text.length < maxLength; next += 1) {
    text += (next === 0 ? '' : ' ') + plain(args[next]);
  }
  return shorten(text);
}

/** A string is itself, whatever its length; everything else is a preview within its budget. */
const plain = (/** @type {unknown} */ value) => (typeof value === 'string' ? shorten(value) : display(value));

const shorten = (/** @type {string} */ text) => (text.length <= maxLength ? text : stringSlice(text, 0, maxLength));

/**
 * Replaces directives by arguments; `next` is the first argument that none of them took.
 * @type {(pattern: string, args: readonly unknown[]) => { text: string, next: number }}
 */
function fill(pattern, args) {
  let text = '';
  let copied = 0;
  let next = 1;
  for (let index = 0; index < pattern.length - 1; index += 1) {
    if (pattern[index] !== '%') continue;
    const letter = /** @type {string} */ (pattern[index + 1]);
    const filled = letter === '%' ? '%' : next < args.length ? directive(letter, args[next]) : undefined;
    if (filled === undefined) continue;
    if (letter !== '%') next += 1;
    text += stringSlice(pattern, copied, index) + filled;
    copied = index + 2;
    index += 1;
  }
  return { text: text + stringSlice(pattern, copied), next };
}

/** @type {(letter: string, value: unknown) => string | undefined} */
function directive(letter, value) {
  switch (letter) {
    case 's':
      return plain(value);
    case 'd':
      return typeof value === 'bigint' ? inspect(value) : inspect(numberOf(value));
    case 'i':
      return typeof value === 'bigint' ? inspect(value) : inspect(trunc(numberOf(value)));
    case 'f':
      return inspect(numberOf(value));
    case 'j':
    case 'o':
    case 'O':
      return inspect(value);
    case 'c':
      return '';
    default:
      return undefined;
  }
}

/** Objects and symbols are no numbers here: converting them would run guest code. */
const numberOf = (/** @type {unknown} */ value) =>
  typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol' ? NaN : toNumber(value);
