/**
 * Where specifiers lead and what is in the files they lead to: both are the host's to say, and it is asked once where that
 * is enough. A file is what it was when it was read; from the first question of the next run on, it is what it is then.
 */
import { createHash } from 'node:crypto';
import { dirname, normalize } from 'node:path/posix';
import type { CallRequest, SettledCall } from './host-calls.ts';
import { type LoadedFile, LoadedFiles } from './loaded-files.ts';
import { type ImportRequest, Refusal, refuse } from './module-errors.ts';

export type Target =
  | { readonly kind: 'native'; readonly name: string }
  | { readonly kind: 'library'; readonly id: string; readonly global: string }
  | { readonly kind: 'file'; readonly path: string };

/** Asks the host and waits; undefined where the run is over before there is an answer. */
export type AskHost = (request: CallRequest) => SettledCall | undefined;

/** More files in one run than any program has; nested one in another, they still fit on the engine's stack. */
const maxFilesPerRun = 2000;
/** In one question, which has to fit into one call however long the paths are. */
const maxCompared = 50;
/** Answers of the resolver that are kept within one run. */
const maxResolutions = 10_000;
/** The host refuses what is too long; it need not get all of it for that. */
const maxAsked = 4096;

export class ModuleFiles {
  readonly #askHost: AskHost;
  readonly #files = new LoadedFiles();
  readonly #resolutions = new Map<string, Target>();
  #isFresh = true;
  #runNumber = 0;
  #filesRead = 0;

  constructor(askHost: AskHost) {
    this.#askHost = askHost;
  }

  beginRun(): void {
    this.#isFresh = this.#files.all.length === 0;
    this.#runNumber += 1;
    this.#filesRead = 0;
  }

  endRun(): void {
    this.#resolutions.clear();
  }

  resolve(request: ImportRequest): Target {
    this.#refresh();
    const importer = this.#pathOf(request.importer);
    const key = JSON.stringify([request.verb, dirname(importer), request.specifier]);
    const known = this.#resolutions.get(key);
    if (known !== undefined) return known;
    const specifier = request.specifier.slice(0, maxAsked);
    const target = this.#ask<Target>('resolve', { ...request, specifier, importer });
    if (this.#resolutions.size >= maxResolutions) this.#resolutions.clear();
    this.#resolutions.set(key, target);
    return target;
  }

  /** The file to which a request has led. */
  load(path: string, request: ImportRequest): LoadedFile {
    this.#files.noteImport(path, this.#pathOf(request.importer));
    const present = this.#files.get(path);
    if (present !== undefined) return present;
    this.#filesRead += 1;
    if (this.#filesRead > maxFilesPerRun) refuse(request, `more than ${maxFilesPerRun} files were loaded in one run`);
    return this.#files.add({ path, ...this.read(path), runNumber: this.#runNumber });
  }

  /** A file whose source is known already, in the place of what was loaded of it before. */
  add(path: string, source: string): LoadedFile {
    const hash = createHash('sha256').update(source).digest('hex');
    return this.#files.add({ path, source, hash, runNumber: this.#runNumber });
  }

  named(name: string): LoadedFile {
    const file = this.#files.named(name);
    if (file === undefined) throw new Refusal(`The file ${name} has changed while it was loaded; load it again`);
    return file;
  }

  forget(file: LoadedFile): void {
    this.#files.forget(file);
  }

  read(path: string): { readonly source: string; readonly hash: string } {
    return this.#ask('read', { path });
  }

  #pathOf(importer: string): string {
    return this.#files.named(importer)?.path ?? normalize(importer);
  }

  /** Once in a run: what has changed since the last one is loaded again when it is wanted. */
  #refresh(): void {
    if (this.#isFresh) return;
    this.#isFresh = true;
    const files = this.#files.all.map(({ path, hash }) => ({ path, hash }));
    const changed: string[] = [];
    for (let from = 0; from < files.length; from += maxCompared) {
      changed.push(...this.#ask<string[]>('changed', { files: files.slice(from, from + maxCompared) }));
    }
    this.#files.forgetChanged(changed, this.#runNumber);
  }

  #ask<Answer>(operation: string, argument: unknown): Answer {
    const answer = this.#askHost({ service: 'imports', operation, json: JSON.stringify(argument) });
    if (answer === undefined) throw new Refusal('The run ended before the host had answered');
    if (answer.kind === 'refusal') throw new Refusal(answer.error.message, answer.error.fields);
    return JSON.parse(answer.json);
  }
}
