/**
 * Where libraries are brought: into a folder of this machine, or into the cache of a running host, wherever that is. What
 * a command tells of it is the same for both.
 */
import type { InstalledLibrary, LibraryOutcome } from '#shared/contract/catalog';
import type { OperationProgress } from '#shared/contract/operation';
import type { PackageArgument } from './options/read-package.ts';

export interface LibraryRequest extends PackageArgument {
  readonly global?: string;
}

export interface LibraryWork {
  readonly signal: AbortSignal;
  /** How far one library is, by its name or request. */
  readonly report: (subject: string, progress: OperationProgress) => void;
}

export interface LibraryDestination {
  /** As it is announced. */
  readonly label: string;
  /** Where it is, in full. */
  readonly place: string;
  /** The same for scripts. */
  readonly facts: Readonly<Record<string, string>>;
  /** Which hosts find there what was brought. */
  readonly readers: readonly string[];
  /** Rejects with an error whose message is the reason. */
  add(request: LibraryRequest, work: LibraryWork): Promise<InstalledLibrary>;
  /** The whole catalog. */
  download(work: LibraryWork): AsyncIterable<LibraryOutcome>;
}
