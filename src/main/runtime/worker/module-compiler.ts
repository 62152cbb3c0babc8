/**
 * Compiles ES modules as soon as somebody imports them, with everything they import, so that a failure is seen: the engine
 * would keep modules that point to the one it threw away. What was part of a failed compilation, or was given to the
 * engine in a run that failed, is forgotten, so that the next import reads it anew under another name.
 */
import { randomUUID } from 'node:crypto';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { moduleText } from './file-text.ts';
import { type LoadedFile, reservedPrefix } from './loaded-files.ts';
import { GuestThrown, messageOf } from './module-errors.ts';
import type { SourcePositions } from './source-positions.ts';
import { valuesModule } from './value-modules.ts';

const evalModule = 1 << 0; // of QuickJS's JS_Eval

/** The module by which others are compiled, and an export that nobody can know and that is not there. */
export const compilerName = `${reservedPrefix}compile`;
const missingExport = `missing_${randomUUID().replaceAll('-', '')}`;

/** A compilation in progress: the modules that the engine was given for it, and whether it was refused one. */
interface Compilation {
  readonly given: LoadedFile[];
  hasFailed: boolean;
}

export interface ModuleCompilerParts {
  readonly context: QuickJSContext;
  readonly positions: SourcePositions;
  readonly forget: (file: LoadedFile) => void;
}

export class ModuleCompiler {
  readonly #parts: ModuleCompilerParts;
  readonly #compiled = new WeakSet<LoadedFile>();
  /** What the engine was given in this run. */
  #given: LoadedFile[] = [];
  #compilation: Compilation | undefined;

  constructor(parts: ModuleCompilerParts) {
    this.#parts = parts;
  }

  /** What a run that failed has loaded may be half done, or wait for what never comes. */
  endRun(hasSucceeded: boolean): void {
    if (!hasSucceeded) for (const file of this.#given) this.#parts.forget(file);
    this.#given = [];
  }

  /**
   * Evaluates main code. Until that has ended, only the module itself imports, and it may stand in a circle with what it
   * imports: the engine compiles all of it as one. A failure is the run's.
   */
  duringMain<Result>(evaluate: () => Result): Result {
    return this.#during({ given: [], hasFailed: false }, evaluate);
  }

  /** Compiles a file that is imported, unless it is part of what is being compiled. */
  compileFile(file: LoadedFile): void {
    if (this.#compilation === undefined && !this.#compiled.has(file)) this.compile(file.name);
  }

  /**
   * Compiles a module with everything it imports, and evaluates nothing: by a module that imports it, and that cannot be
   * linked because it also wants what is not there. Another error than that one is the module's; `explain` may put it
   * better where the engine made it.
   */
  compile(name: string, explain = (error: QuickJSHandle) => error): void {
    const compilation: Compilation = { given: [], hasFailed: false };
    const error = this.#during(compilation, () => this.#errorOfCompiling(name));
    if (!compilation.hasFailed && messageOf(this.#parts.context, error).includes(missingExport)) {
      error.dispose();
      return;
    }
    for (const one of compilation.given) this.#parts.forget(one);
    throw new GuestThrown(compilation.hasFailed ? error : explain(error));
  }

  /** The text of an ES module, which the engine will compile next. */
  give(file: LoadedFile): string {
    const { name, path, source } = file;
    const { text, addedColumns } = moduleText(path, source);
    this.#parts.positions.note(name, { path, source, addedColumns });
    this.#given.push(file);
    this.#compilation?.given.push(file);
    this.#compiled.add(file);
    return text;
  }

  /** Notes that the engine was refused a module. */
  noteRefusal(): void {
    if (this.#compilation !== undefined) this.#compilation.hasFailed = true;
  }

  #during<Result>(compilation: Compilation, work: () => Result): Result {
    this.#compilation = compilation;
    try {
      return work();
    } finally {
      this.#compilation = undefined;
    }
  }

  #errorOfCompiling(name: string): QuickJSHandle {
    const stub = `import { ${missingExport} } from "${valuesModule}"; import ${JSON.stringify(name)};`;
    const { error } = this.#parts.context.evalCode(stub, compilerName, evalModule);
    if (error === undefined) throw new Error('The engine has linked what cannot be linked');
    return error;
  }
}
