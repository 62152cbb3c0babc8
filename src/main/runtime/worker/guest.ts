/**
 * The guest's prelude as typed calls. It keeps handles of the prelude's functions for the life of the instance and turns
 * texts into guest strings and back; it never reads a guest value any other way. A call may end in a guest error (an
 * interrupt, a full heap), which is `undefined` here: the caller's budget knows why.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { evaluatePreludeModule } from './prelude-modules.ts';

const preludeFile = 'prelude.js';

const preludeFunctions = [
  'adoptLexicalScope',
  'install',
  'open',
  'beginRun',
  'beginCell',
  'nameFunctions',
  'endCell',
  'endScript',
  'headerWithoutPlace',
  'restoreCell',
  'keepValue',
  'unbox',
  'moduleValue',
  'importValue',
  'describeValue',
  'serializeValue',
  'describeError',
  'describeErrorBriefly',
  'fireTimer',
  'dropTimers',
  'settleCall',
  'dropCalls',
  'variableNames',
  'describeVariable',
  'noteVariables',
  'listNames',
] as const;
type PreludeFunction = (typeof preludeFunctions)[number];

export type CallResult =
  | { readonly kind: 'returned'; readonly text: string }
  | { readonly kind: 'threw'; readonly error: QuickJSHandle };

export class Guest {
  readonly #context: QuickJSContext;
  readonly #functions: Readonly<Record<PreludeFunction, QuickJSHandle>>;

  private constructor(context: QuickJSContext, functions: Readonly<Record<PreludeFunction, QuickJSHandle>>) {
    this.#context = context;
    this.#functions = functions;
  }

  /** Runs the prelude in a fresh context. */
  static load(context: QuickJSContext, sources: Readonly<Record<string, string>>): Guest {
    const prelude = evaluatePreludeModule(context, sources, preludeFile);
    const functionOf = (name: PreludeFunction) => [name, context.getProp(prelude, name)] as const;
    const functions = Object.fromEntries(preludeFunctions.map(functionOf)) as Record<PreludeFunction, QuickJSHandle>;
    prelude.dispose();
    return new Guest(context, functions);
  }

  /** The value out of the box in which async code settles, or what is thrown where there is none. */
  unbox(box: QuickJSHandle): ReturnType<QuickJSContext['callFunction']> {
    const context = this.#context;
    return context.callFunction(this.#functions.unbox, context.undefined, box);
  }

  /** The value of a module that has been evaluated. */
  moduleValue(namespace: QuickJSHandle): ReturnType<QuickJSContext['callFunction']> {
    const context = this.#context;
    return context.callFunction(this.#functions.moduleValue, context.undefined, namespace);
  }

  /** Calls a function of the prelude; handles that are passed stay the caller's. */
  call(name: PreludeFunction, ...args: readonly (QuickJSHandle | string | number | boolean)[]): CallResult {
    const context = this.#context;
    const handles = args.map((arg) => this.#toHandle(arg));
    const result = context.callFunction(this.#functions[name], context.undefined, handles);
    for (const [index, handle] of handles.entries()) if (handle !== args[index]) handle.dispose();
    if (result.error) return { kind: 'threw', error: result.error };
    return { kind: 'returned', text: result.value.consume((value) => context.getString(value)) };
  }

  /** As `call`, where an error means that there is no answer. */
  ask(name: PreludeFunction, ...args: readonly (QuickJSHandle | string | number | boolean)[]): string | undefined {
    const result = this.call(name, ...args);
    if (result.kind === 'returned') return result.text;
    result.error.dispose();
    return undefined;
  }

  #toHandle(arg: QuickJSHandle | string | number | boolean): QuickJSHandle {
    if (typeof arg === 'string') return this.#context.newString(arg);
    if (typeof arg === 'number') return this.#context.newNumber(arg);
    if (typeof arg === 'boolean') return arg ? this.#context.true : this.#context.false;
    return arg;
  }
}
