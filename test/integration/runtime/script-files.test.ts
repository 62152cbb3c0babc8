/** Files that are run as scripts: what they leave behind, also where they fail, and what their errors say. */
import { describe, expect, it } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { type FinishedRun, type RunChanges, runCode } from '../../support/run-code.ts';

const { runtime } = freshRuntimes({ wall_ms: 20_000, cpu_ms: 15_000, mem_mb: 128 });

const stackOf = ({ end }: FinishedRun) => (end.kind === 'exception' ? end.exception.stack : end);
const previewOf = ({ end }: FinishedRun) => (end.kind === 'value' ? end.value.preview : end);

const runFile = (source: string, changes: RunChanges = {}) =>
  runCode(runtime(), source, { kind: 'run_file', fileName: 'main.js', ...changes });
const runCell = (source: string, changes: RunChanges = {}) => runCode(runtime(), source, changes);

describe('a script that fails', () => {
  it.each([
    ['throws', 'const PZ = JSON.parse("{")', {}],
    ['throws at startup', 'const PZ = JSON.parse("{")', { kind: 'startup' }],
    ['throws after a wait', 'await null; const PZ = JSON.parse("{")', {}],
    ['is stopped', 'const PZ = (() => { for (;;); })()', { limits: { cpu_ms: 50 } }],
    ['waits for ever', 'const PZ = await new Promise(() => undefined)', {}],
    ['is a cell that only the engine reads', `const PZ = JSON.parse("{"); ${'0,'.repeat(410_000)}0`, { kind: 'repl' }],
  ] as const)('gives back the names that it did not reach: it %s', async (_how, source, changes) => {
    expect((await runFile(source, changes)).end.kind).not.toBe('value');
    expect(previewOf(await runCell('typeof PZ'))).toBe('undefined');
    expect(previewOf(await runFile('const PZ = 5; PZ'))).toBe('5');
  });

  it('keeps what it did reach, by the rules of scripts', async () => {
    await runFile('let reached = 1; class Late extends missing {}');
    expect(previewOf(await runCell('reached'))).toBe('1');
    expect(stackOf(await runFile('let reached'))).toMatch(/^SyntaxError: redeclaration of 'reached'\n/);
    expect(previewOf(await runFile('class Late {} typeof Late'))).toBe('function');
  });

  it('leaves the names of others alone', async () => {
    await runCell('let kept = 7; const undefinedOne = undefined');
    await runFile('let other = missing');
    expect(previewOf(await runCell('[kept, undefinedOne]'))).toBe('[ 7, undefined ]');
  });
});

describe('a name that is declared again', () => {
  it('has the place of its declaration', async () => {
    expect(previewOf(await runFile('const a = 1, b = 2; b'))).toBe('2');
    expect(stackOf(await runFile('const a = 1'))).toBe("SyntaxError: redeclaration of 'a'\n    at main.js:1:7");
    expect(stackOf(await runFile('await 1;\n\n  let { b } = {}'))).toBe(
      "SyntaxError: redeclaration of 'b'\n    at main.js:3:9",
    );
  });

  it('has the place in the cell, too', async () => {
    await runFile('var fixed = 1');
    const place = "SyntaxError: redeclaration of 'fixed'\n    at cell 1";
    expect(stackOf(await runCell('1\n let fixed'))).toBe(`${place}:2:6`);
    expect(stackOf(await runCell('import {} from "fs"; let fixed'))).toBe(`${place}:1:26`);
  });

  it('is not meant by a guest that says the same', async () => {
    const source = 'throw Object.assign(new SyntaxError("redeclaration of \'x\'"), {})';
    expect(stackOf(await runFile(source))).toMatch(/^SyntaxError: redeclaration of 'x'\n {4}at main\.js:1:\d+$/);
  });
});

describe('TypeScript', () => {
  it.each(['main.ts', 'main.cts'])('has its types stripped in %s', async (fileName) => {
    const source = 'interface A { b: number }\nconst f = <T,>(x: T): T => x;\nf<A>({ b: 4 } as A).b';
    expect(previewOf(await runFile(source, { fileName }))).toBe('4');
  });

  it('has its types stripped in a module of that name', async () => {
    const source = 'const a: number = 3; export default a satisfies number';
    expect(previewOf(await runFile(source, { fileName: 'main.mts', mode: 'module' }))).toBe('3');
  });

  const broken = 'const x: number = 1;\nconst y = ;';

  it.each([
    [broken, 'Expression expected', '2:11'],
    ['const y = ;', 'Expression expected', '1:11'],
    ['let a: number;\n\tlet a', 'invalid redefinition of lexical identifier', '2:7'],
  ])('with a mistake is told where that is, in a file: %s', async (source, message, place) => {
    expect(stackOf(await runFile(source, { fileName: 'main.ts' }))).toBe(
      `SyntaxError: ${message}\n    at main.ts:${place}`,
    );
  });

  it.each([
    [broken, 'Expression expected', '2:11'],
    ['let a: number;\nlet a', 'invalid redefinition of lexical identifier', '2:6'],
    ['await 1; let a: number = ;', 'Expression expected', '1:26'],
    ['const y = ;', "unexpected token in expression: ';'", '1:11'],
    ['const a', 'missing initializer for const variable', '1:8'],
    ['/* abc', 'unexpected end of comment', '1:1'],
  ])(
    'with a mistake is told where that is, in a cell; JavaScript by the engine: %s',
    async (source, message, place) => {
      expect(stackOf(await runCell(source))).toBe(`SyntaxError: ${message}\n    at cell 1:${place}`);
    },
  );

  it('is not tried on a cell that has run', async () => {
    const source = `globalThis.runs = (globalThis.runs ?? 0) + 1; [${'0,'.repeat(410_000)}0]; throw new SyntaxError("own")`;
    expect(stackOf(await runCell(source))).toMatch(/^SyntaxError: own/);
    expect(previewOf(await runCell('runs'))).toBe('1');
  });
});

describe('await in a script', () => {
  it.each([
    ['waits', 'await Promise.resolve(5)', '5'],
    ['waits in parentheses', 'await (async () => 6)()', '6'],
    ['names a class where it can be nothing else', 'class await {} typeof await', 'function'],
    ['names a variable where it can be nothing else', 'var await = 5; await + 1', '6'],
    ['is no name where nothing can be read', 'class await {} let let', /^SyntaxError/],
  ] as const)('%s', async (_what, source, expected) => {
    const finished = await runFile(source);
    expect(finished.end.kind === 'exception' ? stackOf(finished) : previewOf(finished)).toMatch(expected);
  });
});
