/**
 * Gives the engine the modules of `import`, and the guest's `require` its files. What a session imports is found and read
 * by `module-files.ts`; ES modules among it are compiled by `module-compiler.ts`, and what is none becomes one by
 * `value-modules.ts`. This decides which of them it is, and answers the engine.
 */
import { normalize } from 'node:path/posix';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';
import type { RunOrder } from '../protocol.ts';
import { cellImportsSpecifier } from './cell-imports.ts';
import { CellModule } from './cell-module.ts';
import { commonJsText, kindOfImported, kindOfRequired, SourceProblem, scriptText } from './file-text.ts';
import type { Guest } from './guest.ts';
import { guestName, reservedPrefix } from './loaded-files.ts';
import { compilerName, ModuleCompiler } from './module-compiler.ts';
import { type ImportRequest, refuse, toGuestError } from './module-errors.ts';
import { type AskHost, ModuleFiles } from './module-files.ts';
import { SourcePositions } from './source-positions.ts';
import { sourceOf, ValueModules, type ValueSource, valuesModule } from './value-modules.ts';

/** Flags of QuickJS's JS_Eval. */
const evalGlobal = 0;
const evalStrict = 1 << 3;

const failurePrefix = `${reservedPrefix}failed/`;

export type MainFile =
  | { readonly kind: 'ready'; readonly fileName: string; readonly source: string }
  | { readonly kind: 'refused'; readonly message: string; readonly line: number; readonly column: number };

export interface ModuleLoaderParts {
  readonly context: QuickJSContext;
  readonly guest: Guest;
  readonly askHost: AskHost;
}

export class ModuleLoader {
  readonly positions = new SourcePositions((path) => this.#files.read(path).source);
  readonly #context: QuickJSContext;
  readonly #files: ModuleFiles;
  readonly #compiler: ModuleCompiler;
  readonly #values: ValueModules;
  readonly #failures = new Map<string, unknown>();
  /** Of the cell that runs. */
  #cell: CellModule | undefined;
  #cells = 0;
  #isEsm = false;
  #isStrict = false;

  constructor({ context, guest, askHost }: ModuleLoaderParts) {
    this.#context = context;
    this.#files = new ModuleFiles(askHost);
    const forget = this.#files.forget.bind(this.#files);
    this.#compiler = new ModuleCompiler({ context, positions: this.positions, forget });
    this.#values = new ValueModules(guest);
    context.runtime.setModuleLoader(
      (name) => this.#load(name),
      (importer, specifier) => this.#normalize(importer, specifier),
    );
  }

  open({ esm }: { readonly esm: boolean }): void {
    this.#isEsm = esm;
  }

  beginRun({ strict }: Pick<RunOrder, 'strict'>): void {
    this.#isStrict = strict;
    this.#files.beginRun();
  }

  endRun(hasSucceeded: boolean): void {
    this.#compiler.endRun(hasSucceeded);
    this.#files.endRun();
    this.#failures.clear();
    this.#cell = undefined;
  }

  /** Makes a module ready for the cell of that name, which will ask for it. */
  expectCell(name: string, source: string): void {
    this.#cells += 1;
    this.#cell = new CellModule({ importer: name, source, number: this.#cells });
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

  /** Evaluates main code, whose own imports are part of it. */
  duringMain<Result>(evaluate: () => Result): Result {
    return this.#compiler.duringMain(evaluate);
  }

  #prepareMainScript(path: string, source: string): MainFile {
    const fileName = guestName(path);
    this.positions.note(fileName, { path, source, addedColumns: 0 });
    return { kind: 'ready', fileName, source: scriptText(path, source) };
  }

  #prepareMainModule(path: string, source: string): MainFile {
    const file = this.#files.add(path, source);
    return { kind: 'ready', fileName: file.name, source: this.#compiler.give(file) };
  }

  /** What `require` is to get. */
  find(specifier: string, importer: string): ValueSource {
    const request: ImportRequest = { specifier, importer, verb: 'require' };
    const target = this.#files.resolve(request);
    if (target.kind !== 'file') return target;
    const { path } = target;
    const kind = kindOfRequired(path);
    if (kind === 'module') refuse(request, `"${path}" is an ES module; load it with: await import("${specifier}")`);
    return sourceOf(this.#files.load(path, request), kind);
  }

  /** The text of a file that was found. */
  textOf(name: string): string {
    return this.#files.named(name).source;
  }

  /** A CommonJS file that was found, as a function; or the error with which that failed. */
  compileCommonJs(name: string): QuickJSHandle {
    try {
      const { path, source } = this.#files.named(name);
      const { text, addedColumns } = commonJsText(path, source);
      this.positions.note(name, { path, source, addedColumns });
      const result = this.#context.evalCode(text, name, this.#isStrict ? evalStrict : evalGlobal);
      return result.error ?? result.value;
    } catch (error) {
      return toGuestError(this.#context, error, name);
    }
  }

  /** Runs inside the engine: what it throws would be lost there, so it is kept for the loader under a name of its own. */
  #normalize(importer: string, specifier: string): string {
    try {
      if (this.#values.has(importer) && specifier === valuesModule) return valuesModule;
      if (importer === compilerName) return specifier;
      const cell = this.#cell;
      if (cell !== undefined && specifier === cellImportsSpecifier) return this.#compileCell(cell);
      if (importer !== cell?.name) return this.#nameFor({ specifier, importer, verb: 'import' });
      const name = this.#nameFor({ specifier, importer: cell.importer, verb: 'import' });
      cell.noteImport(specifier, name);
      return name;
    } catch (error) {
      const name = `${failurePrefix}${this.#failures.size}`;
      this.#failures.set(name, error);
      return name;
    }
  }

  #compileCell(cell: CellModule): string {
    this.#compiler.compile(cell.name, (error) => cell.explain(this.#context, error));
    return cell.name;
  }

  #nameFor(request: ImportRequest): string {
    const target = this.#files.resolve(request);
    if (target.kind !== 'file') return this.#values.nameOf(target);
    const file = this.#files.load(target.path, request);
    const kind = kindOfImported(file.path, file.source, this.#isEsm);
    if (kind !== 'module') return this.#values.nameOf(sourceOf(file, kind));
    this.#compiler.compileFile(file);
    return file.name;
  }

  #load(name: string): string | { error: Error | QuickJSHandle } {
    try {
      if (this.#failures.has(name)) throw this.#takeFailure(name);
      if (name === this.#cell?.name) return this.#cell.source;
      return this.#values.textOf(name) ?? this.#compiler.give(this.#files.named(name));
    } catch (error) {
      this.#compiler.noteRefusal();
      return { error: toGuestError(this.#context, error, name) };
    }
  }

  #takeFailure(name: string): unknown {
    const failure = this.#failures.get(name);
    this.#failures.delete(name);
    return failure;
  }
}
