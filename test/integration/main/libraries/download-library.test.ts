/** One library from a registry of the test's own into a cache folder: what is stored, and what never is. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCacheEntry } from '#main/libraries/cache-entry';
import { downloadLibrary } from '#main/libraries/download/download-library';
import { temporaryFolder } from '../../../support/temp-dir.ts';
import { tarballOf } from '../../../unit/main/libraries/tarball.ts';
import { aPackage, type ServedPackage, startPackageRegistry } from './package-registry.ts';

const script = 'var lib = { answer: 42 };';
const wanted = { name: 'lib', version: '1.2.3', global: 'lib' };

/** A registry with one package, and a folder to download into. */
async function setUp(served: ServedPackage) {
  const registry = await startPackageRegistry({ lib: served });
  const root = temporaryFolder();
  const folder = join(root, 'libraries');
  const npm = { registry: registry.url, cache: join(root, 'npm'), fetchRetries: 0, retry: { retries: 0 } };
  const download = (changes: Partial<typeof wanted> & { entry?: string } = {}) =>
    downloadLibrary({ ...wanted, ...changes }, { folder, cacheName: 'lib-1.2.3', npm });
  return { registry, root, folder, download };
}

it('stores the script of the package as it was published', async () => {
  const { folder, download } = await setUp(aPackage('1.2.3', { 'dist/lib.min.js': script }));
  const { bytes, record } = await download();
  expect(record).toMatchObject({
    source: 'dist/lib.min.js',
    global: 'lib',
    integrity: expect.stringMatching(/^sha512-/),
  });
  expect(await readCacheEntry(folder, 'lib-1.2.3')).toEqual({ kind: 'whole', script, bytes, record });
});

it('bundles a package that has no such script, and one whose part is asked for', async () => {
  const files = { 'index.js': 'exports.part = require("./part")', 'part.js': 'exports.answer = 42' };
  const { download } = await setUp(aPackage('1.2.3', files));
  expect(await download()).toMatchObject({ record: { source: 'bundled' } });
  const { download: downloadPart } = await setUp(aPackage('1.2.3', { ...files, 'dist/lib.min.js': script }));
  expect(await downloadPart({ entry: 'part' })).toMatchObject({ record: { source: 'bundled' } });
});

it('runs nothing of a package, not even a script that its installation would run', async () => {
  const mark = join(temporaryFolder(), 'ran');
  const evil = `require("fs").writeFileSync(${JSON.stringify(mark)}, "")`;
  const scripts = {
    preinstall: `touch ${mark}`,
    install: `touch ${mark}`,
    postinstall: `touch ${mark}`,
    prepare: `touch ${mark}`,
  };
  const { download } = await setUp(
    aPackage('1.2.3', {
      'package.json': JSON.stringify({ scripts }),
      'dist/lib.min.js': `${script} globalThis.${evil};`,
    }),
  );
  await download();
  expect(existsSync(mark)).toBe(false);
});

const refusals: [what: string, served: ServedPackage, problem: string][] = [
  [
    'a tarball that is not what was promised',
    { ...aPackage('1.2.3', { 'index.js': script }), integrity: `sha512-${randomBytes(64).toString('base64')}` },
    'integrity',
  ],
  ['a package without a version of that name', aPackage('1.2.4', { 'index.js': script }), 'No matching version'],
  ['a package that needs another', aPackage('1.2.3', { 'index.js': 'require("react")' }), 'Could not resolve "react"'],
  ['a package that does not parse', aPackage('1.2.3', { 'index.js': 'var lib = {' }), 'found end of file'],
  ['a script that is too large', aPackage('1.2.3', { 'index.js': `${script}${' '.repeat(9e6)}` }), 'may have 8388608'],
  [
    'a package with a link',
    { version: '1.2.3', tarball: tarballOf([{ path: 'package/a.js', type: 'SymbolicLink', linkpath: '/etc/passwd' }]) },
    'SymbolicLink',
  ],
  [
    'an archive that is too large',
    { version: '1.2.3', tarball: randomBytes(33 * 1024 * 1024) },
    'larger than 33554432',
  ],
];

it.for(refusals)('refuses %s, and stores nothing', async ([, served, problem]) => {
  const { folder, download } = await setUp(served);
  await expect(download()).rejects.toThrow(problem);
  expect(existsSync(folder)).toBe(false);
});

it.for([
  { version: '^1.0.0' },
  { version: 'latest' },
  { version: '' },
  { name: 'file:.' },
  { name: 'someone/repository' },
  { name: '../lib' },
  { name: 'lib', version: 'npm:other@1.0.0' },
])('asks nobody for %j, which is no package with an exact version', async (changes) => {
  const { registry, download } = await setUp(aPackage('1.2.3', { 'index.js': script }));
  await expect(download(changes)).rejects.toThrow('no package and exact version');
  expect(registry.asked).toEqual([]);
});

it("takes a package from npm's cache without asking for it again, and fetches it anew where the cache is damaged", async () => {
  const { registry, root, folder, download } = await setUp(aPackage('1.2.3', { 'index.js': script }));
  const tarballs = () => registry.asked.filter((path) => path.endsWith('.tgz')).length;
  await download();
  await download();
  expect(tarballs()).toBe(1);
  const content = readdirSync(join(root, 'npm', 'content-v2'), { recursive: true, withFileTypes: true });
  for (const file of content.filter((it) => it.isFile())) writeFileSync(join(file.parentPath, file.name), 'damaged');
  await download();
  expect(tarballs()).toBe(2);
  expect(readFileSync(join(folder, 'lib-1.2.3.js'), 'utf8')).toBe(script);
});
