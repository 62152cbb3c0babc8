// @ts-check
/**
 * How many columns of a terminal a text takes: two for the letters of East Asia and for emoji, none for marks that stand
 * on the letter before. Close to what terminals do, from what the engine knows of characters and few ranges.
 */
import { natives, regExpExec, stringCodePointAt, stringSlice } from './primordials.js';

const softHyphen = 0xad;

/** @typedef {{ readonly narrow: RegExp, readonly invisible: RegExp, readonly emoji: RegExp }} Classes */
/** @type {Classes | undefined} */
let classes;

/** Made when a text first needs them: most are plain. */
function knownClasses() {
  classes ??= {
    narrow: new natives.RegExp('^[ -~\\u2500-\\u257f]*$'),
    invisible: new natives.RegExp('^[\\p{Cc}\\p{Cf}\\p{Me}\\p{Mn}]$', 'u'),
    emoji: new natives.RegExp('^\\p{Emoji_Presentation}$', 'u'),
  };
  return classes;
}

/** @type {(expression: RegExp, text: string) => boolean} */
const matches = (expression, text) => regExpExec(expression, text) !== null;

/** @type {(text: string) => number} */
export function widthOfText(text) {
  if (matches(knownClasses().narrow, text)) return text.length;
  let width = 0;
  for (let at = 0; at < text.length; ) {
    const code = stringCodePointAt(text, at) ?? 0;
    const end = at + (code > 0xffff ? 2 : 1);
    width += widthOfCharacter(code, stringSlice(text, at, end));
    at = end;
  }
  return width;
}

/** @type {(code: number, character: string) => number} */
function widthOfCharacter(code, character) {
  if (code < 0x7f) return code < 0x20 ? 0 : 1;
  if (code === softHyphen) return 1;
  const { invisible, emoji } = knownClasses();
  if (matches(invisible, character)) return 0;
  return isWide(code) || matches(emoji, character) ? 2 : 1;
}

/** The blocks of letters as wide as high. @type {(code: number) => boolean} */
const isWide = (code) =>
  code >= 0x1100 &&
  (code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xa960 && code <= 0xa97f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff01 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x17000 && code <= 0x1b2ff) ||
    (code >= 0x1f200 && code <= 0x1f2ff) ||
    (code >= 0x20000 && code <= 0x3fffd));
