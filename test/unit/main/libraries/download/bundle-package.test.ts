import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { bundlePackage } from '#main/libraries/download/bundle-package';
import { isScript } from '#main/libraries/download/is-script';
import { PackageSource } from '#main/libraries/download/package-source';
import { temporaryFolder } from '../../../../support/temp-dir.ts';

/** No registry is asked for anything: the package needs nothing, or it is refused. */
function bundleOf(files: Record<string, string>, specifier = 'lib') {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  const fetched = { id: 'lib', version: '1.0.0', integrity: 'sha512-x', resolved: 'nowhere', files: bytes };
  const source = new PackageSource({ npm: {}, signal: new AbortController().signal, report: () => undefined });
  return bundlePackage({ global: 'lib', specifier }, fetched, source);
}

const bundle = async (files: Record<string, string>, specifier?: string) => (await bundleOf(files, specifier)).text;

/** What the bundle puts on the global object: the sources are the test's own, so they may run here. */
async function libOf(files: Record<string, string>, specifier?: string): Promise<unknown> {
  const context = createContext({});
  runInContext(await bundle(files, specifier), context);
  return runInContext('JSON.stringify(typeof lib === "function" ? lib() : lib)', context);
}

it('gives what require gives of a CommonJS package, its files together', async () => {
  const files = {
    'package.json': '{"main":"src/main"}',
    'src/main.js': 'module.exports = () => require("./a") + require("./data.json").b;',
    'src/a.js': 'module.exports = 1;',
    'src/data.json': '{"b":2}',
  };
  expect(await libOf(files)).toBe('3');
});

it('gives the exports of an ES module, or its default where that is all or a function', async () => {
  const manifest = { 'package.json': '{"exports":"./main.mjs"}' };
  expect(await libOf({ ...manifest, 'main.mjs': 'export const a = 1; export default 2;' })).toBe('{"a":1,"default":2}');
  expect(await libOf({ ...manifest, 'main.mjs': 'export default () => 2;' })).toBe('2');
  const both = 'export default function add() { return add.one + 1; } export const one = 1, name = "taken";';
  expect(await libOf({ ...manifest, 'main.mjs': both })).toBe('2');
});

it('bundles the part that is asked for, by the exports of the package', async () => {
  const files = {
    'package.json': '{"exports":{".":"./index.js","./vanilla":"./esm/v.mjs"}}',
    'index.js': 'require("react")',
    'esm/v.mjs': 'export const store = process.env.NODE_ENV;',
  };
  expect(await libOf(files, 'lib/vanilla')).toBe('{"store":"production"}');
});

it('makes a script of the same bytes each time, without a trace of the folder it was made in', async () => {
  const files = { 'package.json': '{}', 'index.js': 'module.exports = "ö";' };
  const script = await bundle(files);
  expect(isScript(script)).toBe(true);
  expect(await bundle(files)).toBe(script);
  expect(script).not.toContain(tmpdir());
});

it('says all that is missing where the package needs what nothing brings, and what of it is of Node', async () => {
  const files = {
    'package.json': '{}',
    'index.js': 'require("react"); require("./a")',
    'a.js': 'import "fs"; import "b/c"',
  };
  await expect(bundle(files)).rejects.toThrow(
    'lib needs Node.js itself (fs), which a session does not have. lib imports what nothing brings (b/c, react): an optional or undeclared dependency.',
  );
});

it('lets a package try what it may go without', async () => {
  const source = 'try { exports.fs = require("fs") } catch { exports.fs = "none" }';
  expect(await libOf({ 'package.json': '{}', 'index.js': source })).toBe('{"fs":"none"}');
});

it('leaves out what the package leaves out for browsers', async () => {
  const files = { 'package.json': '{"browser":{"fs":false,"./node.js":false}}', 'node.js': 'throw 1' };
  const source = 'module.exports = [require("fs"), require("./node.js")]';
  expect(await libOf({ ...files, 'index.js': source })).toBe('[{},{}]');
});

it('names all that is in it', async () => {
  expect((await bundleOf({ 'package.json': '{}', 'index.js': '' })).packages).toEqual(['lib@1.0.0']);
});

it('never reads a file outside the package, whichever way it is imported', async () => {
  const outside = temporaryFolder();
  const secret = join(outside, 'secret.json');
  writeFileSync(secret, '{"secret":1}');
  const climbing = relative('/', secret);
  const up = '../'.repeat(12);
  for (const source of [
    `require(${JSON.stringify(secret)})`,
    `require(${JSON.stringify(up + climbing)})`,
    `import(${JSON.stringify(secret)})`,
    `(name) => require(${JSON.stringify(up + relative('/', outside))} + '/' + name + '.json')`,
  ]) {
    await expect(bundle({ 'package.json': '{}', 'index.js': `module.exports = ${source};` })).rejects.toThrow(
      'outside its folder',
    );
  }
});

it('obeys no tsconfig.json of a folder above', async () => {
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions":{"paths":{"lib":["./other.js"]}}}');
  writeFileSync(join(folder, 'other.js'), 'module.exports = "other"');
  expect(await libOf({ 'package.json': '{}', 'index.js': 'module.exports = "own"' })).toBe('"own"');
});

it('leaves no folder behind, whether it succeeds or fails', async () => {
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  await bundle({ 'package.json': '{}', 'index.js': '' });
  await expect(bundle({ 'package.json': '{}', 'index.js': '{' })).rejects.toThrow('Unexpected end of file');
  expect(readdirSync(folder)).toEqual([]);
});
