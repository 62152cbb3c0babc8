// @ts-check
/**
 * What one preview may cost. Every piece of text and every visited object is paid from it, so that a preview of a
 * million entries costs as much as one of a hundred.
 */
import { stringSlice } from './primordials.js';

/** @typedef {{ nodes: number, characters: number, ancestors: object[], circular: object[] }} Budget */

export const maxDepth = 6;
export const maxEntries = 100;
const maxNodes = 2000;
const maxCharacters = 10240;

/** @type {(lists: { ancestors: object[], circular: object[] }) => Budget} */
export const newBudget = ({ ancestors, circular }) => ({
  nodes: maxNodes,
  characters: maxCharacters,
  ancestors,
  circular,
});

/**
 * Pays for a text and returns what of it is affordable, with a mark where it was cut.
 * @type {(budget: Budget, text: string) => string}
 */
export const spend = (budget, text) => {
  const affordable = budget.characters > 0 ? budget.characters : 0;
  budget.characters -= text.length;
  return text.length <= affordable ? text : `${stringSlice(text, 0, affordable)}…`;
};

/** @type {(budget: Budget) => boolean} */
export const isSpent = (budget) => budget.nodes <= 0 || budget.characters <= 0;
