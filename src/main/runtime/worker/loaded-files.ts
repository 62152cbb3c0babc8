/**
 * The files of the worktree that a session has loaded by `require` or `import`, each with what it was when it was read.
 * The engine keeps a module for ever under its name, also one that failed; so each reading of a file gets a name of its
 * own, and whoever asks for a file gets the present one. When a file has changed, it is forgotten with everything that
 * imported it, directly or not: the next import reads them again, and old code keeps what it has.
 */

export interface LoadedFile {
  /** In the worktree, without `.` and `..`. */
  readonly path: string;
  /** What the engine and stack traces know it by. */
  readonly name: string;
  readonly source: string;
  readonly hash: string;
  /** The run in which it was read. */
  readonly runNumber: number;
}

/** Separates a path from the number of its reading, from the second one on. */
const readingMark = '?v=';
const readingPattern = /\?v=\d+(?=$|:\d+:\d+\)?$)/;

/** Names that begin like this are the prelude's and the loader's. */
export const reservedPrefix = 'vm:';

export class LoadedFiles {
  readonly #present = new Map<string, LoadedFile>();
  readonly #byName = new Map<string, LoadedFile>();
  readonly #importers = new Map<string, Set<string>>();
  readonly #readings = new Map<string, number>();

  get(path: string): LoadedFile | undefined {
    return this.#present.get(path);
  }

  /** The file of a name, as long as it is the present one of its path. */
  named(name: string): LoadedFile | undefined {
    return this.#byName.get(name);
  }

  get all(): readonly LoadedFile[] {
    return [...this.#present.values()];
  }

  /** Adds what was read, in the place of what was read of it before. */
  add(read: Omit<LoadedFile, 'name'>): LoadedFile {
    this.#drop(read.path);
    const reading = (this.#readings.get(read.path) ?? 0) + 1;
    this.#readings.set(read.path, reading);
    const file = { ...read, name: nameOf(read.path, reading) };
    this.#present.set(file.path, file);
    this.#byName.set(file.name, file);
    return file;
  }

  noteImport(path: string, importer: string): void {
    const importers = this.#importers.get(path) ?? new Set();
    this.#importers.set(path, importers.add(importer));
  }

  /** Forgets files and whatever imported them, but what was read in a run. */
  forgetChanged(paths: readonly string[], exceptRun: number): void {
    const waiting = [...paths];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const file = this.#present.get(path);
      if (file === undefined || file.runNumber === exceptRun) continue;
      this.#drop(path);
      waiting.push(...(this.#importers.get(path) ?? []));
    }
  }

  /** Forgets one reading of a file, unless there is a newer one. */
  forget(file: LoadedFile): void {
    if (this.#present.get(file.path) === file) this.#drop(file.path);
  }

  #drop(path: string): void {
    const file = this.#present.get(path);
    if (file === undefined) return;
    this.#present.delete(path);
    this.#byName.delete(file.name);
  }
}

/** A name in a stack trace, without the number of its reading. */
export function withoutReading(name: string): string {
  return name.replace(readingPattern, '');
}

/** A path as a name that is neither the prelude's nor the loader's. */
export function guestName(path: string): string {
  return path.startsWith(reservedPrefix) ? `./${path}` : path;
}

function nameOf(path: string, reading: number): string {
  return reading === 1 ? guestName(path) : `${guestName(path)}${readingMark}${reading}`;
}
