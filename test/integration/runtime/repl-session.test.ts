/** What cells do to their session: stacks that name them, imports, limits, and sources that are no friend of a parser. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { runtimeSpec } from '../../support/real-runtime-host.ts';
import { type FinishedRun, printed, runCode } from '../../support/run-code.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

const { host, runtime, run } = freshRuntimes({ wall_ms: 20_000, cpu_ms: 15_000, mem_mb: 128 });

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

describe('imports', () => {
  const files = {
    'lib.js': 'export const a = 1; export let n = 0; export const up = () => { n += 1 }; export default "d"',
    'effect.js': 'console.log("effect"); globalThis.effects = (globalThis.effects ?? 0) + 1',
    'common.cjs': 'module.exports = { c: 3 }',
    'data.json': '{"days": 3}',
    'late.mjs': 'export const then = (done) => done("caught"); export const x = await 1',
    'throws.mjs': 'throw new RangeError("always")',
    'partial.mjs': 'import { gone } from "./lib.js"',
  };

  /** Runs cells in a session of its own, in a worktree with the files above. */
  async function cells(sources: readonly string[], options: { esm?: boolean; strict?: boolean } = {}) {
    const worktree = temporaryFolder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(worktree, name), text);
    const session = await host().open(runtimeSpec({ worktree, modules: ['fs'], runtime: options }));
    const runs: FinishedRun[] = [];
    for (const [index, source] of sources.entries()) {
      runs.push(await runCode(session, source, { fileName: `cell ${index + 1}` }));
    }
    await session.close();
    return runs;
  }
  const previews = async (...sources: string[]) => (await cells(sources)).map(previewOf);
  const failure = async (...sources: string[]) => stackOf((await cells(sources)).at(-1) as FinishedRun);

  it.each([
    ['import d from "./lib.js"; d', 'd'],
    ['import { a as b, default as c } from "./lib.js"; [b, c]', "[ 1, 'd' ]"],
    ['import d, { a } from "./lib"; [d, a]', "[ 'd', 1 ]"],
    ['import * as ns from "./lib.js"; Object.keys(ns).join()', 'a,default,n,up'],
    ['import * as fs from "node:fs"; import { readFileSync } from "fs"; fs.readFileSync === readFileSync', 'true'],
    ['import fs from "fs"; fs === require("fs")', 'true'],
    ['import { c } from "./common.cjs"; c', '3'],
    ['import data from "./data.json" with { type: "json" }; data.days', '3'],
    ['import { then, x } from "./late.mjs"; [typeof then, x]', "[ 'function', 1 ]"],
    ['import "./effect.js"', 'undefined'],
    ['5; import "./effect.js"', '5'],
    ['import type { T } from "./none"; const t: T = 1; t', '1'],
    ['import { a } from "./lib.js"; function f() { return this === globalThis && a } f()', '1'],
    ['"use strict"; import { a } from "./lib.js"; (function () { return this })()', 'undefined'],
    ['#!/usr/bin/env node\nimport { a } from "./lib.js"; a', '1'],
  ])('%s', async (source, preview) => expect(await previews(source)).toEqual([preview]));

  it('work in templates of any kind', async () => {
    for (const options of [{ esm: true }, { strict: true }]) {
      const [run] = await cells(['import { a } from "./lib.js"; a'], options);
      expect(previewOf(run as FinishedRun)).toBe('1');
    }
  });

  it('happen before the rest of the cell, each module once', async () => {
    const runs = await cells(['console.log("cell", effects); import "./effect.js"', 'import "./effect.js"; effects']);
    expect([printed(runs[0] as FinishedRun), previewOf(runs[1] as FinishedRun)]).toEqual([['effect', 'cell 1'], '1']);
  });

  it('are constants, which later cells see and may declare again', async () => {
    const answers = await previews(
      'import { n, up } from "./lib.js"; const old = () => n; up(); n',
      'import { a as n } from "./lib.js"; [n, old()]',
      'let n = 7; n',
      'import { n } from "./lib.js"; try { n = 2 } catch (e) { e.name }',
    );
    expect(answers).toEqual(['0', '[ 1, 0 ]', '7', 'TypeError']);
  });

  it('that fail leave older names as they were', async () => {
    const answers = await previews('const a = 1, b = 2', 'import { a, b } from "./none"', '[a, b]', 'const b = 3; b');
    expect([answers[2], answers[3]]).toEqual(['[ 1, 2 ]', '3']);
  });

  it('say what was asked for by whom, and where', async () => {
    expect(await failure('1', 'f()\n  import a from "./none"')).toMatch(
      /^Error: Cannot import "\.\/none" from "cell 2": there is no such file; .*\n {4}at cell 2:2:3\b/,
    );
    expect(await failure('import { gone } from "./lib.js"')).toBe(
      'SyntaxError: Cannot import "./lib.js" from "cell 1": it has no export "gone"\n    at cell 1:1:1',
    );
    expect(await failure('import exec from "exec"')).toMatch(
      /^Error: Cannot import "exec" from "cell 1": .*not granted/,
    );
    expect(await failure('import "./throws.mjs"')).toMatch(/^RangeError: always\n {4}at .*throws\.mjs:1:/);
    expect(await failure('import "./partial.mjs"')).toMatch(/^SyntaxError: Could not find export 'gone'/);
  });

  it('keep the columns of everything else', async () => {
    const cell = 'import { a } from "./lib.js"; function f() { throw new Error("f") } f()';
    const columnOf = (text: string) => cell.indexOf(text) + 1;
    expect(await failure(cell)).toBe(
      `Error: f\n    at f (cell 1:1:${columnOf('("f")')})\n    at cell 1:1:${cell.length - 1}`,
    );
    expect(await failure('import "./lib.js";\n throw new Error("here")')).toBe('Error: here\n    at cell 1:2:17');
  });

  it('are not to be had from the loader by a cell that has none', async () => {
    expect(await failure('import "./lib.js"', 'await import("vm:cell-imports")')).toMatch(/^Error: Cannot import/);
  });

  it('have no counterpart: an export is refused with the reason', async () => {
    expect(await failure('1;\nexport const a = 1')).toMatch(/^SyntaxError: A cell cannot export.*\n {4}at cell 1:2:1$/);
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
  const strict = await host().open(runtimeSpec({ runtime: { strict: true } }));
  expect(await runCode(strict, 'function f() { return this }; f()')).toMatchObject({
    end: { value: { type: 'undefined' } },
  });
  expect(await runCode(strict, 'undeclared = 1')).toMatchObject({ end: { kind: 'exception' } });
  expect(await runCode(strict, '{a: await 1}')).toMatchObject({ end: { value: { preview: '{ a: 1 }' } } });
  await strict.close();
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
    ['names', `${Array.from({ length: 20_000 }, (_, i) => `let n${i} = 1;`).join('')}\nn19999 > 0`],
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
