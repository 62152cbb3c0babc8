import { expect, it } from 'vitest';
import { tableLines } from '#cli/format/table';

it('aligns columns by their widest cell, and leaves no blanks at the end', () => {
  const rows = [
    ['1', 'short', ''],
    ['22', 'a longer one', 'x'],
  ];
  expect(tableLines({ header: ['N', 'NAME', 'LAST'], rows })).toEqual([
    'N   NAME          LAST',
    '1   short',
    '22  a longer one  x',
  ]);
});

it('counts characters, not their halves', () => {
  expect(tableLines({ header: ['A', 'B'], rows: [['👍', 'x']] })).toEqual(['A  B', '👍  x']);
});

it('is only a header where there are no rows', () => {
  expect(tableLines({ header: ['A', 'B'], rows: [] })).toEqual(['A  B']);
});
