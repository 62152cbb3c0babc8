/** Tells how one package becomes a library: what its version stands for, how far it is, and under which global it is there. */
import { ORPCError } from '@orpc/client';
import type { InstalledLibrary } from '#shared/contract/catalog';
import type { Cli } from './cli.ts';
import { CliError } from './cli-error.ts';
import { outcomeLine } from './format/library-lines.ts';
import type { LibraryDestination, LibraryRequest } from './library-destination.ts';
import { LibraryProgress } from './library-progress.ts';

export interface LibraryAddition {
  readonly request: LibraryRequest;
  readonly destination: LibraryDestination;
  readonly signal: AbortSignal;
}

export async function addLibrary(cli: Cli, addition: LibraryAddition): Promise<void> {
  const library = await bring(cli, addition);
  const { id, range } = addition.request;
  const { name, version, global } = library;
  const { place, facts, readers } = addition.destination;
  cli.output.show({ ...facts, library }, [
    ...(range === version ? [] : [`Resolved: ${id}@${range} is ${version}`]),
    outcomeLine(library),
    `Added library: ${name} (global: ${global})`,
    `Stored in: ${place}`,
    ...readers,
  ]);
}

async function bring(cli: Cli, { request, destination, signal }: LibraryAddition): Promise<InstalledLibrary> {
  const subject = `${request.id}@${request.range}`;
  const progress = new LibraryProgress(cli);
  if (!cli.output.json) cli.output.showPart(undefined, [`Adding a library to: ${destination.label}`]);
  try {
    return await destination.add(request, { signal, report: (_, step) => progress.tell(subject, step) });
  } catch (cause) {
    // A host that does not answer, or refuses, says that best itself.
    if (cause instanceof CliError || cause instanceof ORPCError) throw cause;
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('LIBRARY_DOWNLOAD_FAILED', `${subject} could not be added. ${reason}`, { cause });
  } finally {
    progress.clear();
  }
}
