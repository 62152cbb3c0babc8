import { expect, it } from 'vitest';
import { readJson } from '#cli/options/read-json';

it.for([
  ['{"a":[1,null]}', { a: [1, null] }],
  ['"x"', 'x'],
  ['null', null],
  [' 1 ', 1],
] as const)('reads %s', ([text, value]) => {
  expect(readJson(text)).toEqual(value);
});

const mistakes: [text: string, position: number][] = [
  ['', 0],
  ['x', 0],
  ['{"a":x}', 5],
  ['{"a":1,}', 7],
  ['{"a":1', 6],
  ['{"a" 1}', 5],
  ["{'a':1}", 1],
  ['[1,2,undefined]', 5],
  ['{"a":1} {}', 8],
  [`[${'1,'.repeat(5000)}x]`, 10_001],
];
it.for(mistakes)('says where %s breaks', ([text, position]) => {
  expect(() => readJson(text)).toThrow(`It must be JSON, but it breaks at position ${position}: `);
});
