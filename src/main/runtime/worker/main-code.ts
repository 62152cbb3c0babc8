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
  readonly #mode: RunRequest['mode'];
  readonly #handle: QuickJSHandle;
  readonly #failed: boolean;

  private constructor(
    context: QuickJSContext,
    mode: RunRequest['mode'],
    result: ReturnType<QuickJSContext['evalCode']>,
  ) {
    this.#context = context;
    this.#mode = mode;
    this.#failed = result.error !== undefined;
    this.#handle = result.error ?? result.value;
  }

  /** Evaluates the source up to its first wait. */
  static start(context: QuickJSContext, request: RunRequest, strict: boolean): MainCode {
    const flags = request.mode === 'module' ? evalModule : evalGlobalAsync | (strict ? evalStrict : 0);
    return new MainCode(context, request.mode, context.evalCode(request.source, request.fileName, flags));
  }

  /** How the code stands, without a handle. */
  peek(): Settlement['kind'] {
    const settlement = this.settlement();
    if (settlement.kind !== 'pending') settlement.handle.dispose();
    return settlement.kind;
  }

  /** How the code settled; the handle is the caller's to dispose. */
  settlement(): Settlement {
    if (this.#failed) return { kind: 'threw', handle: this.#handle.dup() };
    const state = this.#context.getPromiseState(this.#handle);
    if (state.type === 'pending') return { kind: 'pending' };
    if (state.type === 'rejected') return { kind: 'threw', handle: state.error };
    const handle = state.notAPromise === true ? state.value.dup() : state.value;
    return { kind: 'value', handle: this.#mode === 'module' ? handle : handle.consume((box) => this.#unbox(box)) };
  }

  dispose(): void {
    this.#handle.dispose();
  }

  #unbox(box: QuickJSHandle): QuickJSHandle {
    return this.#context.getProp(box, 'value');
  }
}
