/**
 * The declarations of the code that runs: makes room for the names of a cell before it, and gives back after a cell or a
 * script what it has not reached. Between two runs every name is bound and usable, however a run ended. A name that is
 * given back is a new binding with the value it had: closures made before keep the one they know.
 */
import type { QuickJSHandle } from 'quickjs-emscripten-core';
import type { Engine } from './engine.ts';
import type { CallResult, Guest } from './guest.ts';
import type { CellPlan } from './repl-language.ts';

/** Flags of QuickJS's JS_Eval for a global script. */
const evalGlobal = 0;
const evalStrict = 1 << 3;

/** In the engine's stack traces, as that of the prelude. */
const ownFile = 'vm:cell';

export class CellDeclarations {
  readonly #engine: Engine;
  readonly #guest: Guest;
  #open: 'cell' | 'script' | undefined;

  constructor(engine: Engine, guest: Guest) {
    this.#engine = engine;
    this.#guest = guest;
  }

  /** Makes room for the names of a cell, and its functions. Returns what went wrong, if anything did. */
  begin(plan: CellPlan, fileName: string): QuickJSHandle | undefined {
    const { lexicals, functions, vars, indent } = plan;
    if (lexicals.length + functions.length + vars.length + plan.functionScripts.length + indent === 0) return undefined;
    this.#open = 'cell';
    const { line, column } = plan.imports ?? { line: 1, column: 1 };
    const begun = this.#call('beginCell', {
      fileName,
      indent: { columns: indent, line, column },
      lexicals,
      functions,
      vars,
    });
    return begun.kind === 'threw' ? begun.error : this.#makeFunctions(plan, fileName, JSON.parse(begun.text));
  }

  /** For a script that is run by the language's own rules, under which no name makes room. */
  beginScript(): void {
    this.#open = 'script';
  }

  /** Gives back what the code has not bound. Called once nothing of it can run any more. */
  end(): void {
    const ended = this.#open;
    this.#open = undefined;
    if (ended === 'cell') this.#engine.uninterrupted(() => this.#endCell());
    if (ended === 'script') this.#engine.uninterrupted(() => this.#guest.ask('endScript'));
  }

  #endCell(): void {
    const script = this.#guest.ask('endCell');
    if (script === undefined || script === '') return;
    this.#evaluate(script, ownFile, evalGlobal)?.dispose();
    this.#guest.ask('restoreCell');
  }

  #makeFunctions(plan: CellPlan, fileName: string, names: readonly string[]): QuickJSHandle | undefined {
    if (plan.functionScripts.length === 0) return undefined;
    const declarations = names.length === 0 ? '' : `let ${names.join()}`;
    const problem = this.#evaluate(declarations, ownFile, evalGlobal);
    if (problem !== undefined) return problem;
    const flags = plan.isStrict ? evalStrict : evalGlobal;
    for (const script of plan.functionScripts) {
      const error = this.#evaluate(script, fileName, flags);
      if (error !== undefined) return error;
    }
    const named = this.#call('nameFunctions', plan.functionTexts);
    return named.kind === 'threw' ? named.error : undefined;
  }

  #call(name: 'beginCell' | 'nameFunctions', argument: object): CallResult {
    return this.#guest.call(name, JSON.stringify(argument));
  }

  #evaluate(script: string, fileName: string, flags: number): QuickJSHandle | undefined {
    const result = this.#engine.context.evalCode(script, fileName, flags);
    if (result.error) return result.error;
    result.value.dispose();
    return undefined;
  }
}
