/**
 * The main code of a run: its source, as the engine takes it, evaluated, and how it settled. Cells of the REPL are read
 * in the REPL's language first, files in that of their name; both keep the positions they were written with. Whatever
 * could run guest code here, or takes long, runs within the budget.
 */
import type { QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunRequest } from '#core/ports';
import type { Instance } from './instance.ts';
import { newPlacedError } from './module-errors.ts';
import { withPlace } from './redeclaration.ts';
import { planCell } from './repl-language.ts';
import type { RunBudget } from './run-budget.ts';
import { type Stripped, stripBeyond } from './strip-types.ts';

/** Flags of QuickJS's JS_Eval. Async global code settles to `{ value }`, so that a promise can be a value too. */
const evalGlobal = 0;
const evalModule = 1 << 0;
const evalStrict = 1 << 3;
const evalCompileOnly = 1 << 5;
const evalAsync = 1 << 7;

type Refusal = Pick<Extract<Stripped, { line: number }>, 'message' | 'line' | 'column'>;

export type Settlement =
  | { readonly kind: 'pending' }
  | { readonly kind: 'value'; readonly handle: QuickJSHandle }
  | { readonly kind: 'threw'; readonly handle: QuickJSHandle };

export interface MainCodeParts {
  readonly instance: Instance;
  readonly budget: RunBudget;
  readonly strict: boolean;
}

type Script = Pick<RunRequest, 'fileName' | 'source'>;
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
    const script: Script = { ...request, fileName: file.fileName, source: file.source };
    const flags = flagsFor(request, parts.strict);
    return request.mode === 'module'
      ? new MainCode(flags, evaluate(script, flags, parts), parts)
      : MainCode.#startScript(script, flags, parts);
  }

  static #startCell(request: RunRequest, parts: MainCodeParts): MainCode {
    const { instance, budget, strict } = parts;
    const { fileName } = request;
    const plan = planCell(request.source, { strict, mustStop: () => budget.mustStop(budget.nowMs) });
    if (plan.kind === 'refused') return MainCode.#refuse(plan, request, parts);
    if (plan.kind === 'unread') return MainCode.#startUnread(request, parts);
    const error = instance.declarations.begin(plan, fileName);
    if (error !== undefined) return new MainCode(evalGlobal, { error }, parts);
    if (plan.imports !== undefined) instance.modules.expectCell(fileName, plan.imports.source);
    const flags = (plan.isStrict ? evalStrict : evalGlobal) | (plan.hasAwait ? evalAsync : 0);
    return new MainCode(flags, evaluate({ fileName, source: plan.script }, flags, parts), parts);
  }

  /** The engine may read it, or says what is wrong; where it stumbles over types, that is said of what is left without. */
  static #startUnread(request: RunRequest, parts: MainCodeParts): MainCode {
    const flags = flagsFor(request, parts.strict);
    const main = MainCode.#startScript(request, flags, parts);
    const refused = main.#settlement.kind === 'threw' ? placeOfRefusal(request, flags, parts) : undefined;
    const stripped = refused === undefined ? undefined : stripBeyond(request.source, refused);
    if (stripped === undefined || stripped.kind === 'unknown') return main;
    main.dispose();
    if (stripped.kind !== 'stripped') return MainCode.#refuse(stripped, request, parts);
    return MainCode.#startScript({ ...request, source: stripped.source }, flags, parts);
  }

  /** `await` is a word of scripts, unless one cannot be read so: to the language it is a name there. */
  static #startScript(script: Script, flags: number, parts: MainCodeParts): MainCode {
    parts.instance.declarations.beginScript();
    const evaluated = evaluate(script, flags, parts);
    const plainFlags = flags & ~evalAsync;
    if (evaluated.error === undefined || flags === plainFlags || !compiles(script, plainFlags, parts)) {
      return new MainCode(flags, evaluated, parts);
    }
    evaluated.error.dispose();
    return new MainCode(plainFlags, evaluate(script, plainFlags, parts), parts);
  }

  static #refuse({ message, line, column }: Refusal, { fileName }: RunRequest, parts: MainCodeParts): MainCode {
    const { context } = parts.instance.engine;
    const error = newPlacedError(context, { name: 'SyntaxError', message }, `${fileName}:${line}:${column}`);
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

function evaluate({ fileName, source }: Script, flags: number, { budget, instance }: MainCodeParts): Evaluated {
  const { context } = instance.engine;
  if (budget.stopped !== undefined) return { error: context.newError('The run is over') };
  const evaluated = instance.modules.duringMain(() => context.evalCode(source, fileName, flags));
  if (evaluated.error === undefined || budget.stopped !== undefined) return evaluated;
  return { error: withPlace(evaluated.error, { fileName, source }, { context, guest: instance.guest }) };
}

/** Whether the engine can read a source. Nothing of it is run. */
function compiles({ fileName, source }: Script, flags: number, { budget, instance }: MainCodeParts): boolean {
  if (budget.stopped !== undefined) return false;
  const compiled = instance.engine.context.evalCode(source, fileName, flags | evalCompileOnly);
  compiled.dispose();
  return compiled.error === undefined;
}

/** Where the engine stops to read a source; undefined where it reads all of it. Nothing of it is run. */
function placeOfRefusal({ fileName, source }: Script, flags: number, { budget, instance }: MainCodeParts) {
  const { context } = instance.engine;
  if (budget.stopped !== undefined) return undefined;
  const compiled = context.evalCode(source, fileName, flags | evalCompileOnly);
  const stack = compiled.error && context.getProp(compiled.error, 'stack').consume((text) => context.dump(text));
  compiled.dispose();
  const [, line, column] = /:(\d+):(\d+)\s*$/.exec(String(stack)) ?? [];
  return column === undefined ? undefined : { line: Number(line), column: Number(column) };
}

/** Scripts without the word `await` are not async: they cost a third, and no guest can meddle with how they settle. */
function flagsFor({ mode, source }: RunRequest, strict: boolean): number {
  if (mode === 'module') return evalModule;
  return (strict ? evalStrict : evalGlobal) | (source.includes('await') ? evalAsync : 0);
}
