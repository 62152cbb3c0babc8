import { describe, expect, it } from 'vitest';
import { stripBeyond, stripTypes } from '#main/runtime/worker/strip-types';

describe('types', () => {
  it('become blanks', () => {
    expect(stripTypes('let a: number = 1')).toEqual({ kind: 'stripped', source: 'let a         = 1' });
  });

  it.each([
    ['enum E {}', 'TypeScript enum is not supported in strip-only mode: types are stripped, nothing is compiled'],
    ['<any>5', expect.stringMatching(/: `expr as T`\. Types are stripped, nothing is compiled\.$/)],
  ])('that would need code are refused in one proper text: %s', (source, message) => {
    expect(stripTypes(source)).toEqual({ kind: 'refused', message, line: 1, column: 1 });
  });
});

describe('a mistake beside types', () => {
  it.each([
    ['an expression that is missing', 'const x: number = 1;\nconst y = ;', [2, 11]],
    ['tabs before it', '\t\tlet a: number = ;', [1, 19]],
    ['characters of two units and two columns before it', 'let é: string = "😀漢"; y = ;', [1, 27]],
    ['lines that end as on Windows', 'let a: number\r\ny = ;', [2, 5]],
  ])('has its own place, as the engine counts: %s', (_what, source, [line, column]) => {
    expect(stripTypes(source)).toEqual({ kind: 'broken', message: 'Expression expected', line, column });
  });
});

describe('a source that nests too deep for the stripper', () => {
  it.each(['['.repeat(100_000), 'a => '.repeat(100_000), `let x: ${'['.repeat(100_000)}`])(
    'is unknown, and the next one is stripped as ever',
    (source) => {
      expect(stripTypes(source)).toEqual({ kind: 'unknown' });
      expect(stripTypes('let a: number').kind).toBe('stripped');
    },
  );
});

describe('a source that the engine refused at a place', () => {
  it('is stripped where types stand there', () => {
    const source = 'let a: number; let a';
    expect(stripBeyond(source, { line: 1, column: 6 })).toEqual({ kind: 'stripped', source: 'let a        ; let a' });
  });

  it.each([
    ['let a: number\nb = ;', { line: 1, column: 6 }, { line: 2, column: 5 }],
    ['type A = ;', { line: 1, column: 6 }, { line: 1, column: 10 }],
    ['class A { b!: number; c = ; }', { line: 1, column: 12 }, { line: 1, column: 27 }],
  ])('is broken where the stripper reads on: %s', (source, refused, place) => {
    expect(stripBeyond(source, refused)).toMatchObject({ kind: 'broken', ...place });
  });

  it.each([
    ['const y = ;', { line: 1, column: 11 }],
    ['/* abc', { line: 1, column: 1 }],
    ['0x', { line: 1, column: 1 }],
    ['a b', { line: 1, column: 3 }],
    ['', { line: 1, column: 1 }],
    ['a', { line: 7, column: 1 }],
  ])('is unknown where it is a mistake in JavaScript: %s', (source, refused) => {
    expect(stripBeyond(source, refused)).toEqual({ kind: 'unknown' });
  });
});
