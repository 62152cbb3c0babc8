/** Any package of a registry of the test's own into a cache folder, with the packages it needs. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readCacheEntry } from '#main/libraries/cache-entry';
import { defaultLimits } from '#main/libraries/download/package-source';
import { temporaryFolder } from '../../../support/temp-dir.ts';
import { libraryValue, setUpLibraries } from './library-set-up.ts';
import { aModule, aPackage } from './package-registry.ts';

const answer = (value: unknown) => `module.exports = ${JSON.stringify(value)};`;

describe('which version is meant', () => {
  const versions = [aModule('1.0.0', answer(1)), aModule('1.2.0', answer(2)), aModule('2.0.0', answer(3))];

  it.for([
    ['1.0.0', '1.0.0'],
    ['^1.0.0', '1.2.0'],
    ['1', '1.2.0'],
    ['>=1.0.0 <1.2', '1.0.0'],
    ['latest', '2.0.0'],
    ['*', '2.0.0'],
    ['', '2.0.0'],
  ])('takes %j for %s', async ([range = '', version]) => {
    const { add, folder } = await setUpLibraries({ lib: versions });
    expect(await add({ id: 'lib', range })).toMatchObject({ name: `lib-${version}`, version, status: 'downloaded' });
    expect(readdirSync(folder).sort()).toEqual([`lib-${version}.js`, `lib-${version}.json`]);
  });

  it('refuses a version that the registry does not have', async () => {
    const { add } = await setUpLibraries({ lib: versions });
    await expect(add({ id: 'lib', range: '^3' })).rejects.toThrow('The registry does not have this version.');
  });

  it.for([
    { id: 'file:.', range: '1.0.0' },
    { id: 'someone/repository', range: '1.0.0' },
    { id: '../lib', range: '1.0.0' },
    { id: 'lib', range: 'npm:other@1.0.0' },
    { id: 'lib', range: 'http://127.0.0.1/lib.tgz' },
    { id: 'lib', range: 'git+ssh://somewhere/lib' },
    { id: 'lib', range: 'lib.tgz' },
    { id: 'lib', range: './lib' },
    { id: 'lib', range: '..' },
    { id: 'lib', range: '~/lib' },
  ])('asks nobody for %j, which no registry could answer', async (request) => {
    const { registry, add } = await setUpLibraries({ lib: versions });
    await expect(add(request)).rejects.toThrow('is no package of a registry');
    expect(registry.asked).toEqual([]);
  });
});

describe('what is there already', () => {
  it('stays, without a question to anybody where the version is exact', async () => {
    const { registry, add } = await setUpLibraries({ lib: aModule('1.0.0', answer(1)) });
    const first = await add({ id: 'lib', range: '1.0.0' });
    registry.asked.length = 0;
    expect(await add({ id: 'lib', range: '1.0.0' })).toEqual({ ...first, status: 'cached' });
    expect(registry.asked).toEqual([]);
    expect(await add({ id: 'lib', range: '^1' })).toEqual({ ...first, status: 'cached' });
    expect(registry.tarballCount()).toBe(0);
  });

  it('is made anew for another global, and keeps that one', async () => {
    const { folder, add } = await setUpLibraries({ lib: aModule('1.0.0', answer(1)) });
    await add({ id: 'lib', range: '1.0.0' });
    expect(await add({ id: 'lib', range: '1.0.0', global: 'other' })).toMatchObject({
      status: 'downloaded',
      global: 'other',
    });
    expect(await add({ id: 'lib', range: '1.0.0' })).toMatchObject({ status: 'cached', global: 'other' });
    expect(await libraryValue(folder, { id: 'lib', version: '1.0.0' })).toBe(1);
  });

  it('is fetched anew where it is damaged, under the global it had', async () => {
    const { folder, add } = await setUpLibraries({ lib: aModule('1.0.0', answer(1)) });
    await add({ id: 'lib', range: '1.0.0', global: 'other' });
    writeFileSync(join(folder, 'lib-1.0.0.js'), 'damaged');
    expect(await add({ id: 'lib', range: '1.0.0' })).toMatchObject({ status: 'downloaded', global: 'other' });
    expect(await libraryValue(folder, { id: 'lib', version: '1.0.0' })).toBe(1);
  });

  it('keeps its name to itself where another package would have the same', async () => {
    const { add } = await setUpLibraries({ a: aModule('1.0.0-b-1.0.0', answer(1)), 'a-1.0.0-b': aModule('1.0.0', '') });
    await add({ id: 'a', range: '1.0.0-b-1.0.0' });
    await expect(add({ id: 'a-1.0.0-b', range: '1.0.0' })).rejects.toThrow('taken by a@1.0.0-b-1.0.0');
  });
});

describe('what a package needs', () => {
  it('comes with it, each importer getting the version it asked for', async () => {
    const { folder, add } = await setUpLibraries({
      '@scope/lib': aModule('1.0.0', 'module.exports = [require("a"), require("b/part").name];', { a: '^1', b: '2' }),
      a: [aModule('1.5.0', 'exports.c = require("c");', { c: '1.x' })],
      b: aPackage('2.0.0', {
        'package.json': JSON.stringify({ exports: { './part': './deep/part.mjs' }, dependencies: { c: '2.x' } }),
        'deep/part.mjs': 'import c from "c"; export const name = ["part with", c].join(" ");',
      }),
      c: [aModule('1.9.0', answer('c1')), aModule('2.9.0', answer('c2'))],
    });
    const library = await add({ id: '@scope/lib', range: '1.0.0' });
    expect(library).toMatchObject({ name: '@scope/lib-1.0.0', global: 'lib', source: 'bundled' });
    expect(readdirSync(folder).sort()).toEqual(['@scope+lib-1.0.0.js', '@scope+lib-1.0.0.json']);
    expect(await libraryValue(folder, library)).toEqual([{ c: 'c1' }, 'part with c2']);
    const packages = ['@scope/lib@1.0.0', 'a@1.5.0', 'b@2.0.0', 'c@1.9.0', 'c@2.9.0'];
    expect(await readCacheEntry(folder, '@scope/lib-1.0.0')).toMatchObject({ record: { packages } });
  });

  it('comes once where packages need each other in a circle', async () => {
    const { registry, folder, add } = await setUpLibraries({
      lib: aModule('1.0.0', 'exports.name = "lib"; exports.a = require("a").name;', { a: '*' }),
      a: aModule('1.0.0', 'exports.name = "a"; exports.b = require("b").lib;', { b: '*' }),
      b: aModule('1.0.0', 'exports.lib = require("lib").name;', { lib: '*' }),
    });
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }))).toEqual({ name: 'lib', a: 'a' });
    expect(registry.tarballCount()).toBe(3);
  });

  it('is not fetched where it is declared and not imported, or only wished for', async () => {
    const manifest = {
      dependencies: { unused: '1' },
      optionalDependencies: { wished: '1' },
      peerDependencies: { peer: '1', loose: '1' },
      peerDependenciesMeta: { loose: { optional: true } },
    };
    const source = 'let it; try { it = require("wished") } catch {} module.exports = [it ?? "none", require("peer")];';
    const { registry, folder, add } = await setUpLibraries({
      lib: aPackage('1.0.0', { 'package.json': JSON.stringify(manifest), 'index.js': source }),
      peer: aModule('1.0.0', answer('peer')),
      unused: aModule('1.0.0', ''),
      wished: aModule('1.0.0', ''),
    });
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }))).toEqual(['none', 'peer']);
    expect(registry.asked.filter((path) => /unused|wished|loose/.test(path))).toEqual([]);
  });

  it('is what the library asks for where several share a peer', async () => {
    const peer = { 'package.json': '{"peerDependencies":{"p":"*"}}', 'index.js': 'module.exports = require("p");' };
    const { folder, add } = await setUpLibraries({
      lib: aModule('1.0.0', 'module.exports = [require("p"), require("a")];', { p: '1', a: '1' }),
      a: aPackage('1.0.0', peer),
      p: [aModule('1.0.0', answer('p1')), aModule('2.0.0', answer('p2'))],
    });
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }))).toEqual(['p1', 'p1']);
  });

  it('may be another package under its name, or what a package has for browsers', async () => {
    const manifest = {
      dependencies: { alias: 'npm:real@^1', 'for-browsers': '1' },
      browser: { 'for-node': 'for-browsers', fs: false },
    };
    const source = 'module.exports = [require("alias"), require("for-node"), typeof require("fs")];';
    const { folder, add } = await setUpLibraries({
      lib: aPackage('1.0.0', { 'package.json': JSON.stringify(manifest), 'index.js': source }),
      real: aModule('1.0.0', answer('real')),
      'for-browsers': aModule('1.0.0', answer('browser')),
    });
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }))).toEqual(['real', 'browser', 'object']);
  });

  it('is what the package brought along in its own archive, where it did', async () => {
    const { registry, folder, add } = await setUpLibraries({
      lib: aPackage('1.0.0', {
        'package.json': '{"dependencies":{"inner":"*"}}',
        'index.js': 'module.exports = require("inner");',
        'node_modules/inner/index.js': answer('bundled inside'),
      }),
    });
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }))).toBe('bundled inside');
    expect(registry.tarballCount()).toBe(1);
  });

  const refusals: [what: string, dependencies: Record<string, string>, source: string, problem: string][] = [
    ['Node itself', {}, 'require("fs"); require("node:path")', 'lib needs Node.js itself (fs, node:path)'],
    ['Node itself, deep down', { a: '1' }, 'require("a")', 'lib needs Node.js itself (net)'],
    ['what it does not declare', {}, 'require("react")', 'lib imports what nothing brings (react)'],
    ['what no registry has', { nowhere: '1' }, 'require("nowhere")', 'The registry does not have this package.'],
    ['a folder', { b: 'file:../b' }, 'require("b")', 'is no package of a registry'],
    ['a git repository', { b: 'git://somewhere/b' }, 'require("b")', 'is no package of a registry'],
    ['a repository by short name', { b: 'someone/b' }, 'require("b")', 'is no package of a registry'],
  ];

  it.for(refusals)('refuses a package that needs %s, and stores nothing', async ([, dependencies, source, problem]) => {
    const { folder, add } = await setUpLibraries({
      lib: aModule('1.0.0', source, dependencies),
      a: aModule('1.0.0', 'require("net")'),
    });
    await expect(add({ id: 'lib', range: '1.0.0' })).rejects.toThrow(problem);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('what is limited', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `p${index}`,
      aModule('1.0.0', `module.exports = require("p${index + 1}");`, { [`p${index + 1}`]: '1' }),
    ]),
  );

  it('is the number of packages, however deep they lie', async () => {
    const { registry, folder, add } = await setUpLibraries({ ...chain, p12: aModule('1.0.0', answer('end')) });
    const limits = { ...defaultLimits, packages: 10 };
    await expect(add({ id: 'p0', range: '1.0.0' }, { limits })).rejects.toThrow('more than 10 packages');
    expect(registry.tarballCount()).toBe(10);
    expect(existsSync(folder)).toBe(false);
    expect(await libraryValue(folder, await add({ id: 'p0', range: '1.0.0' }))).toBe('end');
  });

  const heavy = () => aPackage('1.0.0', { 'index.js': 'require("b")', noise: randomBytes(50_000).toString('hex') });

  it.for([
    ['one archive', { archiveBytes: 20_000 }, 'larger than 20000 bytes'],
    ['all archives together', { totalArchiveBytes: 20_000 }, 'together are larger than 20000 bytes'],
    ['all files together', { totalUnpackedBytes: 90_000 }, 'larger than 90000 bytes'],
  ] as const)('is the size of %s', async ([, limit, problem]) => {
    const { add } = await setUpLibraries({ lib: heavy() });
    const adding = add({ id: 'lib', range: '1.0.0' }, { limits: { ...defaultLimits, ...limit } });
    await expect(adding).rejects.toThrow(problem);
  });
});

describe('what is promised', () => {
  it('has to be kept, by the packages that come along too', async () => {
    const lies = { ...aModule('1.0.0', answer(1)), integrity: `sha512-${randomBytes(64).toString('base64')}` };
    const { folder, add } = await setUpLibraries({ lib: aModule('1.0.0', 'require("a")', { a: '1' }), a: lies });
    await expect(add({ id: 'lib', range: '1.0.0' })).rejects.toThrow('What came is not what the registry promised.');
    expect(existsSync(folder)).toBe(false);
  });

  it('has to be there', async () => {
    const { registry, add } = await setUpLibraries({ lib: { ...aModule('1.0.0', answer(1)), integrity: '' } });
    await expect(add({ id: 'lib', range: '1.0.0' })).rejects.toThrow('names no integrity of lib@1.0.0');
    expect(registry.tarballCount()).toBe(0);
  });
});

describe('a registry that fails', () => {
  it('is asked again, as often as npm is set to', async () => {
    const { registry, folder, add } = await setUpLibraries({
      lib: aModule('1.0.0', 'module.exports = require("a");', { a: '1' }),
      a: aModule('1.0.0', answer('at last')),
    });
    registry.failures.set('lib', 2).set('a', 1);
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }, { retries: 2 }))).toBe('at last');
  });

  it('is given up in the end', async () => {
    const { registry, folder, add } = await setUpLibraries({ lib: aModule('1.0.0', answer(1)) });
    registry.failures.set('lib', 9);
    await expect(add({ id: 'lib', range: '1.0.0' }, { retries: 1 })).rejects.toThrow('500');
    expect(registry.asked).toHaveLength(2);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a cancellation', () => {
  const packages = {
    lib: aModule('1.0.0', 'module.exports = require("a");', { a: '1' }),
    a: aModule('1.0.0', `${answer('whole')}//${'x'.repeat(5000)}`),
  };

  it('in the midst of an archive ends it at once, and leaves nothing', async () => {
    const { registry, folder, add } = await setUpLibraries(packages);
    registry.stuck.add('a');
    vi.stubEnv('TMPDIR', temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const controller = new AbortController();
    const adding = add({ id: 'lib', range: '1.0.0' }, { signal: controller.signal });
    await Promise.race([registry.hasBegun, adding]);
    controller.abort();
    await expect(adding).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(tmpdir())).toEqual([]);
  });

  it('keeps in the cache of npm what had come, so that the next attempt fetches only the rest', async () => {
    const { registry, folder, add } = await setUpLibraries(packages);
    registry.stuck.add('a');
    const controller = new AbortController();
    const adding = add({ id: 'lib', range: '1.0.0' }, { signal: controller.signal });
    await Promise.race([registry.hasBegun, adding]);
    controller.abort();
    await expect(adding).rejects.toThrow();
    registry.stuck.clear();
    registry.asked.length = 0;
    expect(await libraryValue(folder, await add({ id: 'lib', range: '1.0.0' }))).toBe('whole');
    expect(registry.asked.filter((path) => path.endsWith('.tgz'))).toEqual(['/a/1.0.0.tgz']);
  });

  it('before anything began asks nobody', async () => {
    const { registry, add } = await setUpLibraries(packages);
    await expect(add({ id: 'lib', range: '1.0.0' }, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(registry.tarballCount()).toBe(0);
  });
});

it('tells how far it is: what came, and of how many packages', async () => {
  const { progress, add } = await setUpLibraries({
    lib: aModule('1.0.0', 'require("a")', { a: '1' }),
    a: aModule('1.0.0', ''),
  });
  await add({ id: 'lib', range: '1.0.0' });
  expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['resolving', 'fetching', 'bundling', 'storing']);
  expect(progress.at(-1)).toEqual({ phase: 'storing', bytes: expect.any(Number), done: 2, total: 2 });
  const bytes = progress.map((step) => step.bytes);
  expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
});

it('lets several at once bring the same library, also under different globals', async () => {
  const { folder, add } = await setUpLibraries({ lib: aModule('1.0.0', answer(1)) });
  const globals = Array.from({ length: 12 }, (_, index) => `global${index % 3}`);
  await Promise.all(globals.map((global) => add({ id: 'lib', range: '1.0.0', global })));
  expect(await libraryValue(folder, { id: 'lib', version: '1.0.0' })).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(['lib-1.0.0.js', 'lib-1.0.0.json']);
});
