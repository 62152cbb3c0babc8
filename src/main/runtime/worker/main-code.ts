/**
 * The main code of a run: its source, evaluated, and how it settled. This is where a later language layer transforms
 * the source; what it returns is evaluated under the same file name, with lines kept.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';

/** Flags of QuickJS's JS_Eval. Async global code settles to `{ value }`, so that a promise can be a value too. */
const evalGlobal = 0;
const evalModule = 1 << 0;
const evalStrict = 1 << 3;
const evalAsync = 1 << 7;

export type Settlement =
  | { readonly kind: 'pending' }
  | { readonly kind: 'value'; readonly handle: QuickJSHandle }
  | { readonly kind: 'threw'; readonly handle: QuickJSHandle };

export class MainCode {
  readonly #context: QuickJSContext;
  readonly #flags: number;
  readonly #result: QuickJSHandle;
  #settlement: Settlement;

  private constructor(context: QuickJSContext, flags: number, result: ReturnType<QuickJSContext['evalCode']>) {
    this.#context = context;
    this.#flags = flags;
    this.#result = result.error ?? result.value;
    this.#settlement = result.error ? { kind: 'threw', handle: result.error } : this.#look();
  }

  /** Evaluates the source up to its first wait. */
  static start(context: QuickJSContext, request: RunRequest, strict: boolean): MainCode {
    const flags = flagsFor(request, strict);
    return new MainCode(context, flags, context.evalCode(request.source, request.fileName, flags));
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
    if (this.#flags === evalGlobal || this.#flags === evalStrict) return { kind: 'value', handle: this.#result };
    const state = this.#context.getPromiseState(this.#result);
    if (state.type === 'pending') return { kind: 'pending' };
    if (state.type === 'rejected') return { kind: 'threw', handle: state.error };
    if (this.#flags === evalModule) return { kind: 'value', handle: state.value };
    return { kind: 'value', handle: state.value.consume((box) => this.#context.getProp(box, 'value')) };
  }
}

/** Scripts without the word `await` are not async: they cost a third, and no guest can meddle with how they settle. */
function flagsFor({ mode, source }: RunRequest, strict: boolean): number {
  if (mode === 'module') return evalModule;
  return (strict ? evalStrict : evalGlobal) | (source.includes('await') ? evalAsync : 0);
}
