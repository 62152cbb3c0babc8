/**
 * Tells how a download goes: a line for each library as it is there, then what came of all. A failed one keeps none of
 * the others back, and fails the command at its end.
 */
import { resolve } from 'node:path';
import type { Cli } from './cli.ts';
import { CliError } from './cli-error.ts';

type LibraryOutcome =
  | {
      readonly name: string;
      readonly status: 'downloaded' | 'cached';
      readonly bytes: number;
      readonly sha256: string;
      readonly source: string;
    }
  | { readonly name: string; readonly status: 'failed'; readonly reason: string };

/** Where libraries go, and whose npm configuration says where they come from. */
interface DownloadPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
}

export interface LibraryDownload {
  /** As the user wrote it. */
  readonly cacheDir: string;
  /** Where a host that is started in the current folder looks. */
  readonly defaultCacheDir: string;
  readonly download: (place: DownloadPlace) => AsyncIterable<LibraryOutcome>;
}

export async function downloadLibraries(
  cli: Cli,
  { cacheDir, defaultCacheDir, download }: LibraryDownload,
): Promise<void> {
  const { env, workingFolder } = cli.process;
  const { output } = cli;
  const say = (line: string) => output.json || output.showPart(undefined, [line]);
  const folder = resolve(workingFolder, cacheDir);
  const libraries: LibraryOutcome[] = [];
  say(`Downloading libraries to: ${cacheDir}`);
  for await (const outcome of download({ folder, env, workingFolder })) {
    libraries.push(outcome);
    say(outcomeLine(outcome));
  }
  const failed = libraries.filter((outcome) => outcome.status === 'failed');
  const ready = `${libraries.length - failed.length} of ${libraries.length}`;
  if (output.json) output.show({ folder, libraries }, []);
  say(`Libraries ready: ${ready} in ${folder}`);
  say(readerLine(folder, resolve(workingFolder, defaultCacheDir)));
  if (failed.length > 0) throw downloadFailed(ready, failed);
}

function outcomeLine(outcome: LibraryOutcome): string {
  if (outcome.status === 'failed') return `${outcome.name}: failed`;
  const { name, status, bytes, sha256, source } = outcome;
  const origin = source === 'bundled' ? 'bundled' : `from ${source}`;
  return `${name}: ${bytes} bytes, sha256 ${sha256.slice(0, 12)}, ${status === 'cached' ? 'already cached' : origin}`;
}

function readerLine(folder: string, defaultFolder: string): string {
  if (folder === defaultFolder) return 'vm-system serve in this folder reads it';
  return `A host reads this folder when it is started with: vm-system serve --cache-dir "${folder}"`;
}

function downloadFailed(ready: string, failed: readonly { name: string; reason: string }[]): CliError {
  const details = Object.fromEntries(failed.map(({ name, reason }) => [name, reason]));
  const message = `Only ${ready} libraries are ready. Those that failed can be tried again with the same command.`;
  return new CliError('LIBRARY_DOWNLOAD_FAILED', message, { details });
}
