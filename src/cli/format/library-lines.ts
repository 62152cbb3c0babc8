/** What is said of libraries: where one came from, and what lies in a cache folder. */
import type { CatalogLibrary, LibraryOutcome } from '#shared/contract/catalog';

export function outcomeLine(outcome: LibraryOutcome): string {
  if (outcome.status === 'failed') return `${outcome.name}: failed`;
  const { name, status, bytes, sha256, source } = outcome;
  const origin = source === 'bundled' ? 'bundled' : `from ${source}`;
  return `${name}: ${bytes} bytes, sha256 ${sha256.slice(0, 12)}, ${status === 'cached' ? 'already cached' : origin}`;
}

/** `defaultFolder` is where a host looks that is started in the current folder. */
export function readerLines(folder: string, defaultFolder: string): string[] {
  return [
    folder === defaultFolder
      ? 'vm-system serve in this folder reads it'
      : `A host reads this folder when it is started with: vm-system serve --cache-dir "${folder}"`,
    'For a host that runs elsewhere, repeat this with --host',
  ];
}

export function cacheLines(folder: string, libraries: readonly CatalogLibrary[]): string[] {
  const totalBytes = libraries.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  return [
    `Cache directory: ${folder}`,
    `Cached libraries: ${libraries.length}`,
    `Total size: ${totalBytes} bytes`,
    ...libraries.map(
      ({ name, bytes = 0, damage }) => `  ${name} (${bytes} bytes${damage ? `, damaged: ${damage}` : ''})`,
    ),
  ];
}
