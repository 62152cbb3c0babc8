/**
 * The global lexical bindings of a context: the names that scripts declare by `let`, `const` and `class`. The language
 * has no way to list or to end one, but in this engine they are the properties of an object that only its own context
 * refers to. It is found here by looking for a binding just made, among the values in the context's struct, before any
 * guest code runs. Deleting a property ends a binding for code that comes later, which may declare the name again;
 * closures made before keep it. Properties must never be defined on the object: the engine would abort.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';

/** Bytes of the context's struct that are searched; the object lies at 216 in the build that we use. */
const searchedBytes = 512;
const valueBytes = 8;
/** The upper half of a value that is an object; the lower half is its address. */
const objectTag = -1;

const probeName = '__lexicalScopeProbe';
const probeValue = 41;

export interface SearchedEngine {
  readonly context: QuickJSContext;
  /** Where the context's struct lies. */
  readonly contextPointer: number;
  readonly memory: WebAssembly.Memory;
  /** A new reference to the value that lies at an address. */
  valueAt(pointer: number): QuickJSHandle;
}

export class LexicalScope {
  /** The object itself, for the prelude; guest code must never see it. */
  readonly handle: QuickJSHandle;
  readonly #context: QuickJSContext;
  readonly #removeProperty: QuickJSHandle;

  private constructor(context: QuickJSContext, handle: QuickJSHandle) {
    this.handle = handle;
    this.#context = context;
    this.#removeProperty = evaluate(context, 'Reflect.deleteProperty');
  }

  /** Finds the scope of a fresh context, and proves that it is the one. Throws where the engine is laid out otherwise. */
  static find(engine: SearchedEngine): LexicalScope {
    const { context } = engine;
    evaluate(context, `let ${probeName} = ${probeValue}`).dispose();
    const handle = findHolder(engine);
    if (handle === undefined) throw new Error('The engine keeps its lexical bindings where they were not found');
    const scope = new LexicalScope(context, handle);
    scope.delete([probeName]);
    const isGone = evaluate(context, `typeof ${probeName}`).consume((type) => context.getString(type)) === 'undefined';
    if (!isGone || scope.names().length > 0) throw new Error('The lexical bindings of the engine cannot be ended');
    return scope;
  }

  /** In the order they were declared; names that are not initialised, too. */
  names(): string[] {
    const names = this.#context.unwrapResult(
      this.#context.getOwnPropertyNames(this.handle, { strings: true, numbersAsStrings: true }),
    );
    const texts = names.map((name) => this.#context.getString(name));
    names.dispose();
    return texts;
  }

  has(name: string): boolean {
    return this.names().includes(name);
  }

  /** Ends bindings: the names are free to be declared again, and closures made before keep what they had. */
  delete(names: readonly string[]): void {
    const context = this.#context;
    for (const name of names) {
      context.newString(name).consume((key) => {
        context
          .unwrapResult(context.callFunction(this.#removeProperty, context.undefined, [this.handle, key]))
          .dispose();
      });
    }
  }
}

function findHolder({ context, contextPointer, memory, valueAt }: SearchedEngine): QuickJSHandle | undefined {
  const end = contextPointer + searchedBytes;
  for (let address = contextPointer; address < end; address += valueBytes) {
    if (new DataView(memory.buffer).getInt32(address + valueBytes / 2, true) !== objectTag) continue;
    const candidate = valueAt(address);
    const probe = context.getProp(candidate, probeName);
    const isHolder = context.typeof(probe) === 'number' && context.getNumber(probe) === probeValue;
    probe.dispose();
    if (isHolder) return candidate;
    candidate.dispose();
  }
  return undefined;
}

function evaluate(context: QuickJSContext, source: string): QuickJSHandle {
  return context.unwrapResult(context.evalCode(source, 'vm:lexical-scope'));
}
