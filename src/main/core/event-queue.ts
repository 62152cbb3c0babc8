/**
 * Turns pushed items into an async iterator, for streams. Bounded: for a reader that falls behind by more than the
 * limit it ends, instead of growing the host's memory; the reader can come back with the last id it has seen.
 */
export class EventQueue<Item> implements AsyncIterableIterator<Item> {
  readonly #items: Item[] = [];
  readonly #limit: number;
  readonly #onClose: () => void;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(limit: number, onClose: () => void) {
    this.#limit = limit;
    this.#onClose = onClose;
  }

  push(item: Item): void {
    if (this.#isClosed) return;
    this.#items.push(item);
    if (this.#items.length > this.#limit) this.close();
    this.#wake?.();
  }

  /** Ends the iteration after what is queued. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return { done: false, value: item };
      if (this.#isClosed) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#items.length = 0;
    this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
