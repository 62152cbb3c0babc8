/**
 * The events that a worker has not yet handed over, in shared memory. Events travel in batches, and a worker that is
 * killed inside a native loop never sends its last batch: the host reads it here instead, so that nothing a guest
 * printed is lost. Records are lines of JSON; `first` numbers them, so that none is counted twice.
 */
import type { GuestEvent } from '#shared/contract/event';

/** Room for a batch of ordinary events. */
const capacityBytes = 524_288;
const headerCells = 2;
const usedCell = 0;
const firstCell = 1;

export class OutputJournal {
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #encoder = new TextEncoder();

  constructor(buffer = new SharedArrayBuffer(headerCells * Int32Array.BYTES_PER_ELEMENT + capacityBytes)) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, headerCells);
    this.#bytes = new Uint8Array(buffer, this.#header.byteLength);
  }

  /** Host: forgets the last run. */
  reset(): void {
    this.#header.fill(0);
  }

  /** Worker: keeps an event; false where there is no room for it, or not before the batch is handed over. */
  append(event: GuestEvent): boolean {
    const used = Atomics.load(this.#header, usedCell);
    const line = `${JSON.stringify(event)}\n`;
    const { read, written } = this.#encoder.encodeInto(line, this.#bytes.subarray(used));
    if (read < line.length) return false;
    Atomics.store(this.#header, usedCell, used + written);
    return true;
  }

  /** Worker: so many events were handed over. */
  clear(count: number): void {
    Atomics.store(this.#header, usedCell, 0);
    Atomics.add(this.#header, firstCell, count);
  }

  /** Host, once the worker is gone: the events that never arrived, given how many did. */
  unread(receivedCount: number): string[] {
    const used = Atomics.load(this.#header, usedCell);
    const first = Atomics.load(this.#header, firstCell);
    const lines = new TextDecoder().decode(this.#bytes.slice(0, used)).split('\n').slice(0, -1);
    return lines.slice(Math.max(0, receivedCount - first));
  }
}
