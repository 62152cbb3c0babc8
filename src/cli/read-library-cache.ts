/** Reads which libraries lie in a cache folder. It never asks a host: the folder may belong to none that runs. */
import type { CatalogLibrary } from '#shared/contract/catalog';
import { CliError } from './cli-error.ts';

/** The catalog, then what was added; those that lie in the folder have a size. A folder that does not exist is empty. */
export async function readLibraryCache(folder: string): Promise<CatalogLibrary[]> {
  const { LibraryCacheFolder } = await import('../main/libraries/library-cache-folder.ts');
  try {
    return await new LibraryCacheFolder(folder).list();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('USAGE', `The cache folder ${folder} cannot be read: ${reason}.`, { cause });
  }
}
