import { expect, it } from 'vitest';
import { nearestWord } from '#shared/nearest-word';

const words = ['read_only', 'max_rows', 'commands', 'hosts', 'timeout_ms', 'exec', 'fs'];

it.each([
  ['readonly', 'read_only'],
  ['readOnly', 'read_only'],
  ['maxRows', 'max_rows'],
  ['command', 'commands'],
  ['host', 'hosts'],
  ['exce', 'exec'],
  ['timeout', 'timeout_ms'],
  ['FS', 'fs'],
  ['max_row_number', undefined],
  ['colour', undefined],
  ['of', undefined],
  ['', undefined],
])('takes %j for %j', (word, meant) => {
  expect(nearestWord(word, words)).toBe(meant);
});

it('takes the nearest of several', () => {
  expect(nearestWord('lodash-4.17.20', ['lodash-4.17.1', 'lodash-4.17.21'])).toBe('lodash-4.17.21');
});
