/** Reads the JSON of an option; a mistake is a usage error that says where it is. */
import { InvalidArgumentError } from 'commander';
import type { JsonValue } from '#shared/contract/primitive';

export function readJson(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/.exec(reason)?.[1] ?? firstBadPosition(text);
    throw new InvalidArgumentError(`It must be JSON, but it breaks at position ${position}: ${reason}.`);
  }
}

/**
 * The engine names no position for an unexpected token. A text that is cut off before the token complains of its end,
 * one that holds the token complains of the token: so the first cut that complains of it is found by halving.
 */
function firstBadPosition(text: string): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (hasUnexpectedToken(text.slice(0, middle + 1))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Unexpected token');
  }
}
