/** Reads a whole number. Which numbers make sense is the host's to say. */
import { InvalidArgumentError } from 'commander';

export function readInteger(text: string): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}
