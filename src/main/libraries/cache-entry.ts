/**
 * One library in a cache folder: `NAME.js`, and `NAME.json`, the record that says what the script must be to be whole.
 * Each file appears under its name only when it is complete, and the record before the script: whatever is interrupted,
 * or changed afterwards, is a pair that does not match. A script is believed for no other reason than its digest.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { draftName } from './leftovers.ts';
import { isLibraryName, libraryFile, libraryOfFile } from './library-file.ts';

const cacheRecordSchema = z.object({
  /** The package of npm, and its exact version. */
  id: z.string(),
  version: z.string(),
  /** Of the script, in hexadecimal. */
  sha256: z.string(),
  /** What the registry promised of the package, as npm writes it. */
  integrity: z.string(),
  /** The file of the package that the script is, or `bundled`. */
  source: z.string(),
  /** The packages that were bundled with it, as `name@version`. */
  packages: z.array(z.string()).default([]),
  /** The global variable that the script defines. */
  global: z.string(),
  downloaded_at: z.iso.datetime(),
});
export type CacheRecord = z.infer<typeof cacheRecordSchema>;

export type CacheEntry =
  | { readonly kind: 'whole'; readonly script: string; readonly bytes: number; readonly record: CacheRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly reason: string; readonly bytes: number; readonly record?: CacheRecord };

/** Others may replace the same library: what does not match is looked at, or written, so often, after a pause. */
const maxAttempts = 10;
const longestPauseMs = 50;
const maxReadings = 3;

/** Never rejects: what cannot be read is damaged. */
export async function readCacheEntry(folder: string, name: string): Promise<CacheEntry> {
  if (!isLibraryName(name)) return { kind: 'absent' };
  for (let attempt = 1; ; attempt += 1) {
    const entry = await readPair(join(folder, libraryFile(name)));
    if (entry.kind !== 'damaged' || attempt === maxReadings) return entry;
  }
}

/** Names of the libraries in a folder, whole or not, sorted. A folder that does not exist holds none. */
export async function listCacheEntries(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files.flatMap((file) => libraryOfFile(file) ?? []).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Puts a script and its record in place of whatever was there. */
export async function writeCacheEntry(
  folder: string,
  name: string,
  { script, ...origin }: Omit<CacheRecord, 'sha256'> & { readonly script: string },
): Promise<CacheRecord> {
  const record = { ...origin, sha256: digestOf(script) };
  const path = join(folder, libraryFile(name));
  await mkdir(folder, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    await writeWhole(`${path}.json`, `${JSON.stringify(record, undefined, 2)}\n`);
    await writeWhole(`${path}.js`, script);
    // Two that write different scripts under one name may leave the record of one with the script of the other.
    const { kind } = await readPair(path);
    if (kind === 'whole') return record;
    if (attempt === maxAttempts) throw new Error(`Something else keeps changing ${path}.js.`);
    await setTimeout(Math.random() * longestPauseMs);
  }
}

/** Resolves to false where there was nothing. */
export async function removeCacheEntry(folder: string, name: string): Promise<boolean> {
  if (!isLibraryName(name)) return false;
  const path = join(folder, libraryFile(name));
  const isThere = (await readPair(path)).kind !== 'absent';
  // The script first: a record alone is an absent library, a script alone a damaged one.
  await rm(`${path}.js`, { force: true, recursive: true });
  await rm(`${path}.json`, { force: true });
  return isThere;
}

async function readPair(path: string): Promise<CacheEntry> {
  try {
    const script = await readFile(`${path}.js`);
    const record = await readRecord(`${path}.json`);
    const bytes = script.byteLength;
    if (record === undefined) return { kind: 'damaged', reason: 'it has no record of its digest', bytes };
    if (digestOf(script) === record.sha256) return { kind: 'whole', script: script.toString('utf8'), bytes, record };
    return { kind: 'damaged', reason: 'it does not have its digest', bytes, record };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT'
      ? { kind: 'absent' }
      : { kind: 'damaged', reason: `it cannot be read (${code})`, bytes: 0 };
  }
}

async function readRecord(path: string): Promise<CacheRecord | undefined> {
  try {
    return cacheRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function digestOf(script: string | Uint8Array): string {
  return createHash('sha256').update(script).digest('hex');
}

/** A rename within a folder happens or does not; nobody can see half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = draftName(path);
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}
