/**
 * Tells how the download of the catalog goes: a line for each library as it is there, then what came of all. A failed one
 * keeps none of the others back, and fails the command at its end.
 */
import type { LibraryOutcome } from '#shared/contract/catalog';
import type { Cli } from './cli.ts';
import { CliError } from './cli-error.ts';
import { outcomeLine } from './format/library-lines.ts';
import type { LibraryDestination } from './library-destination.ts';
import { LibraryProgress } from './library-progress.ts';

export interface LibraryDownload {
  readonly destination: LibraryDestination;
  readonly signal: AbortSignal;
}

export async function downloadLibraries(cli: Cli, { destination, signal }: LibraryDownload): Promise<void> {
  const { output } = cli;
  const progress = new LibraryProgress(cli);
  const say = (...lines: string[]) => {
    progress.clear();
    if (!output.json) output.showPart(undefined, lines);
  };
  const libraries: LibraryOutcome[] = [];
  say(`Downloading libraries to: ${destination.label}`);
  try {
    const report = progress.show.bind(progress);
    for await (const outcome of destination.download({ signal, report })) {
      libraries.push(outcome);
      say(outcomeLine(outcome));
    }
  } finally {
    progress.clear();
  }
  const failed = libraries.filter((outcome) => outcome.status === 'failed');
  const ready = `${libraries.length - failed.length} of ${libraries.length}`;
  if (output.json) output.show({ ...destination.facts, libraries }, []);
  say(`Libraries ready: ${ready} in ${destination.place}`, ...destination.readers);
  if (failed.length > 0) throw downloadFailed(ready, failed);
}

function downloadFailed(ready: string, failed: readonly { name: string; reason: string }[]): CliError {
  const details = Object.fromEntries(failed.map(({ name, reason }) => [name, reason]));
  const message = `Only ${ready} libraries are ready. Those that failed can be tried again with the same command.`;
  return new CliError('LIBRARY_DOWNLOAD_FAILED', message, { details });
}
