/** Reads which libraries lie in a cache folder. It never asks a host: the folder may belong to none that runs. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';

export interface CachedLibrary {
  /** `id-version`, as templates name it. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Sorted by name. A folder that does not exist is an empty cache. */
export async function readLibraryCache(folder: string): Promise<CachedLibrary[]> {
  const files = (await fileNames(folder)).filter((name) => name.endsWith('.js')).sort();
  return Promise.all(
    files.map(async (file) => ({ name: file.slice(0, -3), sizeBytes: (await stat(join(folder, file))).size })),
  );
}

async function fileNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('USAGE', `The cache folder ${folder} cannot be read: ${reason}.`, { cause });
  }
}
