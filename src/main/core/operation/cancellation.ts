/** Tells work, once, that nobody wants its result any more. The core has no AbortController of its own. */
import type { Abort } from '#core/ports';

export class Cancellation implements Abort {
  readonly #listeners = new Set<() => void>();
  aborted = false;

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  cancel(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
