import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listCacheEntries, readCacheEntry, removeCacheEntry, writeCacheEntry } from '#main/libraries/cache-entry';
import { temporaryFolder } from '../../../support/temp-dir.ts';

const origin = {
  id: 'a',
  version: '1.0.0',
  packages: [],
  integrity: 'sha512-x',
  source: 'bundled',
  global: 'a',
  downloaded_at: '2026-11-20T09:30:00.000Z',
};

it('writes a script and a record with its digest, makes the folder, and leaves no draft behind', async () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  const record = await writeCacheEntry(folder, 'a-1.0.0', { script: 'var a = "ö"', ...origin });
  expect(record).toEqual({ sha256: createHash('sha256').update('var a = "ö"').digest('hex'), ...origin });
  expect(readdirSync(folder).sort()).toEqual(['a-1.0.0.js', 'a-1.0.0.json']);
  expect(JSON.parse(readFileSync(join(folder, 'a-1.0.0.json'), 'utf8'))).toEqual(record);
  expect(await readCacheEntry(folder, 'a-1.0.0')).toEqual({ kind: 'whole', script: 'var a = "ö"', bytes: 12, record });
});

it('takes the place of an entry that is damaged', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a-1.0.0.js'), 'half a scr');
  await writeCacheEntry(folder, 'a-1.0.0', { script: 'var a', ...origin });
  expect(await readCacheEntry(folder, 'a-1.0.0')).toMatchObject({ kind: 'whole', script: 'var a' });
});

it('is absent where a stop between the two left a record alone', async () => {
  const folder = temporaryFolder();
  await writeCacheEntry(folder, 'a-1.0.0', { script: 'var a', ...origin });
  rmSync(join(folder, 'a-1.0.0.js'));
  expect(await readCacheEntry(folder, 'a-1.0.0')).toEqual({ kind: 'absent' });
});

it('leaves no draft behind where the script cannot take its place', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a-1.0.0.js'));
  await expect(writeCacheEntry(folder, 'a-1.0.0', { script: 'var a', ...origin })).rejects.toThrow('EISDIR');
  expect(readdirSync(folder).sort()).toEqual(['a-1.0.0.js', 'a-1.0.0.json']);
});

it('keeps a library of a scope in files of one folder, and lists it by its name', async () => {
  const folder = temporaryFolder();
  await writeCacheEntry(folder, '@scope/a-1.0.0', { script: 'var a', ...origin });
  expect(readdirSync(folder).sort()).toEqual(['@scope+a-1.0.0.js', '@scope+a-1.0.0.json']);
  expect(await readCacheEntry(folder, '@scope/a-1.0.0')).toMatchObject({ kind: 'whole' });
  expect(await listCacheEntries(folder)).toEqual(['@scope/a-1.0.0']);
});

it('lists nothing but libraries: no drafts, no records, no hidden files', async () => {
  const folder = temporaryFolder();
  for (const file of ['b-1.0.0.js', 'b-1.0.0.json', 'a-1.0.0.js.7.x.tmp', '.hidden.js', 'A b.js', 'readme.txt']) {
    writeFileSync(join(folder, file), '');
  }
  expect(await listCacheEntries(folder)).toEqual(['b-1.0.0']);
  expect(await listCacheEntries(join(folder, 'nowhere'))).toEqual([]);
});

it('removes both files, and says whether there was anything', async () => {
  const folder = temporaryFolder();
  await writeCacheEntry(folder, '@scope/a-1.0.0', { script: 'var a', ...origin });
  expect(await removeCacheEntry(folder, '@scope/a-1.0.0')).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  expect(await removeCacheEntry(folder, '@scope/a-1.0.0')).toBe(false);
});

it.each(['../a-1.0.0', '@../a-1.0.0', '@scope/../a-1.0.0', 'a/b-1.0.0', '.a', 'a-1.0.0\0', '', '@/a-1.0.0'])(
  'neither reads nor removes anything under the name %j',
  async (wrong) => {
    const folder = join(temporaryFolder(), 'cache');
    await writeCacheEntry(folder, 'a-1.0.0', { script: 'var a', ...origin });
    writeFileSync(join(folder, '..', 'a-1.0.0.js'), 'outside');
    expect(await readCacheEntry(folder, wrong)).toEqual({ kind: 'absent' });
    expect(await removeCacheEntry(folder, wrong)).toBe(false);
    expect(readdirSync(join(folder, '..')).sort()).toEqual(['a-1.0.0.js', 'cache']);
  },
);

it('is whole in the end, whichever of many writers was the last', async () => {
  const folder = temporaryFolder();
  const scripts = Array.from({ length: 8 }, (_, index) => `var a = ${index}`);
  await Promise.all(scripts.map((script) => writeCacheEntry(folder, 'a-1.0.0', { script, ...origin })));
  expect(await readCacheEntry(folder, 'a-1.0.0')).toMatchObject({ kind: 'whole' });
  expect(readdirSync(folder).sort()).toEqual(['a-1.0.0.js', 'a-1.0.0.json']);
});
