/**
 * Gives the engine the modules of `import`, and the guest's `require` its files. Where a specifier leads is the host's to
 * say; this owns what a session has loaded, and how each thing becomes a module of the engine.
 *
 * Files that are ES modules are compiled from here as soon as somebody imports them, with everything they import, so that
 * a failure is seen: the engine would keep modules that point to the one it threw away. What was part of a failed load,
 * or read in a run that failed, gets another name the next time. Whatever else can be imported is a value that exists
 * before its module does; for that the engine gets a module that exports it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { dirname, normalize } from 'node:path/posix';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';
import type { RunOrder } from '../protocol.ts';
import {
  commonJsText,
  type FileKind,
  kindOfImported,
  kindOfRequired,
  moduleText,
  SourceProblem,
  scriptText,
} from './file-text.ts';
import type { Guest } from './guest.ts';
import type { CallRequest, SettledCall } from './host-calls.ts';
import { guestName, type LoadedFile, LoadedFiles, reservedPrefix } from './loaded-files.ts';
import { SourcePositions } from './source-positions.ts';

/** Flags of QuickJS's JS_Eval. */
const evalGlobal = 0;
const evalModule = 1 << 0;
const evalStrict = 1 << 3;

/** More files in one run than any program has; nested one in another, they still fit on the engine's stack. */
const maxFilesPerRun = 2000;
/** Answers of the resolver that are kept within one run. */
const maxResolutions = 10_000;

/** The prelude's module from which those that stand for a value take it. */
const valuesModule = `${reservedPrefix}imported-values.js`;
const valuePrefix = `${reservedPrefix}import/`;
const failurePrefix = `${reservedPrefix}failed/`;
/** The module by which others are compiled, and an export that nobody can know and that is not there. */
const compilerName = `${reservedPrefix}compile`;
const missingExport = `missing_${randomUUID().replaceAll('-', '')}`;

type Target =
  | { readonly kind: 'native'; readonly name: string }
  | { readonly kind: 'library'; readonly id: string; readonly global: string }
  | { readonly kind: 'file'; readonly path: string };

interface ImportRequest {
  readonly specifier: string;
  readonly importer: string;
  readonly verb: 'import' | 'require';
}

export type MainFile =
  | { readonly kind: 'ready'; readonly fileName: string; readonly source: string }
  | { readonly kind: 'refused'; readonly message: string; readonly line: number; readonly column: number };

/** A file that `require` or an import of CommonJS is to load. */
interface FileTarget {
  readonly kind: 'file';
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly isJson: boolean;
}

/** What can be exported by a module that stands for a value. */
type ValueSource = Exclude<Target, { kind: 'file' }> | FileTarget;

/** A compilation in progress: the modules that the engine was given for it, and whether it was refused one. */
interface Compilation {
  readonly given: LoadedFile[];
  hasFailed: boolean;
}

export interface ModuleLoaderParts {
  readonly context: QuickJSContext;
  readonly guest: Guest;
  /** Asks the host and waits; undefined where the run is over before there is an answer. */
  readonly askHost: (request: CallRequest) => SettledCall | undefined;
}

/** An error of the guest on its way through code of ours. */
class GuestThrown extends Error {
  readonly handle: QuickJSHandle;

  constructor(handle: QuickJSHandle) {
    super('The guest threw');
    this.handle = handle;
  }
}

/** What the host refused, as the guest gets it thrown. */
export class Refusal extends Error {
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.fields = fields;
  }
}

export class ModuleLoader {
  readonly positions = new SourcePositions((path) => this.#read(path).source);
  readonly #parts: ModuleLoaderParts;
  readonly #files = new LoadedFiles();
  /** What stands behind the modules that export a value, by their names. */
  readonly #values = new Map<string, ValueSource>();
  readonly #compiled = new WeakSet<LoadedFile>();
  readonly #failures = new Map<string, unknown>();
  readonly #resolutions = new Map<string, Target>();
  /** ES modules that were given to the engine in this run, and since the compilation in progress began. */
  #given: LoadedFile[] = [];
  #compilation: Compilation | undefined;
  #isEsm = false;
  #isStrict = false;
  #isFresh = true;
  #runNumber = 0;
  #filesRead = 0;

  constructor(parts: ModuleLoaderParts) {
    this.#parts = parts;
    parts.context.runtime.setModuleLoader(
      (name) => this.#load(name),
      (importer, specifier) => this.#normalize(importer, specifier),
    );
  }

  open({ esm }: { readonly esm: boolean }): void {
    this.#isEsm = esm;
  }

  beginRun({ strict }: Pick<RunOrder, 'strict'>): void {
    this.#isStrict = strict;
    this.#isFresh = this.#files.all.length === 0;
    this.#runNumber += 1;
    this.#filesRead = 0;
  }

  /** What a run that failed has loaded may be half done, or wait for what never comes. */
  endRun(hasSucceeded: boolean): void {
    if (!hasSucceeded) for (const file of this.#given) this.#files.forget(file);
    this.#given = [];
    this.#resolutions.clear();
    this.#failures.clear();
  }

  /** The main code of a run that is a file: what to evaluate, under which name. A module is a fresh one each time. */
  prepareMain({ fileName, source, mode }: Pick<RunRequest, 'fileName' | 'source' | 'mode'>): MainFile {
    try {
      const path = normalize(fileName);
      return mode === 'module' ? this.#prepareMainModule(path, source) : this.#prepareMainScript(path, source);
    } catch (error) {
      if (!(error instanceof SourceProblem)) throw error;
      return { kind: 'refused', message: error.message, line: error.line, column: error.column };
    }
  }

  /**
   * Evaluates main code. Until that has ended, only the module itself imports, and it may stand in a circle with what it
   * imports: the engine compiles all of it as one. A failure is the run's.
   */
  duringMain<Result>(evaluate: () => Result): Result {
    this.#compilation = { given: [], hasFailed: false };
    try {
      return evaluate();
    } finally {
      this.#compilation = undefined;
    }
  }

  #prepareMainScript(path: string, source: string): MainFile {
    const fileName = guestName(path);
    this.positions.note(fileName, { path, source, addedColumns: 0 });
    return { kind: 'ready', fileName, source: scriptText(path, source) };
  }

  #prepareMainModule(path: string, source: string): MainFile {
    const hash = createHash('sha256').update(source).digest('hex');
    const file = this.#files.add({ path, source, hash, runNumber: this.#runNumber });
    return { kind: 'ready', fileName: file.name, source: this.#giveModule(file) };
  }

  /** What `require` is to get. */
  find(specifier: string, importer: string): ValueSource {
    const request: ImportRequest = { specifier, importer, verb: 'require' };
    const target = this.#resolve(request);
    if (target.kind !== 'file') return target;
    const { path } = target;
    const kind = kindOfRequired(path);
    if (kind === 'module') refuse(request, `"${path}" is an ES module; load it with: await import("${specifier}")`);
    return targetOf(this.#file(path, request), kind);
  }

  /** The text of a file that was found. */
  textOf(name: string): string {
    return this.#named(name).source;
  }

  /** A CommonJS file that was found, as a function; or the error with which that failed. */
  compileCommonJs(name: string): QuickJSHandle {
    try {
      const { path, source } = this.#named(name);
      const { text, addedColumns } = commonJsText(path, source);
      this.positions.note(name, { path, source, addedColumns });
      const result = this.#parts.context.evalCode(text, name, this.#isStrict ? evalStrict : evalGlobal);
      return result.error ?? result.value;
    } catch (error) {
      return this.#toGuestError(error, name);
    }
  }

  #named(name: string): LoadedFile {
    const file = this.#files.named(name);
    if (file === undefined) throw new Refusal(`The file ${name} has changed while it was loaded; load it again`);
    return file;
  }

  /** Runs inside the engine: what it throws would be lost there, so it is kept for the loader under a name of its own. */
  #normalize(importer: string, specifier: string): string {
    try {
      if (this.#values.has(importer) && specifier === valuesModule) return valuesModule;
      if (importer === compilerName) return specifier;
      return this.#nameFor({ specifier, importer, verb: 'import' });
    } catch (error) {
      const name = `${failurePrefix}${this.#failures.size}`;
      this.#failures.set(name, error);
      return name;
    }
  }

  #nameFor(request: ImportRequest): string {
    const target = this.#resolve(request);
    if (target.kind !== 'file') return this.#valueName(target);
    const file = this.#file(target.path, request);
    const kind = kindOfImported(file.path, file.source, this.#isEsm);
    if (kind !== 'module') return this.#valueName(targetOf(file, kind));
    if (this.#compilation === undefined && !this.#compiled.has(file)) this.#compile(file);
    return file.name;
  }

  #valueName(source: ValueSource): string {
    const name = `${valuePrefix}${source.kind}/${source.kind === 'library' ? source.id : source.name}`;
    this.#values.set(name, source);
    return name;
  }

  /**
   * Compiles a file with everything it imports, and evaluates nothing: by a module that imports it, and that cannot be
   * linked because it also wants what is not there. Another error than that one is the file's.
   */
  #compile(file: LoadedFile): void {
    const compilation: Compilation = { given: [], hasFailed: false };
    const error = this.#errorOfCompiling(file.name, compilation);
    const isMissing = !compilation.hasFailed && this.#messageOf(error).includes(missingExport);
    if (!isMissing) {
      for (const one of compilation.given) this.#files.forget(one);
      throw new GuestThrown(error);
    }
    error.dispose();
  }

  #errorOfCompiling(name: string, compilation: Compilation): QuickJSHandle {
    const stub = `import { ${missingExport} } from "${valuesModule}"; import ${JSON.stringify(name)};`;
    this.#compilation = compilation;
    try {
      const { error } = this.#parts.context.evalCode(stub, compilerName, evalModule);
      if (error === undefined) throw new Error('The engine has linked what cannot be linked');
      return error;
    } finally {
      this.#compilation = undefined;
    }
  }

  /** Of an error that the engine made, which has no getters. */
  #messageOf(error: QuickJSHandle): string {
    const { context } = this.#parts;
    return context.getProp(error, 'message').consume((message) => context.getString(message));
  }

  #load(name: string): string | { error: Error | QuickJSHandle } {
    try {
      if (this.#failures.has(name)) throw this.#takeFailure(name);
      const value = this.#values.get(name);
      return value === undefined ? this.#giveModule(this.#named(name)) : this.#valueModule(name, value);
    } catch (error) {
      if (this.#compilation !== undefined) this.#compilation.hasFailed = true;
      return { error: this.#toGuestError(error, name) };
    }
  }

  #takeFailure(name: string): unknown {
    const failure = this.#failures.get(name);
    this.#failures.delete(name);
    return failure;
  }

  /** The text of an ES module, which the engine will compile next. */
  #giveModule(file: LoadedFile): string {
    const { name, path, source } = file;
    const { text, addedColumns } = moduleText(path, source);
    this.positions.note(name, { path, source, addedColumns });
    this.#given.push(file);
    this.#compilation?.given.push(file);
    this.#compiled.add(file);
    return text;
  }

  /** A module that exports a value: as its default, and its properties by name. */
  #valueModule(name: string, source: ValueSource): string {
    const told = this.#parts.guest.call('importValue', JSON.stringify({ name, source }));
    if (told.kind === 'threw') throw new GuestThrown(told.error);
    const names: string[] = JSON.parse(told.text);
    const lines = names.map(
      (own, index) => `const $${index} = value[${JSON.stringify(own)}]; export { $${index} as ${own} };`,
    );
    const take = `import { importedValue } from ${JSON.stringify(valuesModule)}; const value = importedValue(${JSON.stringify(name)});`;
    return `${take} export default value; ${lines.join(' ')}`;
  }

  #resolve(request: ImportRequest): Target {
    this.#refresh();
    const importer = this.#files.named(request.importer)?.path ?? normalize(request.importer);
    const key = JSON.stringify([request.verb, dirname(importer), request.specifier]);
    const known = this.#resolutions.get(key);
    if (known !== undefined) return known;
    const target = this.#ask<Target>('resolve', { ...request, specifier: clipped(request.specifier), importer });
    if (this.#resolutions.size >= maxResolutions) this.#resolutions.clear();
    this.#resolutions.set(key, target);
    return target;
  }

  #file(path: string, request: ImportRequest): LoadedFile {
    this.#files.noteImport(path, this.#files.named(request.importer)?.path ?? normalize(request.importer));
    const present = this.#files.get(path);
    if (present !== undefined) return present;
    this.#filesRead += 1;
    if (this.#filesRead > maxFilesPerRun) refuse(request, `more than ${maxFilesPerRun} files were loaded in one run`);
    return this.#files.add({ path, ...this.#read(path), runNumber: this.#runNumber });
  }

  #read(path: string): { source: string; hash: string } {
    return this.#ask('read', { path });
  }

  /** Once in a run: what has changed since the last one is loaded again when it is wanted. */
  #refresh(): void {
    if (this.#isFresh) return;
    this.#isFresh = true;
    const files = this.#files.all.map(({ path, hash }) => ({ path, hash }));
    this.#files.forgetChanged(this.#ask<string[]>('changed', { files }), this.#runNumber);
  }

  #ask<Answer>(operation: string, argument: unknown): Answer {
    const answer = this.#parts.askHost({ service: 'imports', operation, json: JSON.stringify(argument) });
    if (answer === undefined) throw new Refusal('The run ended before the host had answered');
    if (answer.kind === 'refusal') throw new Refusal(answer.error.message, answer.error.fields);
    return JSON.parse(answer.json);
  }

  /** For `name`, which could not be loaded. */
  #toGuestError(error: unknown, name: string): QuickJSHandle {
    if (error instanceof GuestThrown) return error.handle;
    const { context } = this.#parts;
    if (error instanceof SourceProblem) {
      return this.#withText(
        context.newError(error),
        'stack',
        `    at ${name}:${error.line}:${error.column}
`,
      );
    }
    const handle = context.newError(error instanceof Error ? error.message : String(error));
    const { code } = error instanceof Refusal ? error.fields : {};
    return typeof code === 'string' ? this.#withText(handle, 'code', code) : handle;
  }

  #withText(handle: QuickJSHandle, property: string, text: string): QuickJSHandle {
    const { context } = this.#parts;
    context.newString(text).consume((value) => context.setProp(handle, property, value));
    return handle;
  }
}

function targetOf({ path, name }: LoadedFile, kind: FileKind): FileTarget {
  return { kind: 'file', path, folder: dirname(path), name, isJson: kind === 'json' };
}

/** The host refuses what is too long; it need not get all of it for that. */
const maxAsked = 4096;
const clipped = (text: string) => text.slice(0, maxAsked);

function refuse({ specifier, importer, verb }: ImportRequest, reason: string): never {
  throw new Refusal(`Cannot ${verb} "${specifier}" from "${importer}": ${reason}`, { code: 'MODULE_NOT_FOUND' });
}
