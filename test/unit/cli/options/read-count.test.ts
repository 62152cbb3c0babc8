import { expect, it } from 'vitest';
import { readCount } from '#cli/options/read-count';

it.for([
  ['1', 1],
  ['007', 7],
  ['64', 64],
] as const)('reads %s', ([text, value]) => {
  expect(readCount(text)).toBe(value);
});

it.for(['', '0', '-1', '1.5', '1e3', ' 1', 'many', '9007199254740992'])('refuses "%s"', (text) => {
  expect(() => readCount(text)).toThrow('It must be a whole number of at least 1.');
});
