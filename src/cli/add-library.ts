/** Tells how one package becomes a library: what its version stands for, how far it is, and under which global it is there. */
import { resolve } from 'node:path';
import type { InstalledLibrary } from '#shared/contract/catalog';
import type { OperationProgress } from '#shared/contract/operation';
import type { Cli } from './cli.ts';
import { CliError } from './cli-error.ts';
import { outcomeLine, readerLine } from './format/library-lines.ts';
import { LibraryProgress } from './library-progress.ts';
import type { PackageArgument } from './options/read-package.ts';

interface LibraryRequest extends PackageArgument {
  readonly global?: string;
}

interface AddContext {
  readonly place: {
    readonly folder: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly workingFolder: string;
  };
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
}

export interface LibraryAddition {
  readonly request: LibraryRequest;
  /** As the user wrote it. */
  readonly cacheDir: string;
  readonly defaultCacheDir: string;
  readonly signal: AbortSignal;
  readonly add: (request: LibraryRequest, context: AddContext) => Promise<InstalledLibrary>;
}

export async function addLibrary(cli: Cli, addition: LibraryAddition): Promise<void> {
  const { env, workingFolder } = cli.process;
  const folder = resolve(workingFolder, addition.cacheDir);
  const library = await bring(cli, addition, { folder, env, workingFolder });
  const { id, range } = addition.request;
  const { name, version, global } = library;
  cli.output.show({ folder, library }, [
    ...(range === version ? [] : [`Resolved: ${id}@${range} is ${version}`]),
    outcomeLine(library),
    `Added library: ${name} (global: ${global})`,
    readerLine(folder, resolve(workingFolder, addition.defaultCacheDir)),
  ]);
}

async function bring(
  cli: Cli,
  { request, cacheDir, signal, add }: LibraryAddition,
  place: AddContext['place'],
): Promise<InstalledLibrary> {
  const subject = `${request.id}@${request.range}`;
  const progress = new LibraryProgress(cli);
  if (!cli.output.json) cli.output.showPart(undefined, [`Adding a library to: ${cacheDir}`]);
  try {
    return await add(request, { place, signal, report: (step) => progress.tell(subject, step) });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('LIBRARY_DOWNLOAD_FAILED', `${subject} could not be added. ${reason}`, { cause });
  } finally {
    progress.clear();
  }
}
