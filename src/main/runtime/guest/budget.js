// @ts-check
/**
 * What one preview may cost. Every piece of text and every visited object is paid from it, so that a preview of a
 * million entries costs as much as one of a hundred.
 */
import { bareList, stringSlice } from './primordials.js';

/**
 * One preview in the making: how deep to go and whether to show what is hidden, what is left to spend, the objects being
 * shown, outermost first, and those that turned out to contain themselves. `innermost` is the depth of the object with
 * entries that was shown last. `show` shows a value within it.
 * @typedef {{
 *   readonly depth: number,
 *   readonly showsHidden: boolean,
 *   nodes: number,
 *   characters: number,
 *   innermost: number,
 *   readonly ancestors: object[],
 *   readonly circular: object[],
 *   readonly show: (value: unknown) => string,
 * }} Preview
 */

/** @typedef {{ readonly depth: number, readonly showsHidden: boolean }} PreviewOptions */

export const maxDepth = 6;
export const maxEntries = 100;
const maxNodes = 2000;
const maxCharacters = 10240;

/** @type {(show: (value: unknown, preview: Preview) => string, options: PreviewOptions) => Preview} */
export const newPreview = (show, { depth, showsHidden }) => {
  /** @type {Preview} */
  const preview = {
    depth,
    showsHidden,
    nodes: maxNodes,
    characters: maxCharacters,
    innermost: 0,
    ancestors: bareList([]),
    circular: bareList([]),
    show: (value) => show(value, preview),
  };
  return preview;
};

/**
 * Pays for a text and returns what of it is affordable, with a mark where it was cut.
 * @type {(preview: Preview, text: string) => string}
 */
export const spend = (preview, text) => {
  const affordable = preview.characters > 0 ? preview.characters : 0;
  preview.characters -= text.length;
  return text.length <= affordable ? text : stringSlice(text, 0, affordable) + '…';
};

/** @type {(preview: Preview) => boolean} */
export const isSpent = (preview) => preview.nodes <= 0 || preview.characters <= 0;

/** The longest text that one preview can afford. */
export const shorten = (/** @type {string} */ text) =>
  text.length <= maxCharacters ? text : stringSlice(text, 0, maxCharacters) + '…';
