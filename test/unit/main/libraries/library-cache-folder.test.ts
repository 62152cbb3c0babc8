import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeCacheEntry } from '#main/libraries/cache-entry';
import { LibraryCacheFolder } from '#main/libraries/library-cache-folder';
import { temporaryFolder } from '../../../support/temp-dir.ts';

const name = 'lodash-4.17.21';
const entry = {
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
  expect(await cache.load(name)).toEqual({ name, source: entry.script });
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
