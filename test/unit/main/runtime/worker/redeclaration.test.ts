import { expect, it } from 'vitest';
import { placeOfDeclaration } from '#main/runtime/worker/redeclaration';

it.each([
  ['const a = 1', 'a', 1, 7],
  ['b(a)\n  let a', 'a', 2, 7],
  ['// const a\n/* let a */\nclass a {}', 'a', 3, 7],
  ['aa; b.a\nasync function* a() {}', 'a', 2, 17],
  ['f(); var a', 'a', 1, 10],
  ['let { b: [c] } = d', 'c', 1, 11],
  ['const $a = 1, a$ = 2, $ = 3', '$', 1, 23],
  ['"😀"; let ä', 'ä', 1, 10],
  ['let \\u0061', 'a', 1, 1],
])('%s declares %s at %i:%i', (source, name, line, column) => {
  expect(placeOfDeclaration(source, name)).toEqual({ line, column });
});

it('is found in time in a source of blanks', () => {
  const startedMs = performance.now();
  placeOfDeclaration(`;function${' '.repeat(2_000_000)};async${' '.repeat(2_000_000)}`, 'a');
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
