/**
 * The main code of a run: its source, evaluated, and how it settled. This is where a later language layer transforms
 * the source; what it returns is evaluated under the same file name, with lines kept. Whatever could run guest code here
 * runs within the budget.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';
import type { Instance } from './instance.ts';
import type { RunBudget } from './run-budget.ts';

/** Flags of QuickJS's JS_Eval. Async global code settles to `{ value }`, so that a promise can be a value too. */
const evalGlobal = 0;
const evalModule = 1 << 0;
const evalStrict = 1 << 3;
const evalAsync = 1 << 7;

export type Settlement =
  | { readonly kind: 'pending' }
  | { readonly kind: 'value'; readonly handle: QuickJSHandle }
  | { readonly kind: 'threw'; readonly handle: QuickJSHandle };

export interface MainCodeParts {
  readonly instance: Instance;
  readonly budget: RunBudget;
  readonly strict: boolean;
}

export class MainCode {
  readonly #instance: Instance;
  readonly #budget: RunBudget;
  readonly #flags: number;
  readonly #result: QuickJSHandle;
  #settlement: Settlement;

  private constructor(flags: number, result: ReturnType<QuickJSContext['evalCode']>, parts: MainCodeParts) {
    this.#instance = parts.instance;
    this.#budget = parts.budget;
    this.#flags = flags;
    this.#result = result.error ?? result.value;
    this.#settlement = result.error ? { kind: 'threw', handle: result.error } : { kind: 'pending' };
  }

  /** Evaluates the source up to its first wait; the caller has entered the guest. */
  static start(request: RunRequest, parts: MainCodeParts): MainCode {
    const flags = flagsFor(request, parts.strict);
    const { context } = parts.instance.engine;
    return new MainCode(flags, context.evalCode(request.source, request.fileName, flags), parts);
  }

  /** How the code stands by now, asked from outside the guest. The handle lives as long as this object. */
  get settlement(): Settlement {
    if (this.#settlement.kind === 'pending') this.#settlement = this.#look();
    return this.#settlement;
  }

  dispose(): void {
    if (this.#settlement.kind !== 'pending' && this.#settlement.handle.alive) this.#settlement.handle.dispose();
    if (this.#result.alive) this.#result.dispose();
  }

  #look(): Settlement {
    if (this.#flags === evalGlobal || this.#flags === evalStrict) return { kind: 'value', handle: this.#result };
    const state = this.#instance.engine.context.getPromiseState(this.#result);
    if (state.type === 'pending') return { kind: 'pending' };
    if (state.type === 'rejected') return { kind: 'threw', handle: state.error };
    if (this.#flags === evalModule) return { kind: 'value', handle: state.value };
    return this.#unboxed(state.value);
  }

  #unboxed(box: QuickJSHandle): Settlement {
    const result = this.#budget.enter(() => box.consume(() => this.#instance.guest.unbox(box)));
    return result.error ? { kind: 'threw', handle: result.error } : { kind: 'value', handle: result.value };
  }
}

/** Scripts without the word `await` are not async: they cost a third, and no guest can meddle with how they settle. */
function flagsFor({ mode, source }: RunRequest, strict: boolean): number {
  if (mode === 'module') return evalModule;
  return (strict ? evalStrict : evalGlobal) | (source.includes('await') ? evalAsync : 0);
}
