/** Reads which libraries lie in a cache folder. It never asks a host: the folder may belong to none that runs. */
import type { CatalogLibrary } from '#shared/contract/catalog';

/** The catalog, then what was added; those that lie in the folder have a size. A folder that does not exist is empty. */
export async function readLibraryCache(folder: string): Promise<CatalogLibrary[]> {
  const { LibraryCacheFolder } = await import('../main/libraries/library-cache-folder.ts');
  return new LibraryCacheFolder(folder).list();
}
