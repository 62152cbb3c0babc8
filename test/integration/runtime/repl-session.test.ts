/** What cells do to their session: stacks that name them, rejections, limits, and sources that are no friend of a parser. */
import { describe, expect, it } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { type FinishedRun, printed, runCode } from '../../support/run-code.ts';

const { runtime, run } = freshRuntimes({ wall_ms: 20_000, cpu_ms: 15_000, mem_mb: 128 });

/** Runs cells as the core does, each under its number. */
async function runCells(...cells: readonly string[]): Promise<FinishedRun[]> {
  const runs: FinishedRun[] = [];
  for (const [index, cell] of cells.entries()) {
    runs.push(await runCode(runtime(), cell, { fileName: `cell ${index + 1}`, limits: { cpu_ms: 15_000 } }));
  }
  return runs;
}

/** What the session tells of a run beside its output. */
const warnings = ({ events }: FinishedRun) =>
  events.flatMap((event) => (event.type === 'system' ? event.payload.message : []));
const stackOf = ({ end }: FinishedRun) => (end.kind === 'exception' ? end.exception.stack : end);
const previewOf = ({ end }: FinishedRun) => (end.kind === 'value' ? end.value.preview : end);

describe('stacks', () => {
  it('name the cells they go through, with positions as the user has them', async () => {
    const runs = await runCells(
      'let before = 1; function thrower(text) {\n  throw new Error(text)\n}',
      'const call = () =>\n    thrower("no")',
      'call()',
    );
    expect(stackOf(runs[2] as FinishedRun)).toBe(
      ['Error: no', '    at thrower (cell 1:2:18)', '    at call (cell 2:2:12)', '    at cell 3:1:5'].join('\n'),
    );
  });

  it.each([
    ['an object', '{a: missing}', 5],
    ['an object with a blank before it', ' {a: missing}', 6],
    ['types', 'let n: number = missing', 17],
    ['a function on the same line', 'function f() {} missing', 17],
    ['an awaited cell', 'await 1; missing', 10],
    ['a character of two units', '"😀"; missing', 6],
  ])('keep their columns: %s', async (_what, source, column) => {
    const [failed] = await runCells(source);
    expect(stackOf(failed as FinishedRun)).toBe(`ReferenceError: 'missing' is not defined\n    at cell 1:1:${column}`);
  });

  it('keep their columns where an error is printed', async () => {
    const [run] = await runCells('{a: console.log(new Error("seen"))}');
    expect(printed(run as FinishedRun)).toEqual(['Error: seen\n    at cell 1:1:26']);
  });

  it('say where TypeScript would have to be compiled', async () => {
    const [failed] = await runCells('let a = 1\n  enum E {}');
    expect(stackOf(failed as FinishedRun)).toMatch(/^SyntaxError: TypeScript enum .*\n {4}at cell 1:2:3$/);
  });
});

describe('rejections that nobody handles', () => {
  it('are told of by the cell in which they happen', async () => {
    const runs = await runCells(
      'let fail; const p = new Promise((_, reject) => { fail = reject }); 1',
      'fail(new Error("late")); 2',
      '3',
    );
    expect(runs.map(warnings)).toEqual([[], [expect.stringContaining('Error: late')], []]);
  });

  it('are not told of where a later part of the cell handles them', async () => {
    const [run] = await runCells('const p = Promise.reject(new Error("x")); await null; await p.catch(() => 1)');
    expect([previewOf(run as FinishedRun), warnings(run as FinishedRun)]).toEqual(['1', []]);
  });

  it('are told of from timers too', async () => {
    const [run] = await runCells('setTimeout(() => { Promise.reject(new Error("tick")) }, 1); 0');
    expect(warnings(run as FinishedRun)).toEqual([expect.stringContaining('Error: tick')]);
  });
});

describe('declarations of a cell that was stopped', () => {
  it('are free again, and give back what was there', async () => {
    await run('const x = 1; let y = 2');
    const stopped = await run('const x = (() => { for (;;) {} })(); let y = 3', { limits: { cpu_ms: 200 } });
    expect(stopped.end).toMatchObject({ kind: 'limit', limit: 'cpu_ms' });
    expect(previewOf(await run('[x, y]'))).toBe('[ 1, 2 ]');
    expect(previewOf(await run('const x = 5; x'))).toBe('5');
  });
});

describe('scripts that are no cells', () => {
  it('keep the ordinary rules', async () => {
    const file = { kind: 'run_file', fileName: 'main.js' } as const;
    await run('const x = 1; function f() { return 1 }', file);
    expect((await run('const x = 2', file)).end).toMatchObject({ kind: 'exception' });
    expect(previewOf(await run('globalThis.f === f', file))).toBe('true');
    expect(previewOf(await run('{a: 1}', file))).toBe('1');
  });

  it('may be declared again by a cell; its function replaces theirs for everybody', async () => {
    const file = { kind: 'run_file', fileName: 'main.js' } as const;
    await run('const x = 1; function f() { return 1 }; function call() { return f() }', file);
    expect(previewOf(await run('const x = 2; function f() { return 2 }; [x, f(), call()]'))).toBe('[ 2, 2, 2 ]');
  });

  it('have their types stripped by their name', async () => {
    const file = { kind: 'run_file', fileName: 'main.ts' } as const;
    expect(previewOf(await run('const typed: number = 1; typed', file))).toBe('1');
    expect(stackOf(await run('const other: number = missing', file))).toContain('at main.ts:1:23');
    expect(stackOf(await run('enum E {}', file))).toContain('TypeScript enum');
  });
});

it('strict templates have strict cells and functions', async () => {
  const host = createRealRuntimeHost();
  const strict = await host.open(runtimeSpec({ runtime: { strict: true } }));
  expect(await runCode(strict, 'function f() { return this }; f()')).toMatchObject({
    end: { value: { type: 'undefined' } },
  });
  expect(await runCode(strict, 'undeclared = 1')).toMatchObject({ end: { kind: 'exception' } });
  expect(await runCode(strict, '{a: await 1}')).toMatchObject({ end: { value: { preview: '{ a: 1 }' } } });
  await host.close();
});

describe('sources that are no friend of a parser', () => {
  const mebibytes = (text: string, count = 4) => text.repeat((count * 1024 * 1024 - 200) / text.length);

  it.each([
    ['numbers', `const big = [${mebibytes('1,', 2)}]; big.length > 0`],
    ['objects', `const big = [${mebibytes('{a:[1,"b"]},', 2)}]; big.length > 0`],
    ['text', `const big = "${mebibytes('x')}"; big.length > 0`],
    ['a comment', `const big = /*${mebibytes(' x')}*/ 1; big > 0`],
    ['statements', `const big = 1; ${mebibytes('big;', 2)}; big > 0`],
    [
      'functions',
      `${Array.from({ length: 20_000 }, (_, i) => `function f${i}() { return ${i} }`).join('\n')}\nf19999() > 0`,
    ],
    ['names', `${Array.from({ length: 50_000 }, (_, i) => `let n${i} = 1;`).join('')}\nn49999 > 0`],
  ])('megabytes of %s, twice', async (_what, source) => {
    const runs = await runCells(source, source, '1 + 1');
    expect(runs.map(previewOf)).toEqual(['true', 'true', '2']);
  });

  it.each([
    ['brackets', '['.repeat(500_000)],
    ['closed brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['arrows', 'a => '.repeat(200_000)],
    ['blocks', '{'.repeat(200_000)],
    ['templates', '`${'.repeat(100_000)],
    ['types', `let x: ${'Array<'.repeat(50_000)}`],
    ['typed parentheses', `${'('.repeat(5_000)}a as any${')'.repeat(5_000)}`],
    ['sums', `x = ${'1+'.repeat(150_000)}1`],
    ['expressions', `/${'(a|'.repeat(50_000)}/`],
    ['long expressions', `/${'[a-z]*'.repeat(200_000)}(/`],
  ])('%s that are too many end the cell and not the session', async (_what, source) => {
    const [kept, ended, after] = await runCells('const kept = 1', source, 'kept');
    expect(kept?.usable).toBe(true);
    expect(ended?.usable).toBe(true);
    expect(previewOf(after as FinishedRun)).toBe('1');
  });

  it('reading ends with the time of its run', async () => {
    await run('const kept = 1');
    const stopped = await run(`const big = 1; ${mebibytes('big;')}`, { limits: { cpu_ms: 50 } });
    expect(stopped).toMatchObject({ end: { kind: 'limit', limit: 'cpu_ms' }, usable: true });
    expect(previewOf(await run('kept'))).toBe('1');
  });
});
