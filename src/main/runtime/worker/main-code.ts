/**
 * The main code of a run: its source, evaluated, and how it settled. This is where a later language layer transforms
 * the source; what it returns is evaluated under the same file name, with lines kept.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';

/** Flags of QuickJS's JS_Eval. Async global code settles to `{ value }`, so that a promise can be a value too. */
const evalGlobalAsync = 1 << 7;
const evalStrict = 1 << 3;
const evalModule = 1;

export type Settlement =
  | { readonly kind: 'pending' }
  | { readonly kind: 'value'; readonly handle: QuickJSHandle }
  | { readonly kind: 'threw'; readonly handle: QuickJSHandle };

export class MainCode {
  readonly #context: QuickJSContext;
  readonly #isModule: boolean;
  readonly #result: QuickJSHandle;
  #settlement: Settlement;

  private constructor(context: QuickJSContext, isModule: boolean, result: ReturnType<QuickJSContext['evalCode']>) {
    this.#context = context;
    this.#isModule = isModule;
    this.#result = result.error ?? result.value;
    this.#settlement = result.error ? { kind: 'threw', handle: result.error } : { kind: 'pending' };
  }

  /** Evaluates the source up to its first wait. */
  static start(context: QuickJSContext, request: RunRequest, strict: boolean): MainCode {
    const isModule = request.mode === 'module';
    const flags = isModule ? evalModule : evalGlobalAsync | (strict ? evalStrict : 0);
    return new MainCode(context, isModule, context.evalCode(request.source, request.fileName, flags));
  }

  /** How the code stands by now. The handle lives as long as this object. */
  get settlement(): Settlement {
    if (this.#settlement.kind === 'pending') this.#settlement = this.#look();
    return this.#settlement;
  }

  dispose(): void {
    if (this.#settlement.kind !== 'pending' && this.#settlement.handle.alive) this.#settlement.handle.dispose();
    if (this.#result.alive) this.#result.dispose();
  }

  #look(): Settlement {
    const state = this.#context.getPromiseState(this.#result);
    if (state.type === 'pending') return { kind: 'pending' };
    if (state.type === 'rejected') return { kind: 'threw', handle: state.error };
    if (this.#isModule) return { kind: 'value', handle: state.value };
    return { kind: 'value', handle: state.value.consume((box) => this.#context.getProp(box, 'value')) };
  }
}
