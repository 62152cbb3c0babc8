// @ts-check
/**
 * What one preview may cost. Every piece of text and every visited object is paid from it, so that a preview of a
 * million entries costs as much as one of a hundred.
 */
import { bareList, stringSlice } from './primordials.js';

/**
 * One preview in the making: how deep to go, what is left to spend, the objects being shown, outermost first, and those that turned out
 * to contain themselves. `show` shows a value within it.
 * @typedef {{
 *   readonly depth: number,
 *   nodes: number,
 *   characters: number,
 *   readonly ancestors: object[],
 *   readonly circular: object[],
 *   readonly show: (value: unknown) => string,
 * }} Preview
 */

export const maxDepth = 6;
export const maxEntries = 100;
const maxNodes = 2000;
const maxCharacters = 10240;

/** @type {(show: (value: unknown, preview: Preview) => string, depth: number) => Preview} */
export const newPreview = (show, depth) => {
  /** @type {Preview} */
  const preview = {
    depth,
    nodes: maxNodes,
    characters: maxCharacters,
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
