/**
 * One QuickJS with a Memory of its own: that Memory's maximum is the only bound on a guest that really holds. Owns the
 * engine below the guest: the one host function, which is called without a handle per argument (six times faster than
 * the library's way), promises as JavaScript cannot see them, and the job queue.
 */
import type {
  JSContextPointer,
  JSRuntimePointer,
  JSValueConstPointer,
  JSValuePointer,
  JSVoidPointer,
  QuickJSContext,
  QuickJSHandle,
  QuickJSRuntime,
} from 'quickjs-emscripten-core';
import { LexicalScope } from './lexical-scope.ts';
import { RejectionTracker, type Untold } from './rejection-tracker.ts';
import { GuestHeapFull, instantiateQuickJS, type WasmInstance } from './wasm-instance.ts';

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

/** What the C side takes for `undefined`. */
const undefinedValue = 0 as JSValuePointer; // a pointer is a branded number: this is where ours begins

export class Engine {
  readonly context: QuickJSContext;
  readonly memory: WebAssembly.Memory;
  /** What the guest's scripts have declared by `let`, `const` and `class`. */
  readonly lexicals: LexicalScope;
  readonly #instance: WasmInstance;
  readonly #runtimePointer: JSRuntimePointer;
  readonly #operations = new Map<string, HostOperation>();
  readonly #rejections: RejectionTracker;
  #isUninterrupted = false;

  private constructor(instance: WasmInstance, shouldInterrupt: () => boolean) {
    this.#instance = instance;
    this.memory = instance.memory;
    const { runtime, pointer } = newRuntime(instance);
    this.#runtimePointer = pointer;
    this.#rejections = new RejectionTracker({
      ...instance,
      runtimePointer: pointer,
      enableInterrupts: () => runtime.setInterruptHandler(() => !this.#isUninterrupted && shouldInterrupt()),
      ...references(instance),
    });
    runtime.setMaxStackSize(maxStackBytes);
    const { context, pointer: contextPointer } = newContext(runtime, instance);
    this.context = context;
    this.lexicals = LexicalScope.find({
      context,
      contextPointer,
      memory: instance.memory,
      valueAt: (address) => this.#valueAt(contextPointer, address),
    });
    this.#defineHostFunction();
    this.#providePromiseOperations();
  }

  static async boot({ wasmModule, memory, shouldInterrupt }: EngineOptions): Promise<Engine> {
    return new Engine(await instantiateQuickJS(wasmModule, memory), shouldInterrupt);
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
      return this.#instance.module._malloc(bytes);
    } catch {
      return undefined;
    }
  }

  free(pointer: number): void {
    this.#instance.module._free(pointer);
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
    this.#rejections.forgetAll();
    return !runtime.hasPendingJob();
  }

  /**
   * Has the reason described of the first promise that is rejected by now and handled by nobody. Those rejected with
   * `told` are forgotten.
   */
  noteRejections(told: QuickJSHandle | undefined, describe: (reason: QuickJSHandle) => string): void {
    if (this.#rejections.isEmpty) return;
    if (told !== undefined) this.#rejections.forget(told.value);
    const memory = this.context.getMemory(this.#runtimePointer);
    this.#rejections.note((reason) => memory.heapValueHandle(reason).consume(describe));
  }

  /** Takes what is still handled by nobody. */
  takeRejections(): Untold {
    return this.#rejections.take();
  }

  /** Does work of our own in the guest, short and bounded, that is not to be left half done. */
  uninterrupted<Result>(work: () => Result): Result {
    this.#isUninterrupted = true;
    try {
      return work();
    } finally {
      this.#isUninterrupted = false;
    }
  }

  /** A reference of its own to a value, for an operation to return. */
  newReference(context: JSContextPointer, { value }: QuickJSHandle): JSValuePointer {
    return this.#instance.calls.QTS_DupValuePointer(context, value);
  }

  /** A text as a new value of the guest, for an operation to return. */
  newText(context: JSContextPointer, text: string): JSValuePointer {
    const { calls } = this.#instance;
    return this.context.newString(text).consume(({ value }) => calls.QTS_DupValuePointer(context, value));
  }

  /** A text of the guest as the engine serializes it; see guest-text. */
  serializeText(context: JSContextPointer, value: JSValueConstPointer): Uint8Array {
    const { calls } = this.#instance;
    const buffer = calls.QTS_bjson_encode(context, value);
    try {
      return this.copyBytes(context, buffer);
    } finally {
      calls.QTS_FreeValuePointer(context, buffer);
    }
  }

  /** A serialized text as a new value of the guest, for an operation to return. Never for what a guest wrote. */
  newSerializedText(context: JSContextPointer, serialized: Uint8Array): JSValuePointer {
    const { calls } = this.#instance;
    const buffer = this.newBytes(context, serialized);
    try {
      return calls.QTS_bjson_decode(context, buffer);
    } finally {
      calls.QTS_FreeValuePointer(context, buffer);
    }
  }

  /** Bytes as a new ArrayBuffer of the guest, for an operation to return. */
  newBytes(context: JSContextPointer, bytes: Uint8Array): JSValuePointer {
    const { module, calls } = this.#instance;
    const pointer = module._malloc(Math.max(1, bytes.byteLength)); // the ArrayBuffer's from here on
    module.HEAPU8.set(bytes, pointer);
    return calls.QTS_NewArrayBuffer(context, pointer as unknown as JSVoidPointer, bytes.byteLength);
  }

  /** A copy of the bytes of an ArrayBuffer. */
  copyBytes(context: JSContextPointer, value: JSValuePointer | JSValueConstPointer): Uint8Array {
    const { module, calls } = this.#instance;
    const length = calls.QTS_GetArrayBufferLength(context, value);
    const pointer = calls.QTS_GetArrayBuffer(context, value);
    if (pointer === 0) throw new GuestHeapFull('No room for the bytes of a host call');
    try {
      return module.HEAPU8.slice(pointer, pointer + length);
    } finally {
      module._free(pointer);
    }
  }

  #defineHostFunction(): void {
    this.#instance.module.callbacks.callFunction = (_asyncify, ctx, _self, argc, argv) =>
      this.#callHost(ctx, argc, argv);
    const placeholder = this.context.newFunction('__host', () => undefined);
    placeholder.consume((handle) => this.context.setProp(this.context.global, '__host', handle));
  }

  /** The state of a promise and what it settled to: JavaScript itself has no way to ask. */
  #providePromiseOperations(): void {
    const { calls } = this.#instance;
    this.provide('promise.state', (_json, value, ctx) => calls.QTS_NewFloat64(ctx, calls.QTS_PromiseState(ctx, value)));
    this.provide('promise.result', (_json, value, ctx) => calls.QTS_PromiseResult(ctx, value));
  }

  /** Runs in the middle of guest code: what goes wrong becomes a guest error and never crosses the engine's frames. */
  #callHost(ctx: JSContextPointer, argc: number, argv: JSValueConstPointer): JSValuePointer {
    const { calls } = this.#instance;
    try {
      const operation = this.#operations.get(this.#readText(ctx, argv, 0));
      if (operation === undefined) throw new Error('Unknown host operation');
      const json = argc > 1 ? this.#readText(ctx, argv, 1) : '';
      return operation(json, calls.QTS_ArgvGetJSValueConstPointer(argv, 2), ctx) ?? undefinedValue;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.context.newError(message).consume((handle) => calls.QTS_Throw(ctx, handle.value));
    }
  }

  #valueAt(context: JSContextPointer, address: number): QuickJSHandle {
    const value = this.#instance.calls.QTS_DupValuePointer(context, address as JSValuePointer); // its number, branded
    return this.context.getMemory(this.#runtimePointer).heapValueHandle(value);
  }

  #readText(ctx: JSContextPointer, argv: JSValueConstPointer, index: number): string {
    const { calls } = this.#instance;
    const text = calls.QTS_GetString(ctx, calls.QTS_ArgvGetJSValueConstPointer(argv, index));
    if (text === 0) throw new GuestHeapFull('No room for a host call');
    try {
      return this.#instance.module.UTF8ToString(text);
    } finally {
      calls.QTS_FreeCString(ctx, text);
    }
  }
}

/** A runtime and where it lies in memory, which the library knows and does not tell. */
function newRuntime({ quickjs, calls }: WasmInstance): { runtime: QuickJSRuntime; pointer: JSRuntimePointer } {
  const allocateRuntime = calls.QTS_NewRuntime;
  let pointer: JSRuntimePointer | undefined;
  calls.QTS_NewRuntime = () => {
    pointer = allocateRuntime();
    return pointer;
  };
  const runtime = quickjs.newRuntime();
  calls.QTS_NewRuntime = allocateRuntime;
  if (pointer === undefined) throw new Error('The library made a runtime without the engine');
  return { runtime, pointer };
}

/** A context and where it lies in memory. */
function newContext(runtime: QuickJSRuntime, { calls }: WasmInstance) {
  const allocateContext = calls.QTS_NewContext;
  let pointer: JSContextPointer | undefined;
  calls.QTS_NewContext = (...args) => {
    pointer = allocateContext(...args);
    return pointer;
  };
  const context = runtime.newContext();
  calls.QTS_NewContext = allocateContext;
  if (pointer === undefined) throw new Error('The library made a context without the engine');
  return { context, pointer };
}

/** References to guest values by their bits, as the engine's own callbacks pass them. */
function references({ module, memory, calls }: WasmInstance) {
  const scratch = module._malloc(BigInt64Array.BYTES_PER_ELEMENT) as JSValuePointer; // its only use is to hold a value
  return {
    retain: (context: JSContextPointer, bits: bigint): JSValuePointer => {
      new DataView(memory.buffer).setBigInt64(scratch, bits, true);
      return calls.QTS_DupValuePointer(context, scratch);
    },
    release: (context: JSContextPointer, value: JSValuePointer) => calls.QTS_FreeValuePointer(context, value),
  };
}
