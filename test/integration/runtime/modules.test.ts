/** `import` and `require` in a real runtime, of real files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RuntimeHost } from '#core/ports';
import { fsServices } from '#main/modules/fs-service';
import { GrantedServices } from '#main/modules/guest-services';
import { importServices } from '#main/modules/imports/imports-service';
import { createRealRuntimeHost, runtimeSpec, type SpecChanges } from '../../support/real-runtime-host.ts';
import { type FinishedRun, printed, runCode } from '../../support/run-code.ts';

const lodash = { name: 'lodash-4.17.21', id: 'lodash', version: '4.17.21', global: '_', cached: true };

let host: RuntimeHost;
let worktree: string;

beforeAll(() => {
  const imports = importServices({ libraries: { list: async () => [lodash] } });
  host = createRealRuntimeHost({ services: new GrantedServices({ fs: fsServices(), imports }) });
});
afterAll(() => host.close());
beforeEach(async () => {
  worktree = await mkdtemp(join(tmpdir(), 'vm-system-modules-'));
});
afterEach(() => rm(worktree, { recursive: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const folders = new Set(Object.keys(files).map((path) => dirname(join(worktree, path))));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(worktree, path), content);
}

/** A session of this test's worktree; closed with the host. */
async function open(changes: SpecChanges & { libraries?: readonly string[] } = {}) {
  const { libraries = [], ...rest } = changes;
  const spec = runtimeSpec({ worktree, ...rest });
  const runtime = await host.open({ ...spec, policy: { ...spec.policy, libraries } });
  return {
    runtime,
    cell: async (source: string) => runCode(runtime, source, { fileName: 'cell 1' }),
    file: async (path: string, source: string) =>
      runCode(runtime, source, { kind: 'run_file', fileName: path, mode: changes.runtime?.esm ? 'module' : 'script' }),
  };
}

/** What a cell ends with: its JSON, or the message of what it threw. */
async function cell(source: string, changes: Parameters<typeof open>[0] = {}): Promise<unknown> {
  const { runtime, cell: run } = await open(changes);
  const result = resultOf(await run(source));
  await runtime.close();
  return result;
}

function resultOf({ end }: FinishedRun): unknown {
  if (end.kind === 'value') return end.value.json ?? end.value.preview;
  return end.kind === 'exception' ? end.exception.message : end;
}

const esm = { runtime: { esm: true } };

describe('import()', () => {
  test('finds files by name, extension, index and roots', async () => {
    await write({
      'a.js': 'export const a = 1; export default "d"',
      'lib/index.mjs': 'export { a as b } from "../a"',
      'lib/util/math.js': 'export const two = 2',
    });
    expect(await cell('const { a, default: d } = await import("./a.js"); [a, d]')).toEqual([1, 'd']);
    expect(await cell('(await import("./a")).a')).toBe(1);
    expect(await cell('(await import("./lib")).b')).toBe(1);
    expect(await cell('(await import("./lib/")).b')).toBe(1);
    expect(await cell('(await import("util/math")).two', { resolver: { roots: ['lib'] } })).toBe(2);
    expect(await cell('(await import("util/math")).two', { resolver: { roots: ['none', './lib/'] } })).toBe(2);
  });

  test('is relative to the file that asks, in scripts, modules and CommonJS', async () => {
    await write({
      'lib/a.mjs': 'export const load = () => import("./b.mjs")',
      'lib/b.mjs': 'export default "b"',
      'lib/c.cjs': 'exports.load = () => import("./b.mjs")',
    });
    const { cell: run, file } = await open();
    expect(resultOf(await run('(await (await import("./lib/a.mjs")).load()).default'))).toBe('b');
    expect(resultOf(await run('(await require("./lib/c.cjs").load()).default'))).toBe('b');
    expect(resultOf(await file('lib/main.js', '(await import("./b.mjs")).default'))).toBe('b');
    expect(resultOf(await file('./lib//main.js', '(await import("./b.mjs")).default'))).toBe('b');
  });

  test('gives one module for one file, with live bindings', async () => {
    await write({ 'n.js': 'export let n = 0; export const up = () => { n += 1; }' });
    const { cell: run } = await open();
    await run('var a = await import("./n.js"); var b = await import("./n")');
    expect(resultOf(await run('a.up(); [a === b, b.n]'))).toEqual([true, 1]);
  });

  test('runs modules in circles, each once, in order', async () => {
    await write({
      'a.mjs': 'import { b } from "./b.mjs"; export function a() { return "a" + b; } console.log("a")',
      'b.mjs': 'import { a } from "./a.mjs"; export const b = typeof a; console.log("b")',
      'self.mjs': 'import * as own from "./self.mjs"; export const x = 1; export const seen = () => own.x',
    });
    const { cell: run } = await open();
    const finished = await run('(await import("./a.mjs")).a()');
    expect([resultOf(finished), printed(finished)]).toEqual(['afunction', ['b', 'a']]);
    expect(resultOf(await run('(await import("./self.mjs")).seen()'))).toBe(1);
  });

  test('waits for top-level await', async () => {
    await write({
      'slow.mjs': 'export const value = await new Promise((resolve) => setTimeout(resolve, 5, "late"))',
      'user.mjs': 'import { value } from "./slow.mjs"; export default value + "!"',
    });
    expect(await cell('(await import("./user.mjs")).default')).toBe('late!');
  });

  test('gives import.meta in names of the worktree', async () => {
    await write({ 'lib/ä b.mjs': 'export default [import.meta.url, import.meta.filename, import.meta.dirname]' });
    const meta = await cell('(await import("./lib/ä b.mjs")).default');
    expect(meta).toEqual(['file:///lib/%C3%A4%20b.mjs', 'lib/ä b.mjs', 'lib']);
  });

  test('reads JSON, with attributes and without, and with a byte order mark', async () => {
    await write({
      'data.json': '\uFEFF{"a": [1]}',
      'user.mjs': 'import data from "./data.json" with { type: "json" }; export default data',
      'broken.json': '{"a": }',
    });
    expect(await cell('(await import("./data.json")).default')).toEqual({ a: [1] });
    expect(await cell('(await import("./data.json", { with: { type: "json" } })).default')).toEqual({ a: [1] });
    expect(await cell('(await import("./user.mjs")).default === require("./data.json")')).toBe(true);
    expect(await cell('await import("./broken.json")')).toMatch(/^SyntaxError: broken\.json is not JSON: /);
  });

  test('gives CommonJS its exports as default and by name', async () => {
    await write({
      'c.cjs': 'module.exports = { a: 1, "b-c": 2, if: 3, default: 4 }',
      'user.mjs': 'import c, { a, if as when } from "./c.cjs"; export default [c.default, a, when]',
      'plain.js': 'exports.p = require("./c.cjs").a',
      'f.cjs': 'module.exports = function named() { return "f" }',
    });
    expect(await cell('(await import("./user.mjs")).default')).toEqual([4, 1, 3]);
    expect(await cell('(await import("./plain.js")).p')).toBe(1);
    expect(await cell('(await import("./f.cjs")).default()')).toBe('f');
    expect(await cell('(await import("./plain.js")).p', esm)).toMatch(/^ReferenceError: .*exports.* is not defined/);
  });

  test('strips the types of TypeScript, by name or extension, and keeps positions', async () => {
    await write({
      'a.ts': 'export const a: number = 1;\nexport const fail = (): never => { throw new Error("ts") };',
      'b.mts': 'import { a, type X } from "./a"; export default a as number',
      'c.cts': 'interface Y {}\nmodule.exports = <T>(x: T): T => x',
      'enum.ts': 'enum A { B }',
    });
    const extensions = { resolver: { extensions: ['.js', '.ts'] } };
    expect(await cell('(await import("./b.mts")).default', extensions)).toBe(1);
    expect(await cell('require("./c.cts")(3)')).toBe(3);
    expect(await cell('await import("./enum.ts")')).toMatch(/^SyntaxError: TypeScript enum is not supported/);
    const { cell: run } = await open();
    const { end } = await run('(await import("./a.ts")).fail()');
    expect(end).toMatchObject({
      exception: { stack: expect.stringMatching(/^Error: ts\n {4}at fail \(a\.ts:2:51\)\n/) },
    });
  });

  test('gives native modules and libraries, with their names', async () => {
    await write({ 'a.txt': 'text' });
    const granted = { modules: ['fs'], libraries: ['lodash-4.17.21'] };
    const source =
      'const { readFileSync: read, default: fs } = await import("fs"); [read("a.txt"), fs === require("node:fs")]';
    expect(await cell(source, granted)).toEqual(['text', true]);
    expect(await cell('(await import("node:fs")) === (await import("fs"))', granted)).toBe(true);
    const { cell: run } = await open(granted);
    await run('globalThis._ = Object.assign(() => "called", { chunk: () => "chunk" })');
    expect(
      resultOf(await run('const _l = await import("lodash"); [_l.default(), _l.chunk(), require("lodash") === _]')),
    ).toEqual(['called', 'chunk', true]);
  });
});

describe('require', () => {
  test('loads a file once, with all that CommonJS has', async () => {
    await write({
      'lib/a.js':
        'console.log("once"); exports.seen = [__filename, __dirname, module.id, this === exports, typeof require, module.loaded]',
      'lib/b.js': 'module.exports = require("./a").seen',
      'top.js': '#!/usr/bin/env node\nmodule.exports = __dirname',
    });
    const { cell: run } = await open();
    const finished = await run('[require("./lib/b"), require("./lib/a.js").seen, require("./top")]');
    const seen = ['lib/a.js', 'lib', 'lib/a.js', true, 'function', false];
    expect([resultOf(finished), printed(finished)]).toEqual([[seen, seen, '.'], ['once']]);
    const again = await run('require("./lib/a") === require("./lib/a.js")');
    expect([resultOf(again), printed(again)]).toEqual([true, []]);
  });

  test('gives partial exports in circles', async () => {
    await write({
      'a.js': 'exports.early = 1; exports.b = require("./b"); exports.late = 2',
      'b.js': 'const a = require("./a"); exports.keys = Object.keys(a)',
    });
    expect(await cell('require("./a")')).toEqual({ early: 1, b: { keys: ['early'] }, late: 2 });
  });

  test('reads JSON, resolves without loading, and refuses ES modules', async () => {
    await write({ 'd.json': '[1]', 'm.mjs': 'export default 1', 'esm.js': 'export default 1' });
    expect(
      await cell('[require("./d"), require.resolve("./d.json")]', { resolver: { extensions: ['.json'] } }),
    ).toEqual([[1], 'd.json']);
    expect(await cell('require("./m.mjs")')).toBe(
      'Error: Cannot require "./m.mjs" from "cell 1": "m.mjs" is an ES module; load it with: await import("./m.mjs")',
    );
    expect(await cell('require("./esm.js")')).toMatch(/^SyntaxError/);
  });

  test('loads anew what failed while it was loaded', async () => {
    await write({ 'a.js': 'if (!globalThis.isReady) throw new Error("not yet"); module.exports = "ready"' });
    expect(await cell('try { require("./a") } catch (e) { globalThis.isReady = true }; require("./a")')).toBe('ready');
  });

  test('tells where the syntax of a file is wrong', async () => {
    await write({ 'lib/bad.js': 'var a = 1;\nvar b = ;' });
    const { cell: run } = await open();
    const { end } = await run('require("./lib/bad")');
    expect(end).toMatchObject({
      exception: { message: expect.stringMatching(/^SyntaxError/), stack: expect.stringContaining('lib/bad.js:2:9') },
    });
  });

  test('is strict where the template says so, and sloppy where not', async () => {
    await write({ 'a.js': 'module.exports = (function () { return this === undefined })()' });
    expect(await cell('require("./a")', { runtime: { strict: true } })).toBe(true);
    expect(await cell('require("./a")')).toBe(false);
    const { file } = await open({ runtime: { strict: true } });
    expect(resultOf(await file('s.js', '(function () { return this === undefined })()'))).toBe(true);
  });
});

describe('a file that is run as a module', () => {
  test('ends with its default export, or with its exports', async () => {
    const { file } = await open(esm);
    expect(resultOf(await file('a.mjs', 'export default { a: 1 }; export const b = 2'))).toEqual({ a: 1 });
    expect(resultOf(await file('b.mjs', 'export default await Promise.resolve(3)'))).toBe(3);
    const { end } = await file(
      'c.mjs',
      'export const x = 1; export const o = { get g() { console.log("run"); return 1 } }',
    );
    expect(end).toMatchObject({ value: { preview: '[Module: null prototype] { o: { g: [Getter] }, x: 1 }' } });
  });

  test('runs afresh each time, and is what others import of it then', async () => {
    await write({ 'main.mjs': 'export const n = Math.random()', 'user.mjs': 'export { n } from "./main.mjs"' });
    const { file, cell: run } = await open(esm);
    const source = 'export const n = Math.random()';
    const first = resultOf(await file('main.mjs', source));
    expect(resultOf(await run('({ ...(await import("./main.mjs")) })'))).toEqual(first);
    const second = resultOf(await file('main.mjs', source));
    expect(second).not.toEqual(first);
    expect(resultOf(await run('({ ...(await import("./user.mjs")) })'))).toEqual(second);
  });

  test('can import itself and what is in a circle with it', async () => {
    await write({
      'main.mjs': 'import { b } from "./b.mjs"; export const a = 1; export default b()',
      'b.mjs': 'import { a } from "./main.mjs"; export const b = () => typeof a',
    });
    const { file } = await open(esm);
    const source = 'import { b } from "./b.mjs"; export function a() {}; export default b()';
    expect(resultOf(await file('main.mjs', source))).toBe('function');
    expect(resultOf(await file('main.mjs', source))).toBe('function');
  });

  test('sees files as they are now, and keeps what did not change', async () => {
    await write({
      'conf.mjs': 'export const v = 1',
      'mid.mjs': 'export { v } from "./conf.mjs"',
      'state.mjs': 'console.log("state"); export const s = {}',
    });
    const { file } = await open(esm);
    const source = 'import { v } from "./mid.mjs"; import "./state.mjs"; export default v';
    const first = await file('main.mjs', source);
    await write({ 'conf.mjs': 'export const v = 2' });
    const second = await file('main.mjs', source);
    expect([resultOf(first), resultOf(second), printed(first), printed(second)]).toEqual([1, 2, ['state'], []]);
  });

  test('can be put right after it, or what it imports, failed', async () => {
    await write({
      'a.mjs': 'import "./b.mjs"; import "./c.mjs"; export default "fine"',
      'b.mjs': 'import "./a.mjs"',
      'c.mjs': 'var = 1',
    });
    const { cell: run } = await open(esm);
    const source = 'try { (await import("./a.mjs")).default } catch (e) { e.name }';
    expect(resultOf(await run(source))).toBe('SyntaxError');
    expect(resultOf(await run('try { await import("./b.mjs") } catch (e) { e.name }'))).toBe('SyntaxError');
    await write({ 'c.mjs': 'export {}' });
    expect(resultOf(await run(source))).toBe('fine');
  });

  test('fails the same way each time that nothing was put right', async () => {
    await write({
      'a.mjs': 'import { nope } from "./b.mjs"; export const a = 1',
      'b.mjs': 'import * as a from "./a.mjs"; export const b = 1',
      'throws.mjs': 'throw new RangeError("always")',
      'waits.mjs': 'await new Promise(() => {})',
    });
    const { runtime, cell: run } = await open(esm);
    const names =
      'const n = []; for (const f of ["a", "b", "a", "throws", "throws"]) await import("./" + f + ".mjs").catch((e) => n.push(e.name)); n';
    const failures = ['SyntaxError', 'SyntaxError', 'SyntaxError', 'RangeError', 'RangeError'];
    expect(resultOf(await run(names))).toEqual(failures);
    expect(resultOf(await run(names))).toEqual(failures);
    for (const _ of [1, 2]) {
      const { end } = await runCode(runtime, 'setInterval(() => {}, 5); await import("./waits.mjs")', {
        limits: { wall_ms: 100 },
      });
      expect(end).toMatchObject({ kind: 'limit' });
    }
    expect(resultOf(await run('require("./throws.mjs")'))).toMatch(/is an ES module/);
  });

  test('leaves no module half done when a limit ends it', async () => {
    await write({
      'loop.mjs': 'if (!globalThis.isOver) { globalThis.isOver = true; for (;;); } export default "done"',
    });
    const { runtime, cell: run } = await open(esm);
    const { end } = await runCode(runtime, 'await import("./loop.mjs")', { limits: { cpu_ms: 200 } });
    expect(end).toMatchObject({ kind: 'limit' });
    expect(resultOf(await run('(await import("./loop.mjs")).default'))).toBe('done');
  });
});

describe('what cannot be loaded', () => {
  test.each([
    [
      './none',
      /^Error: Cannot import "\.\/none" from "cell 1": there is no such file; tried none, none\.js, none\.mjs, none\/index\.js, none\/index\.mjs$/,
    ],
    ['../out.js', /leads out of the worktree/],
    ['./a/../../out.js', /leads out of the worktree/],
    ['/etc/passwd', /does not allow absolute imports.*--absolute-imports on/],
    ['file:///etc/passwd', /it is a URL/],
    ['http://127.0.0.1/x.js', /it is a URL/],
    ['data:text/javascript,1', /it is a URL/],
    ['node:os', /Invalid module: it is no native module\. There are: database, exec, fs/],
    ['exec', /Invalid module: it is not granted by the template "test".*add-module TEMPLATE --name exec/],
    ['left-pad', /Invalid module: it is no native module \(.*\) and no library of the template "test" \(none\)/],
    ['vm:host.js', /it is a URL/],
    ['vm:imported-values.js', /it is a URL/],
    ['.\\\\a.js', /backslash/],
    ['', /it is empty/],
    ['./linked.js', /leaves the worktree/],
    ['./linked/passwd', /leaves the worktree/],
    ['./folder.js', /there is no such file/],
    ['./binary.js', /not UTF-8/],
    ['./nul.js', /^SyntaxError: Unexpected NUL character/],
    ['./large.js', /4194305 bytes/],
  ])('%j is refused with the reason', async (specifier, message) => {
    await write({
      'folder.js/index.js/x': '',
      'binary.js': new Uint8Array([0xff, 0xfe, 0]),
      'nul.js': 'export default 1;\0 evil',
    });
    if (specifier === './large.js') await write({ 'large.js': ' '.repeat(4 * 1024 * 1024 + 1) });
    await symlink('/etc/passwd', join(worktree, 'linked.js'));
    await symlink('/etc', join(worktree, 'linked'));
    const { cell: run } = await open();
    const imported = resultOf(await run(`await import("${specifier}")`));
    expect(imported).toMatch(message);
    expect(imported).not.toContain(worktree);
    const required = resultOf(await run(`require("${specifier}")`));
    expect(required).toMatch(specifier === './nul.js' ? /^SyntaxError: / : /^Error: /);
  });

  test('very long names are refused and shown in part', async () => {
    const message = String(await cell('await import("./" + "x".repeat(1e6))'));
    expect(message).toMatch(/longer than 1024 characters/);
    expect(message.length).toBeLessThan(500);
  });

  test('absolute imports are of the worktree, where they are allowed', async () => {
    await write({ 'lib/x.js': 'export default "x"' });
    const allowed = { resolver: { allow_absolute_repo_imports: true } };
    expect(await cell('(await import("/lib/x")).default', allowed)).toBe('x');
    expect(await cell('await import("/../etc/passwd")', allowed)).toMatch(/leads out of the worktree/);
  });

  test('roots that lead out of the worktree find nothing', async () => {
    for (const root of ['/etc', '..', 'a/../../..', '../../../../../../etc']) {
      expect(await cell('await import("passwd")', { resolver: { roots: [root], extensions: ['.js'] } })).toMatch(
        /Invalid module/,
      );
    }
  });

  test('errors carry a code, in import and in require', async () => {
    const source =
      'const c = []; try { require("./no") } catch (e) { c.push(e.code) } await import("./no").catch((e) => c.push(e.code)); c';
    expect(await cell(source)).toEqual(['MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);
  });

  test('a missing static import names who wanted it', async () => {
    await write({ 'lib/a.mjs': 'import "./gone.mjs"' });
    const { file } = await open(esm);
    expect(resultOf(await file('src/main.mjs', 'import "../lib/a.mjs"'))).toMatch(
      /^Error: Cannot import "\.\/gone\.mjs" from "lib\/a\.mjs"/,
    );
    expect(resultOf(await file('src/main.mjs', 'import { no } from "../lib/b.mjs"'))).toMatch(/from "src\/main\.mjs"/);
  });

  test('the prelude stays out of reach of files that are named like it', async () => {
    await write({
      'vm:call.js': 'export default "own"',
      'vm:import/x.js': 'export default import("vm:imported-values.js")',
    });
    expect(await cell('(await import("./vm:call.js")).default')).toBe('own');
    expect(await cell('await (await import("./vm:import/x.js")).default')).toMatch(/^Error: Cannot import/);
  });

  test('a chain of 10,000 files, and a circle of them, end in an error', async () => {
    const files = Array.from({ length: 10_000 }, (_, index) => [
      `m${index}.mjs`,
      `import "./m${(index + 1) % 10_000}.mjs"`,
    ]);
    await write(Object.fromEntries(files));
    const { cell: run } = await open({ limits: { cpu_ms: 20_000 } });
    expect(resultOf(await run('await import("./m0.mjs")'))).toMatch(/more than 2000 files were loaded in one run/);
    expect(resultOf(await run('1 + 1'))).toBe(2);
  }, 60_000);

  test('a chain of 1,500 files loads, as modules and by require', async () => {
    const last = 1499;
    const modules = Array.from({ length: last }, (_, index) => [
      `m${index}.mjs`,
      `export { x } from "./m${index + 1}.mjs"`,
    ]);
    await write({ ...Object.fromEntries(modules), [`m${last}.mjs`]: 'export const x = "end"' });
    expect(await cell('(await import("./m0.mjs")).x')).toBe('end');
    const scripts = Array.from({ length: last }, (_, index) => [
      `c${index}.js`,
      `module.exports = require("./c${index + 1}.js")`,
    ]);
    await write({ ...Object.fromEntries(scripts), [`c${last}.js`]: 'module.exports = "end"' });
    expect(await cell('try { require("./c0.js") } catch (e) { e.name }')).toMatch(
      /^(end|SyntaxError|InternalError|RangeError)$/,
    );
  }, 60_000);

  test('imports in a loop cost little, and end by the limits', async () => {
    await write({ 'a.mjs': 'export default 1' });
    expect(await cell('let n = 0; for (; n < 5000; n += 1) await import("./a.mjs"); n')).toBe(5000);
    const { runtime } = await open();
    const limits = { wall_ms: 400 };
    const { end } = await runCode(runtime, 'for (let n = 0; ; n += 1) await import("./no" + n).catch(() => 1)', {
      limits,
    });
    expect(end).toMatchObject({ kind: 'limit', limit: 'wall_ms' });
  });
});

describe('stack traces', () => {
  const failing = 'export const fail = () => { throw new Error("here"); };';
  async function stackOf(files: Record<string, string>, source = '(await import("./lib/a.js")).fail()') {
    await write(files);
    const { cell: run } = await open();
    const { end } = await run(source);
    return end.kind === 'exception' ? end.exception.stack : end;
  }
  const map = (changes: object = {}) =>
    JSON.stringify({ version: 3, sources: ['../src/a.ts'], names: [], mappings: 'AAAA;AACA;AACA;AACA', ...changes });
  const inline = (text: string) => `data:application/json;base64,${Buffer.from(text).toString('base64')}`;

  test('name plain files and positions', async () => {
    expect(await stackOf({ 'lib/a.js': failing })).toMatch(/^Error: here\n {4}at fail \(lib\/a\.js:1:44\)/);
  });

  test('keep the columns of what was given something in front', async () => {
    const plain = await stackOf({ 'lib/a.js': failing });
    expect(await stackOf({ 'lib/a.js': `${failing} import.meta.url` })).toBe(plain);
    const required = await stackOf(
      { 'lib/c.js': '/* now */ exports.fail = () => { throw new Error("here"); };' },
      'require("./lib/c").fail()',
    );
    expect(required).toMatch(/at .*lib\/c\.js:1:49/);
  });

  test('follow source maps, inline and beside the file', async () => {
    const source = `\n${failing}\n//# sourceMappingURL=`;
    expect(await stackOf({ 'lib/a.js': `${source}a.js.map`, 'lib/a.js.map': map() })).toMatch(
      /at fail \(src\/a\.ts:2:1\)/,
    );
    expect(await stackOf({ 'lib/a.js': source + inline(map()) })).toMatch(/at fail \(src\/a\.ts:2:1\)/);
  });

  test.each([
    ['a map that leads out', map({ sources: ['../../etc/passwd'] })],
    ['a map of a URL', map({ sources: ['http://example.org/a.ts'] })],
    ['a map with a frame in its name', map({ sources: ['x) at evil (y'] })],
    ['broken JSON', '{'],
    ['other JSON', '[1]'],
    ['wrong mappings', map({ mappings: '!!!' })],
    ['sections', JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: {} }] })],
    ['a huge map', map({ mappings: 'AAAA,'.repeat(300_000) })],
    ['many lines', map({ mappings: ';'.repeat(1_000_000) })],
  ])('stay as they are with %s', async (_what, text) => {
    const source = `\n${failing}\n//# sourceMappingURL=a.js.map`;
    expect(await stackOf({ 'lib/a.js': source, 'lib/a.js.map': text })).toMatch(/at fail \(lib\/a\.js:2:44\)/);
  });

  test.each(['../../../etc/passwd', '/etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1/x', '%E0%A4%A', 'none.map'])(
    'stay as they are where the map is %s',
    async (url) => {
      expect(await stackOf({ 'lib/a.js': `\n${failing}\n//# sourceMappingURL=${url}` })).toMatch(
        /at fail \(lib\/a\.js:2:44\)/,
      );
    },
  );

  test('name a file by its path however often it was read', async () => {
    await write({ 'a.mjs': 'export const v = 1' });
    const { cell: run } = await open();
    await run('await import("./a.mjs")');
    await write({ 'a.mjs': failing });
    const { end } = await run('(await import("./a.mjs")).fail()');
    expect(end).toMatchObject({ exception: { stack: expect.stringMatching(/at fail \(a\.mjs:1:44\)/) } });
  });
});

test('the number of a reading is in nothing that a person sees', async () => {
  const { runtime, cell: run } = await open();
  const attempt = (source: string) => run(source).then(({ end, events }) => JSON.stringify([end, events]));
  await write({ 'lib/m.mjs': 'export const first = 1' });
  await run('await import("./lib/m.mjs")');
  await write({ 'lib/m.mjs': 'export const second = 2', 'lib/n.mjs': 'import { nope } from "./m.mjs"' });
  const told = [
    await attempt('await import("./lib/n.mjs")'),
    await attempt('import("./lib/n.mjs"); 0'),
    await attempt('setTimeout(async () => { await import("./lib/n.mjs") }); 0'),
    await attempt('try { await import("./lib/n.mjs") } catch (error) { console.log(error.message, error) }'),
    await attempt('throw new Error("module \'lib/x.mjs?v=2\'")'),
  ];
  await runtime.close();
  for (const text of told.slice(0, 4)) expect(text).toContain("export 'nope' in module 'lib/m.mjs'");
  expect(told[4]).toContain("module 'lib/x.mjs?v=2'");
});
