/** Reads a whole number of at least 1, where zero things or fewer would make no sense. */
import { InvalidArgumentError } from 'commander';

export function readCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}
