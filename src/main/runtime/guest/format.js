// @ts-check
/**
 * The arguments of one console call as one text, as Node's util.format writes them: `%` directives of a leading string,
 * then the rest, joined by spaces. Unlike a preview, a directive may run guest code, such as a toString: the guest asks
 * for it, in a call of its own.
 */
import { inspect } from './inspect.js';
import { dataProperty } from './kind.js';
import {
  builtInConversions,
  jsonStringify,
  setHas,
  stringIndexOf,
  stringSlice,
  stringStartsWith,
  toFloat,
  toInteger,
  toNumber,
  toPrimitiveKey,
  toText,
} from './primordials.js';
import { showPrimitive } from './quote.js';

/** In UTF-16 units, one more than a run may print in bytes: so much lets the host see that a text does not fit. */
let maxLength = 65537;

/** Texts that leave the guest need not be longer than this from now on. */
export const limitTexts = (/** @type {number} */ length) => {
  maxLength = length;
};

/** What of a text has to leave the guest. */
export const shorten = (/** @type {string} */ text) =>
  text.length <= maxLength ? text : stringSlice(text, 0, maxLength);

/** @type {(args: readonly unknown[]) => string} */
export function format(args) {
  const first = args[0];
  if (args.length === 1 && typeof first === 'string') return shorten(first);
  let { text, next } = typeof first === 'string' ? fill(first, args) : { text: '', next: 0 };
  for (; next < args.length && text.length < maxLength; next += 1) {
    text += (next === 0 ? '' : ' ') + plain(args[next]);
  }
  return shorten(text);
}

/** A string is itself, whatever its length; everything else is a preview within its budget. */
const plain = (/** @type {unknown} */ value) => (typeof value === 'string' ? shorten(value) : inspect(value));

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
      return textOf(value);
    case 'd':
      return numeric(value, toNumber);
    case 'i':
      return numeric(value, toInteger);
    case 'f':
      return typeof value === 'symbol' ? 'NaN' : showPrimitive(toFloat(/** @type {string} */ (value)));
    case 'j':
      return jsonOf(value);
    case 'o':
    case 'O':
      return inspect(value);
    case 'c':
      return '';
    default:
      return undefined;
  }
}

/** @type {(value: unknown) => string} */
function textOf(value) {
  if (typeof value === 'number' || typeof value === 'bigint') return showPrimitive(value);
  if (typeof value !== 'object' || value === null || hasOwnConversion(value)) return shorten(toText(value));
  return inspect(value, 0);
}

/** Whether the guest, not the language, says how an object becomes a text. */
const hasOwnConversion = (/** @type {object} */ object) =>
  isOfGuest(dataProperty(object, toPrimitiveKey)) || isOfGuest(dataProperty(object, 'toString'));

const isOfGuest = (/** @type {unknown} */ conversion) =>
  typeof conversion === 'function' && !setHas(builtInConversions, conversion);

/** @type {(value: unknown, convert: (value: never) => number) => string} */
function numeric(value, convert) {
  if (typeof value === 'bigint') return showPrimitive(value);
  return typeof value === 'symbol' ? 'NaN' : showPrimitive(convert(/** @type {never} */ (value)));
}

/** @type {(value: unknown) => string} */
function jsonOf(value) {
  try {
    return shorten(toText(jsonStringify(value)));
  } catch (error) {
    if (isCircular(error)) return '[Circular]';
    throw error;
  }
}

/** What the engine says of a cycle, up to the end of the line or of the text. */
const circularMessage = (() => {
  const loop = { loop: {} };
  loop.loop = loop;
  try {
    return jsonStringify(loop);
  } catch (error) {
    const message = toText(/** @type {Error} */ (error).message);
    return stringSlice(message, 0, stringIndexOf(message + '\n', '\n'));
  }
})();

/** @type {(error: unknown) => boolean} */
function isCircular(error) {
  if (typeof error !== 'object' || error === null) return false;
  const message = dataProperty(error, 'message');
  return typeof message === 'string' && stringStartsWith(message, circularMessage);
}
