import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCacheEntry, writeCacheEntry } from '#main/libraries/cache-entry';
import { temporaryFolder } from '../../../support/temp-dir.ts';

const origin = {
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
