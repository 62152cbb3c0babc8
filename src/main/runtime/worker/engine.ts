/**
 * One QuickJS in a WebAssembly instance with a Memory of its own: that Memory's maximum is the only bound on a guest
 * that really holds. Owns what the library leaves open: allocations on the guest's heap are checked (the library writes
 * to address 0 when one fails), and the one host function is called without a handle per argument (six times faster).
 */
import base from '@jitl/quickjs-wasmfile-release-sync';
import {
  type EmscriptenModuleLoaderOptions,
  type JSContextPointer,
  type JSValueConstPointer,
  type JSValuePointer,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSEmscriptenModule,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

/** Deep recursion fails with a catchable error at this size, given the 16 MB stack of a worker thread. */
const maxStackBytes = 512 * 1024;

/** An operation of `__host`: gets its JSON argument, and a value of the guest where one was passed. */
export type HostOperation = (
  json: string,
  value: JSValueConstPointer,
  context: JSContextPointer,
) => JSValuePointer | undefined;

export interface EngineOptions {
  readonly wasmModule: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Asked every few thousand steps of guest code; true stops it. Must not throw. */
  readonly shouldInterrupt: () => boolean;
}

/** The guest's heap cannot hold a text of the host. */
export class GuestHeapFull extends Error {
  override readonly name = 'GuestHeapFull';
}

/** What the C side takes for `undefined`. */
const undefinedValue = 0 as JSValuePointer; // a pointer is a branded number: this is where ours begins

type Ffi = ReturnType<QuickJSWASMModule['getFFI']>;

interface EngineParts {
  readonly context: QuickJSContext;
  readonly memory: WebAssembly.Memory;
  readonly module: QuickJSEmscriptenModule;
  readonly ffi: Ffi;
}

export class Engine {
  readonly context: QuickJSContext;
  readonly memory: WebAssembly.Memory;
  readonly #module: QuickJSEmscriptenModule;
  readonly #ffi: Ffi;
  readonly #operations = new Map<string, HostOperation>();

  private constructor({ context, memory, module, ffi }: EngineParts) {
    this.context = context;
    this.memory = memory;
    this.#module = module;
    this.#ffi = ffi;
  }

  static async boot({ wasmModule, memory, shouldInterrupt }: EngineOptions): Promise<Engine> {
    const { variant, loaded } = observed(newVariant(base, { wasmModule, wasmMemory: memory }));
    const quickjs = await newQuickJSWASMModuleFromVariant(variant);
    const module = checkAllocations(await loaded);
    const context = quickjs.newContext();
    context.runtime.setMaxStackSize(maxStackBytes);
    context.runtime.setInterruptHandler(shouldInterrupt);
    const engine = new Engine({ context, memory, module, ffi: quickjs.getFFI() });
    engine.#defineHostFunction();
    engine.#providePromiseOperations();
    return engine;
  }

  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Makes an operation known to the guest's prelude. */
  provide(name: string, operation: HostOperation): void {
    this.#operations.set(name, operation);
  }

  /** Takes bytes of the guest's heap, or returns undefined where there are none. */
  allocate(bytes: number): number | undefined {
    try {
      return this.#module._malloc(bytes);
    } catch {
      return undefined;
    }
  }

  free(pointer: number): void {
    this.#module._free(pointer);
  }

  /**
   * Empties the job queue without running guest functions: with a stack of one byte each call overflows at once, so a
   * job fails and nobody reacts. What needs no call to go on, an async loop, is ended by the interrupt handler, which
   * must answer true by now. Tells whether the queue is empty in the end.
   */
  dropJobs(hasTime: () => boolean): boolean {
    const { runtime } = this.context;
    runtime.setMaxStackSize(1);
    while (runtime.hasPendingJob() && hasTime()) runtime.executePendingJobs(100).dispose();
    runtime.setMaxStackSize(maxStackBytes);
    return !runtime.hasPendingJob();
  }

  #defineHostFunction(): void {
    this.#module.callbacks.callFunction = (_asyncify, ctx, _self, argc, argv) => this.#callHost(ctx, argc, argv);
    const placeholder = this.context.newFunction('__host', () => undefined);
    placeholder.consume((handle) => this.context.setProp(this.context.global, '__host', handle));
  }

  /** The state of a promise and what it settled to: JavaScript itself has no way to ask. */
  #providePromiseOperations(): void {
    const ffi = this.#ffi;
    this.provide('promise.state', (_json, value, ctx) => ffi.QTS_NewFloat64(ctx, ffi.QTS_PromiseState(ctx, value)));
    this.provide('promise.result', (_json, value, ctx) => ffi.QTS_PromiseResult(ctx, value));
  }

  /** Runs in the middle of guest code: what goes wrong becomes a guest error and never crosses the engine's frames. */
  #callHost(ctx: JSContextPointer, argc: number, argv: JSValueConstPointer): JSValuePointer {
    const ffi = this.#ffi;
    try {
      const operation = this.#operations.get(this.#readText(ctx, argv, 0));
      if (operation === undefined) throw new Error('Unknown host operation');
      const json = argc > 1 ? this.#readText(ctx, argv, 1) : '';
      return operation(json, ffi.QTS_ArgvGetJSValueConstPointer(argv, 2), ctx) ?? undefinedValue;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.context.newError(message).consume((handle) => ffi.QTS_Throw(ctx, handle.value));
    }
  }

  #readText(ctx: JSContextPointer, argv: JSValueConstPointer, index: number): string {
    const ffi = this.#ffi;
    const text = ffi.QTS_GetString(ctx, ffi.QTS_ArgvGetJSValueConstPointer(argv, index));
    if (text === 0) throw new GuestHeapFull('No room for a host call');
    try {
      return this.#module.UTF8ToString(text);
    } finally {
      ffi.QTS_FreeCString(ctx, text);
    }
  }
}

/** A variant that also shows the Emscripten module beneath the library, which keeps it to itself. */
function observed(variant: QuickJSSyncVariant): {
  readonly variant: QuickJSSyncVariant;
  readonly loaded: Promise<QuickJSEmscriptenModule>;
} {
  const { promise: loaded, resolve } = Promise.withResolvers<QuickJSEmscriptenModule>();
  const importModuleLoader = async () => {
    let load = await variant.importModuleLoader();
    while (typeof load !== 'function') load = load.default;
    const loadModule = load;
    return async (options?: EmscriptenModuleLoaderOptions) => {
      const module = await loadModule(options);
      resolve(module);
      return module;
    };
  };
  return { variant: { ...variant, importModuleLoader }, loaded };
}

/** Makes an allocation that fails throw instead of answering address 0, to which the library would write. */
function checkAllocations(module: QuickJSEmscriptenModule): QuickJSEmscriptenModule {
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const pointer = allocate(bytes);
    if (pointer === 0) throw new GuestHeapFull(`The guest's heap has no room for ${bytes} bytes`);
    return pointer;
  };
  return module;
}
