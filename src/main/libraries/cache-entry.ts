/**
 * One library in a cache folder: `NAME.js`, and `NAME.json`, the record that says what the script must be to be whole.
 * Each file appears under its name only when it is complete, and the record before the script: whatever is interrupted,
 * or changed afterwards, is a pair that does not match. A script is believed for no other reason than its digest.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const cacheRecordSchema = z.object({
  /** Of the script, in hexadecimal. */
  sha256: z.string(),
  /** What the registry promised of the package, as npm writes it. */
  integrity: z.string(),
  /** The file of the package that the script is, or `bundled`. */
  source: z.string(),
  /** The global variable that the script defines. */
  global: z.string(),
  downloaded_at: z.iso.datetime(),
});
export type CacheRecord = z.infer<typeof cacheRecordSchema>;

export type CacheEntry =
  | { readonly kind: 'whole'; readonly script: string; readonly bytes: number; readonly record: CacheRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly reason: string };

/** Only a plain file name may reach the file system; no other name can be in a cache. */
export function isLibraryName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/.test(name);
}

/** Never rejects: what cannot be read is damaged. */
export async function readCacheEntry(folder: string, name: string): Promise<CacheEntry> {
  try {
    const script = await readFile(join(folder, `${name}.js`));
    const record = await readRecord(join(folder, `${name}.json`));
    if (record === undefined) return { kind: 'damaged', reason: 'it has no record of its digest' };
    if (digestOf(script) !== record.sha256) return { kind: 'damaged', reason: 'it does not have its digest' };
    return { kind: 'whole', script: script.toString('utf8'), bytes: script.byteLength, record };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'damaged', reason: `it cannot be read (${code})` };
  }
}

/** Puts a script and its record in place of whatever was there. */
export async function writeCacheEntry(
  folder: string,
  name: string,
  { script, ...origin }: Omit<CacheRecord, 'sha256'> & { readonly script: string },
): Promise<CacheRecord> {
  const record = { sha256: digestOf(script), ...origin };
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, `${name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
  await writeWhole(join(folder, `${name}.js`), script);
  return record;
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
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
