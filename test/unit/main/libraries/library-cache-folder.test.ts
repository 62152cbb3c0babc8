import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeCacheEntry } from '#main/libraries/cache-entry';
import { LibraryCacheFolder } from '#main/libraries/library-cache-folder';
import { temporaryFolder } from '../../../support/temp-dir.ts';

const name = 'lodash-4.17.21';
const entry = {
  id: 'lodash',
  version: '4.17.21',
  packages: [],
  script: 'globalThis._ = "ö"',
  integrity: 'sha512-x',
  source: 'lodash.min.js',
  global: '_',
  downloaded_at: '2026-11-20T09:30:00.000Z',
};

async function cacheWithLodash() {
  const folder = join(temporaryFolder(), 'libraries');
  await writeCacheEntry(folder, name, entry);
  const file = (ending: string) => join(folder, `${name}.${ending}`);
  return { folder, file, cache: new LibraryCacheFolder(folder) };
}

const cachedNames = async (cache: LibraryCacheFolder) =>
  (await cache.list()).filter(({ cached }) => cached).map((library) => library.name);

it('gives the script of a library that is whole, and lists it as cached', async () => {
  const { cache } = await cacheWithLodash();
  expect(await cache.load(name)).toEqual({ name, id: 'lodash', global: '_', source: entry.script });
  expect(await cachedNames(cache)).toEqual([name]);
});

it('refuses a library that is not there, and names the command with its own folder', async () => {
  const { cache, folder } = await cacheWithLodash();
  await expect(cache.load('dayjs-1.11.10')).rejects.toMatchObject({
    code: 'LIBRARY_NOT_CACHED',
    message: `Library dayjs-1.11.10 is not in the cache ${folder}. Get it with: vm-system libs download --cache-dir "${folder}"`,
    details: { library: 'dayjs-1.11.10' },
  });
});

it('has nothing where there is no folder', async () => {
  const cache = new LibraryCacheFolder(join(temporaryFolder(), 'nowhere'));
  expect(await cachedNames(cache)).toEqual([]);
});

it.each(['../lodash-4.17.21', 'a/b', '.lodash-4.17.21', 'lodash-4.17.21\0', ''])(
  'finds nothing under the name %j, which is no name of a library',
  async (wrong) => {
    const { cache } = await cacheWithLodash();
    await expect(cache.load(wrong)).rejects.toMatchObject({ code: 'LIBRARY_NOT_CACHED' });
  },
);

type Damage = (file: (ending: string) => string) => void;

const damages: [what: string, damage: Damage, reason: string][] = [
  ['a changed script', (file) => writeFileSync(file('js'), 'globalThis._ = "o"'), 'it does not have its digest'],
  ['a script cut short', (file) => writeFileSync(file('js'), ''), 'it does not have its digest'],
  ['a record that is gone', (file) => rmSync(file('json')), 'it has no record of its digest'],
  ['a record that is no record', (file) => writeFileSync(file('json'), '{'), 'it has no record of its digest'],
  [
    'a folder in its place',
    (file) => {
      rmSync(file('js'));
      mkdirSync(file('js'));
    },
    'it cannot be read (EISDIR)',
  ],
];

it.each(damages)(
  'refuses %s, says that a download mends it, and does not list it as cached',
  async (_, damage, reason) => {
    const { cache, folder, file } = await cacheWithLodash();
    damage(file);
    await expect(cache.load(name)).rejects.toMatchObject({
      code: 'LIBRARY_NOT_CACHED',
      message: `Library ${name} in the cache ${folder} is damaged: ${reason}. Mend it with: vm-system libs download --cache-dir "${folder}"`,
    });
    expect(await cachedNames(cache)).toEqual([]);
  },
);

it('lists what was added behind the catalog, with its package, its global and its state', async () => {
  const { cache, folder } = await cacheWithLodash();
  const added = { ...entry, id: '@scope/ab', version: '1.0.0-RC.1', global: 'ab' };
  await writeCacheEntry(folder, '@scope/ab-1.0.0-rc.1', added);
  await writeCacheEntry(folder, 'b-2.0.0', { ...added, id: 'b', version: '2.0.0' });
  writeFileSync(join(folder, 'b-2.0.0.js'), 'changed');
  const bytes = Buffer.byteLength(entry.script);
  const name = '@scope/ab-1.0.0-rc.1';
  expect((await cache.list()).slice(6)).toEqual([
    { name, id: '@scope/ab', version: '1.0.0-RC.1', global: 'ab', cached: true, bytes, added: true },
    {
      name: 'b-2.0.0',
      id: 'b',
      version: '2.0.0',
      global: 'ab',
      cached: false,
      bytes: 7,
      damage: 'it does not have its digest',
      added: true,
    },
  ]);
});

it('says how one that was added is brought back: by its package, its version and its global', async () => {
  const { cache, folder } = await cacheWithLodash();
  await writeCacheEntry(folder, '@scope/ab-1.0.0', { ...entry, id: '@scope/ab', version: '1.0.0', global: 'ab' });
  writeFileSync(join(folder, '@scope+ab-1.0.0.js'), 'changed');
  await expect(cache.load('@scope/ab-1.0.0')).rejects.toMatchObject({
    code: 'LIBRARY_NOT_CACHED',
    message: `Library @scope/ab-1.0.0 in the cache ${folder} is damaged: it does not have its digest. Mend it with: vm-system libs add @scope/ab@1.0.0 --global ab --cache-dir "${folder}"`,
  });
  await expect(cache.load('@scope/cd-2.0.0-beta.1')).rejects.toMatchObject({
    message: expect.stringContaining('Get it with: vm-system libs add @scope/cd@2.0.0-beta.1 --cache-dir'),
  });
});

it('forgets what is removed', async () => {
  const { cache } = await cacheWithLodash();
  expect(await cache.remove(name)).toBe(true);
  expect(await cachedNames(cache)).toEqual([]);
  expect(await cache.remove(name)).toBe(false);
});

it.each([
  ['lodash', 'lodash-4.17.21'],
  ['papaparse@5.4.1', 'papaparse-5.4.1'],
])('says of %s, which is no name of a library, that %s is meant', async (wrong, meant) => {
  const { cache } = await cacheWithLodash();
  await expect(cache.load(wrong)).rejects.toMatchObject({
    code: 'LIBRARY_NOT_CACHED',
    message: expect.stringMatching(`remove-library TEMPLATE --name ${wrong}, then add-library with --name ${meant}$`),
  });
});
