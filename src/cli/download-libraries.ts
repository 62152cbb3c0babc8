/**
 * Tells how the download of the catalog goes: a line for each library as it is there, then what came of all. A failed one
 * keeps none of the others back, and fails the command at its end.
 */
import { resolve } from 'node:path';
import type { LibraryOutcome } from '#shared/contract/catalog';
import type { OperationProgress } from '#shared/contract/operation';
import type { Cli } from './cli.ts';
import { CliError } from './cli-error.ts';
import { outcomeLine, readerLine } from './format/library-lines.ts';
import { LibraryProgress } from './library-progress.ts';

/** Where libraries go, and whose npm configuration says where they come from. */
interface DownloadPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
}

interface Download {
  readonly place: DownloadPlace;
  readonly signal: AbortSignal;
  readonly report: (name: string, progress: OperationProgress) => void;
}

export interface LibraryDownload {
  /** As the user wrote it. */
  readonly cacheDir: string;
  /** Where a host that is started in the current folder looks. */
  readonly defaultCacheDir: string;
  readonly signal: AbortSignal;
  readonly download: (download: Download) => AsyncIterable<LibraryOutcome>;
}

export async function downloadLibraries(
  cli: Cli,
  { cacheDir, defaultCacheDir, signal, download }: LibraryDownload,
): Promise<void> {
  const { env, workingFolder } = cli.process;
  const { output } = cli;
  const progress = new LibraryProgress(cli);
  const say = (line: string) => {
    progress.clear();
    if (!output.json) output.showPart(undefined, [line]);
  };
  const folder = resolve(workingFolder, cacheDir);
  const libraries: LibraryOutcome[] = [];
  say(`Downloading libraries to: ${cacheDir}`);
  try {
    const report = (name: string, progressOfOne: OperationProgress) => progress.show(name, progressOfOne);
    for await (const outcome of download({ place: { folder, env, workingFolder }, signal, report })) {
      libraries.push(outcome);
      say(outcomeLine(outcome));
    }
  } finally {
    progress.clear();
  }
  const failed = libraries.filter((outcome) => outcome.status === 'failed');
  const ready = `${libraries.length - failed.length} of ${libraries.length}`;
  if (output.json) output.show({ folder, libraries }, []);
  say(`Libraries ready: ${ready} in ${folder}`);
  say(readerLine(folder, resolve(workingFolder, defaultCacheDir)));
  if (failed.length > 0) throw downloadFailed(ready, failed);
}

function downloadFailed(ready: string, failed: readonly { name: string; reason: string }[]): CliError {
  const details = Object.fromEntries(failed.map(({ name, reason }) => [name, reason]));
  const message = `Only ${ready} libraries are ready. Those that failed can be tried again with the same command.`;
  return new CliError('LIBRARY_DOWNLOAD_FAILED', message, { details });
}
