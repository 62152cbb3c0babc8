/** Reads `on` or `off`. */
import { InvalidArgumentError } from 'commander';

export function readSwitch(text: string): boolean {
  if (text === 'on') return true;
  if (text === 'off') return false;
  throw new InvalidArgumentError('It must be "on" or "off".');
}
