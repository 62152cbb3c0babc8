/**
 * The main code of a run: its source, as the engine takes it, evaluated, and how it settled. Cells of the REPL are read
 * in the REPL's language first, files in that of their name; both keep the positions they were written with. Whatever
 * could run guest code here, or takes long, runs within the budget.
 */
import type { QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';
import type { Instance } from './instance.ts';
import { planCell } from './repl-language.ts';
import type { RunBudget } from './run-budget.ts';
import type { Stripped } from './strip-types.ts';

/** Flags of QuickJS's JS_Eval. Async global code settles to `{ value }`, so that a promise can be a value too. */
const evalGlobal = 0;
const evalModule = 1 << 0;
const evalStrict = 1 << 3;
const evalAsync = 1 << 7;

type Refusal = Extract<Stripped, { kind: 'refused' }>;

export type Settlement =
  | { readonly kind: 'pending' }
  | { readonly kind: 'value'; readonly handle: QuickJSHandle }
  | { readonly kind: 'threw'; readonly handle: QuickJSHandle };

export interface MainCodeParts {
  readonly instance: Instance;
  readonly budget: RunBudget;
  readonly strict: boolean;
}

type Evaluated = { readonly error: QuickJSHandle } | { readonly error?: undefined; readonly value: QuickJSHandle };

export class MainCode {
  readonly #instance: Instance;
  readonly #budget: RunBudget;
  readonly #flags: number;
  readonly #result: QuickJSHandle;
  #settlement: Settlement;

  private constructor(flags: number, result: Evaluated, parts: MainCodeParts) {
    this.#instance = parts.instance;
    this.#budget = parts.budget;
    this.#flags = flags;
    this.#result = result.error ?? result.value;
    this.#settlement = result.error ? { kind: 'threw', handle: result.error } : { kind: 'pending' };
  }

  /** Evaluates the source up to its first wait; the caller has entered the guest. */
  static start(request: RunRequest, parts: MainCodeParts): MainCode {
    if (request.kind === 'repl') return MainCode.#startCell(request, parts);
    const file = parts.instance.modules.prepareMain(request);
    if (file.kind === 'refused') return MainCode.#refuse(file, request, parts);
    const { fileName, source } = file;
    return MainCode.#evaluate({ ...request, fileName, source }, flagsFor(request, parts.strict), parts);
  }

  static #startCell(request: RunRequest, parts: MainCodeParts): MainCode {
    const { instance, budget, strict } = parts;
    const plan = planCell(request.source, { strict, mustStop: () => budget.mustStop(budget.nowMs) });
    if (plan.kind === 'refused') return MainCode.#refuse(plan, request, parts);
    if (plan.kind === 'unread') return MainCode.#evaluate(request, flagsFor(request, strict), parts);
    const error = instance.declarations.begin(plan, request.fileName);
    if (error !== undefined) return new MainCode(evalGlobal, { error }, parts);
    if (plan.imports !== undefined) instance.modules.expectCell(request.fileName, plan.imports.source);
    const flags = (plan.isStrict ? evalStrict : evalGlobal) | (plan.hasAwait ? evalAsync : 0);
    return MainCode.#evaluate({ ...request, source: plan.script }, flags, parts);
  }

  static #evaluate({ source, fileName }: RunRequest, flags: number, parts: MainCodeParts): MainCode {
    const { budget, instance } = parts;
    const { context } = instance.engine;
    if (budget.stopped !== undefined) return new MainCode(flags, { error: context.newError('The run is over') }, parts);
    const evaluated = instance.modules.duringMain(() => context.evalCode(source, fileName, flags));
    return new MainCode(flags, evaluated, parts);
  }

  static #refuse({ message, line, column }: Refusal, { fileName }: RunRequest, parts: MainCodeParts): MainCode {
    const { context } = parts.instance.engine;
    const error = context.newError({
      name: 'SyntaxError',
      message,
    });
    context
      .newString(`    at ${fileName}:${line}:${column}\n`)
      .consume((stack) => context.setProp(error, 'stack', stack));
    return new MainCode(evalGlobal, { error }, parts);
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
    return this.#flags === evalModule ? this.#exported(state.value) : this.#unboxed(state.value);
  }

  #exported(namespace: QuickJSHandle): Settlement {
    const result = this.#budget.enter(() => this.#instance.guest.moduleValue(namespace));
    if (namespace !== this.#result) namespace.dispose();
    return result.error ? { kind: 'threw', handle: result.error } : { kind: 'value', handle: result.value };
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
