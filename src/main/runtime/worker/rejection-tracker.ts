/**
 * Knows which promises were rejected and have nobody to handle it. QuickJS tells a C callback whenever a promise is
 * rejected without a handler or gets one late; the library does not offer that callback, so it is set here in the
 * engine's memory, next to the interrupt handler, whose place is found by setting it. The neighbouring job list, which
 * points to itself while empty, proves the layout: where it does not, nothing is written and nothing is tracked.
 */
import type { JSContextPointer, JSValueConstPointer, JSValuePointer } from 'quickjs-emscripten-core';

/** More than these are counted only: each keeps its promise and reason alive until it is reported. */
const maxTracked = 100;
/** Of more than these it is not known which they were: a late handler does not make them fewer. */
const maxUntrackedBits = 10_000;

/** Words of the runtime's struct that are searched for the interrupt handler. */
const searchedWords = 256;
/** Where the callback and the job list lie, in words from the interrupt handler. */
const trackerOffset = 2;
const jobListOffset = 4;

/** Passes a call from the engine's table on to JavaScript: a function table holds WebAssembly functions only. */
// (module (import "h" "f" (func (param i32 i64 i64 i32 i32))) (export "f" (func 0)))
const trampoline = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 9, 1, 96, 5, 127, 126, 126, 127, 127, 0],
  ...[2, 7, 1, 1, 104, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0],
);

export interface TrackedEngine {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  readonly runtimePointer: number;
  /** Sets the interrupt handler, which shows where the engine keeps it. */
  readonly enableInterrupts: () => void;
  /** A new reference to the value whose bits these are. */
  readonly retain: (context: JSContextPointer, bits: bigint) => JSValuePointer;
  readonly release: (context: JSContextPointer, value: JSValuePointer) => void;
}

interface Rejection {
  readonly context: JSContextPointer;
  readonly promise: JSValuePointer;
  readonly reason: JSValuePointer;
  readonly reasonBits: bigint;
  /** The reason as text, once it was asked for. */
  note?: string;
}

/** Rejections that nobody has handled and nobody was told of: why the first was, and how many there are. */
export interface Untold {
  readonly note: string | undefined;
  readonly count: number;
}

export class RejectionTracker {
  readonly #engine: TrackedEngine;
  readonly #unhandled = new Map<bigint, Rejection>();
  /** How many there were beyond those, and which: only their bits, for they may be gone by now. */
  #untracked = 0;
  readonly #untrackedBits = new Set<bigint>();

  constructor(engine: TrackedEngine) {
    this.#engine = engine;
    const callbackWord = findCallbackWord(engine);
    if (callbackWord !== undefined) wordsOf(engine.memory)[callbackWord] = this.#addToTable();
  }

  get isEmpty(): boolean {
    return this.#unhandled.size + this.#untracked === 0;
  }

  /** Notes the reason of the first, unless it is noted; `describe` gets a reference to dispose. */
  note(describe: (reason: JSValuePointer) => string): void {
    const [first] = this.#unhandled.values();
    if (first !== undefined) first.note ??= describe(this.#engine.retain(first.context, first.reasonBits));
  }

  /** Takes what is unhandled by now; the one that is first may have become so after the last look, without a note. */
  take(): Untold {
    const note = [...this.#unhandled.values()].find((rejection) => rejection.note !== undefined)?.note;
    const count = this.#unhandled.size + this.#untracked;
    this.forgetAll();
    return { note, count };
  }

  /** Forgets what was rejected with this very value: it is told in another way. */
  forget(value: JSValuePointer | JSValueConstPointer): void {
    const bits = new DataView(this.#engine.memory.buffer).getBigInt64(value, true);
    for (const [promise, rejection] of this.#unhandled) {
      if (rejection.reasonBits === bits) this.#drop(promise, rejection);
    }
  }

  forgetAll(): void {
    for (const [promise, rejection] of this.#unhandled) this.#drop(promise, rejection);
    this.#untracked = 0;
    this.#untrackedBits.clear();
  }

  #addToTable(): number {
    const { table } = this.#engine;
    const onChange = (context: JSContextPointer, promise: bigint, reason: bigint, isHandled: number) => {
      if (isHandled === 0) this.#add(context, promise, reason);
      else this.#remove(promise);
    };
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(trampoline), { h: { f: onChange } }).exports;
    const index = table.grow(1);
    table.set(index, f);
    return index;
  }

  #add(context: JSContextPointer, promiseBits: bigint, reasonBits: bigint): void {
    if (this.#unhandled.size === maxTracked) {
      this.#untracked += 1;
      if (this.#untrackedBits.size < maxUntrackedBits) this.#untrackedBits.add(promiseBits);
      return;
    }
    const { retain } = this.#engine;
    this.#unhandled.set(promiseBits, {
      context,
      promise: retain(context, promiseBits),
      reason: retain(context, reasonBits),
      reasonBits,
    });
  }

  /** A promise that is not known here was told of in an earlier run. */
  #remove(promiseBits: bigint): void {
    const rejection = this.#unhandled.get(promiseBits);
    if (rejection !== undefined) this.#drop(promiseBits, rejection);
    else if (this.#untrackedBits.delete(promiseBits)) this.#untracked -= 1;
  }

  #drop(promiseBits: bigint, { context, promise, reason }: Rejection): void {
    this.#unhandled.delete(promiseBits);
    this.#engine.release(context, promise);
    this.#engine.release(context, reason);
  }
}

/** Index of the word that holds the callback, or undefined where the engine is not laid out as expected. */
function findCallbackWord({ memory, runtimePointer, enableInterrupts }: TrackedEngine): number | undefined {
  const start = runtimePointer / Uint32Array.BYTES_PER_ELEMENT;
  const before = wordsOf(memory).slice(start, start + searchedWords);
  enableInterrupts();
  const words = wordsOf(memory);
  const found = before.findIndex((word, offset) => words[start + offset] !== word);
  const jobList = start + found + jobListOffset;
  const itself = jobList * Uint32Array.BYTES_PER_ELEMENT;
  const isAsExpected = found >= 0 && words[jobList] === itself && words[jobList + 1] === itself;
  return isAsExpected ? start + found + trackerOffset : undefined;
}

function wordsOf(memory: WebAssembly.Memory): Uint32Array {
  return new Uint32Array(memory.buffer);
}
