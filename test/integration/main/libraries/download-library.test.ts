/** One package from a registry of the test's own into a cache folder: what is stored, and what never is. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCacheEntry } from '#main/libraries/cache-entry';
import { temporaryFolder } from '../../../support/temp-dir.ts';
import { tarballOf } from '../../../unit/main/libraries/tarball.ts';
import { setUpLibraries } from './library-set-up.ts';
import { aPackage, type ServedPackage } from './package-registry.ts';

const script = 'var lib = { answer: 42 };';

/** A registry with one package, and a folder to download into. */
async function setUp(served: ServedPackage) {
  const { add, ...rest } = await setUpLibraries({ lib: served });
  return { ...rest, download: () => add({ id: 'lib', range: '1.2.3' }) };
}

it('stores the script of the package as it was published', async () => {
  const { folder, download } = await setUp(aPackage('1.2.3', { 'dist/lib.min.js': script }));
  const library = await download();
  expect(library).toMatchObject({ name: 'lib-1.2.3', source: 'dist/lib.min.js', global: 'lib', status: 'downloaded' });
  expect(await readCacheEntry(folder, 'lib-1.2.3')).toMatchObject({
    kind: 'whole',
    script,
    bytes: library.bytes,
    record: {
      id: 'lib',
      version: '1.2.3',
      sha256: library.sha256,
      integrity: expect.stringMatching(/^sha512-/),
      packages: [],
    },
  });
});

it('bundles a package that has no such script', async () => {
  const files = { 'index.js': 'exports.part = require("./part")', 'part.js': 'exports.answer = 42' };
  const { download } = await setUp(aPackage('1.2.3', files));
  expect(await download()).toMatchObject({ source: 'bundled' });
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

it("takes a package from npm's cache without asking for it again, and fetches it anew where the cache is damaged", async () => {
  const { registry, root, folder, download } = await setUp(aPackage('1.2.3', { 'index.js': script }));
  const file = join(folder, 'lib-1.2.3.js');
  await download();
  writeFileSync(file, 'damaged');
  await download();
  expect(registry.tarballCount()).toBe(1);
  const content = readdirSync(join(root, 'npm', 'content-v2'), { recursive: true, withFileTypes: true });
  for (const it of content.filter((entry) => entry.isFile())) writeFileSync(join(it.parentPath, it.name), 'damaged');
  writeFileSync(file, 'damaged');
  await download();
  expect(registry.tarballCount()).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe(script);
});
