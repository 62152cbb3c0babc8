/** Lets so many through at once; the others wait for their turn in the order they came. */
import type { Abort } from '#core/ports';

export class Turns {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves to the function that ends the turn: when it is the caller's turn, or when it no longer wants one. */
  async take(abort: Abort): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#handedOver(abort))) return () => undefined;
    return () => this.#give();
  }

  /** False where the caller left before. */
  #handedOver(abort: Abort): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = () => resolve(true);
      const leave = () => {
        if (this.#waiting.delete(enter)) resolve(false);
      };
      this.#waiting.add(enter);
      abort.addEventListener('abort', leave, { once: true });
    });
  }

  #give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
