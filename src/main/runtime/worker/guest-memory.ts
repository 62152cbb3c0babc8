/**
 * How much a guest may hold. The engine's own limit refuses single requests only, so the guest is stopped once its
 * Memory has grown past a soft limit, well below the maximum at which the engine would fall apart. Eight megabytes are
 * held back and given free after such a stop, so that there is room to unwind in.
 */
import type { Engine } from './engine.ts';

const mebibyte = 1024 * 1024;
const pageBytes = 65_536;
const initialPages = 256;
/** What the engine itself is compiled for: 2 GiB. */
const maximumPages = 32_768;
const ballastBytes = 8 * mebibyte;

/** A Memory for a guest of so many mebibytes, with as much again to overshoot in. */
export function newGuestMemory(memMb: number): WebAssembly.Memory {
  const wanted = 2 * (initialPages + (memMb * mebibyte) / pageBytes);
  return new WebAssembly.Memory({ initial: initialPages, maximum: Math.min(wanted, maximumPages) });
}

export class GuestMemory {
  readonly #engine: Engine;
  readonly #memMb: number;
  #ballast: number | undefined;
  #softBytes: number;

  constructor(engine: Engine, memMb: number) {
    this.#engine = engine;
    this.#memMb = memMb;
    this.#ballast = engine.allocate(ballastBytes);
    this.#softBytes = engine.memoryBytes + memMb * mebibyte;
    engine.context.runtime.setMemoryLimit(memMb * mebibyte);
  }

  get bytes(): number {
    return this.#engine.memoryBytes;
  }

  get isExceeded(): boolean {
    return this.#engine.memoryBytes > this.#softBytes;
  }

  /**
   * After the limit was hit and the guest has unwound: tells whether a quarter of its memory is free again, not counting
   * the ballast and what the Memory grew past the limit. If so the guest may go on with the memory it has, which never
   * shrinks; growing further counts as a new hit.
   */
  recover(): boolean {
    if (this.#ballast !== undefined) this.#engine.free(this.#ballast);
    const grownBytes = this.#engine.memoryBytes;
    const neededBytes = (this.#memMb * mebibyte) / 4 + ballastBytes + grownBytes - this.#softBytes;
    const hasRoom = this.#canHold(Math.ceil(neededBytes / mebibyte)) && this.#engine.memoryBytes === grownBytes;
    this.#ballast = this.#engine.allocate(ballastBytes);
    this.#softBytes = this.#engine.memoryBytes;
    return hasRoom;
  }

  #canHold(mebibytes: number): boolean {
    const chunks: number[] = [];
    const limit = this.#engine.memoryBytes;
    while (chunks.length < mebibytes) {
      const chunk = this.#engine.allocate(mebibyte);
      if (chunk === undefined) break;
      chunks.push(chunk);
      if (this.#engine.memoryBytes > limit) break;
    }
    for (const chunk of chunks) this.#engine.free(chunk);
    return chunks.length === mebibytes;
  }
}
