/** `vm-system libs`: the library catalog of the host, and the cache folder of this machine. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { downloadLibraries } from '../download-libraries.ts';
import { examples } from '../options/examples.ts';
import { type CachedLibrary, readLibraryCache } from '../read-library-cache.ts';
import { showLibraryCatalog } from './template-grant.ts';

/** Where `serve` and `libs` keep libraries, below the current folder. */
export const defaultCacheFolder = '.vm-cache/libraries';

export function addLibsCommands(program: Command, cli: Cli): void {
  const libs = program.command('libs').description('look after the libraries that guests can use');
  addDownload(libs, cli);
  libs
    .command('list')
    .description('list the libraries of the catalog, and whether the host has them')
    .addHelpText('after', examples('libs list'))
    .action(() => showLibraryCatalog(cli));
  addCacheInfo(libs, cli);
}

/** Needs no host: what it imports of one is loaded only here, because it brings npm's libraries and esbuild along. */
function addDownload(libs: Command, cli: Cli): void {
  libs
    .command('download')
    .description('bring the libraries of the catalog into the cache folder, from your npm registry')
    .option('--cache-dir <dir>', 'the cache folder, the same as that of "serve"', defaultCacheFolder)
    .addHelpText('after', examples('libs download', 'libs download --cache-dir /var/cache/vm-system'))
    .action(async ({ cacheDir }: { cacheDir: string }) => {
      const { downloadCatalog } = await import('../../main/libraries/download/download-catalog.ts');
      await downloadLibraries(cli, { cacheDir, defaultCacheDir: defaultCacheFolder, download: downloadCatalog });
    });
}

function addCacheInfo(libs: Command, cli: Cli): void {
  libs
    .command('cache-info')
    .description('show what lies in the cache folder of this machine')
    .option('--cache-dir <dir>', 'the cache folder', defaultCacheFolder)
    .addHelpText('after', examples('libs cache-info'))
    .action(async ({ cacheDir }: { cacheDir: string }) => {
      const folder = resolve(cli.process.workingFolder, cacheDir);
      const libraries = await readLibraryCache(folder);
      cli.output.show({ folder, libraries }, cacheLines(folder, libraries));
    });
}

function cacheLines(folder: string, libraries: readonly CachedLibrary[]): string[] {
  const totalBytes = libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    `Cache directory: ${folder}`,
    `Cached libraries: ${libraries.length}`,
    `Total size: ${totalBytes} bytes`,
    ...libraries.map(({ name, sizeBytes }) => `  ${name} (${sizeBytes} bytes)`),
  ];
}
