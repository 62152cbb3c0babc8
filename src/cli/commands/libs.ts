/** `vm-system libs`: the library caches of this machine and of the host. A host is asked only by `list`, and with `--host`. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { addLibrary } from '../add-library.ts';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { downloadLibraries } from '../download-libraries.ts';
import { toFailure } from '../failure.ts';
import { cacheLines, readerLines } from '../format/library-lines.ts';
import { interruptible } from '../interruptible.ts';
import type { LibraryDestination } from '../library-destination.ts';
import { examples } from '../options/examples.ts';
import { type PackageArgument, readPackage } from '../options/read-package.ts';
import { readLibraryCache } from '../read-library-cache.ts';
import { showLibraries, showLibraryCatalog } from './template-grant.ts';

/** Where `serve` and `libs` keep libraries, below the current folder. */
export const defaultCacheFolder = '.vm-cache/libraries';

interface CacheOption {
  readonly cacheDir: string;
}

interface DestinationOptions extends CacheOption {
  readonly host?: true;
}

export function addLibsCommands(program: Command, cli: Cli): void {
  const libs = program.command('libs').description('look after the libraries that guests can use');
  addDownload(libs, cli);
  addList(libs, cli);
  addCacheInfo(libs, cli);
  addAdd(libs, cli);
  addRemove(libs, cli);
}

function addDownload(libs: Command, cli: Cli): void {
  libs
    .command('download')
    .description('bring the libraries of the catalog into the cache folder, from your npm registry')
    .option('--cache-dir <dir>', 'the cache folder, the same as that of "serve"', defaultCacheFolder)
    .addOption(hostOption())
    .addHelpText('after', examples('libs download', 'libs download --host'))
    .action((flags: DestinationOptions) =>
      interruptible(cli, async (signal) =>
        downloadLibraries(cli, { destination: await destinationOf(cli, flags), signal }),
      ),
    );
}

function addAdd(libs: Command, cli: Cli): void {
  libs
    .command('add')
    .description('bring any package of npm into the cache folder, as one script that defines a global variable')
    .argument('<package>', 'name@version, where the version may be a range or a tag', readPackage)
    .option('--global <name>', "the global variable (default: the package's name in camel case)")
    .option('--cache-dir <dir>', 'the cache folder, the same as that of "serve"', defaultCacheFolder)
    .addOption(hostOption())
    .addHelpText('after', examples('libs add date-fns@4.1.0', 'libs add @sindresorhus/slugify@^2 --global slug'))
    .action((wanted: PackageArgument, { global, ...flags }: DestinationOptions & { global?: string }) =>
      interruptible(cli, async (signal) => {
        const request = { ...wanted, ...(global === undefined ? {} : { global }) };
        await addLibrary(cli, { request, destination: await destinationOf(cli, flags), signal });
      }),
    );
}

function hostOption(): Option {
  return new Option('--host', 'bring them into the cache of the running host instead').conflicts('cacheDir');
}

async function destinationOf(cli: Cli, { cacheDir, host }: DestinationOptions): Promise<LibraryDestination> {
  if (host !== true) return folderDestination(cli, cacheDir);
  const { hostLibraryCache } = await import('../host-library-cache.ts');
  return hostLibraryCache(await cli.connect(), cli.serverUrl);
}

/** Needs no host: what it imports of one is loaded only here, because it brings npm's libraries and esbuild along. */
function folderDestination({ process }: Cli, cacheDir: string): LibraryDestination {
  const { env, workingFolder } = process;
  const folder = resolve(workingFolder, cacheDir);
  const place = { folder, env, workingFolder };
  return {
    label: cacheDir,
    place: folder,
    facts: { folder },
    readers: readerLines(folder, resolve(workingFolder, defaultCacheFolder)),
    async add(request, { signal, report }) {
      const { addLibrary: add } = await import('../../main/libraries/download/add-library.ts');
      return add(request, { place, signal, report: (progress) => report(request.id, progress) });
    },
    async *download(work) {
      const { downloadCatalog } = await import('../../main/libraries/download/download-catalog.ts');
      yield* downloadCatalog({ place, ...work });
    },
  };
}

function addRemove(libs: Command, cli: Cli): void {
  libs
    .command('remove')
    .description('remove a library from the cache folder')
    .argument('<name>', 'name of the library, such as date-fns-4.1.0')
    .option('--cache-dir <dir>', 'the cache folder', defaultCacheFolder)
    .addHelpText('after', examples('libs remove date-fns-4.1.0'))
    .action(async (text: string, { cacheDir }: CacheOption) => {
      const { removeCacheEntry } = await import('../../main/libraries/cache-entry.ts');
      const folder = resolve(cli.process.workingFolder, cacheDir);
      const name = text.trim().toLowerCase();
      if (await removeCacheEntry(folder, name)) cli.output.show({ folder, name }, [`Removed library: ${name}`]);
      else
        throw new CliError(
          'LIBRARY_NOT_FOUND',
          `There is no library ${name} in ${folder}. See "vm-system libs cache-info".`,
        );
    });
}

function addList(libs: Command, cli: Cli): void {
  libs
    .command('list')
    .description('list the libraries that there are, and whether the host has them')
    .option('--cache-dir <dir>', 'ask no host, look into this cache folder')
    .addHelpText('after', examples('libs list', `libs list --cache-dir ${defaultCacheFolder}`))
    .action(async ({ cacheDir }: Partial<CacheOption>) => {
      if (cacheDir === undefined && (await isShownByHost(cli))) return;
      const folder = resolve(cli.process.workingFolder, cacheDir ?? defaultCacheFolder);
      showLibraries(cli, await readLibraryCache(folder));
    });
}

/** Without a host, the folder of this machine is what there is to tell of. */
async function isShownByHost(cli: Cli): Promise<boolean> {
  try {
    await showLibraryCatalog(cli);
    return true;
  } catch (error) {
    if (toFailure(error).code !== 'HOST_UNREACHABLE') throw error;
    cli.process.stderr.write(`No host answers at ${cli.serverUrl}; this is the cache folder ${defaultCacheFolder}.\n`);
    return false;
  }
}

function addCacheInfo(libs: Command, cli: Cli): void {
  libs
    .command('cache-info')
    .description('show what lies in the cache folder of this machine')
    .option('--cache-dir <dir>', 'the cache folder', defaultCacheFolder)
    .addHelpText('after', examples('libs cache-info'))
    .action(async ({ cacheDir }: CacheOption) => {
      const folder = resolve(cli.process.workingFolder, cacheDir);
      const libraries = (await readLibraryCache(folder)).filter(({ bytes }) => bytes !== undefined);
      cli.output.show({ folder, libraries }, cacheLines(folder, libraries));
    });
}
