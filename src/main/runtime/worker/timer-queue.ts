/**
 * The schedule of a guest's timers, soonest first. It holds no guest values: callbacks stay in the guest by id, so that
 * a schedule can be dropped without the guest, and a guest restored without its schedule.
 */
export interface Timer {
  readonly id: number;
  readonly delayMs: number;
  readonly repeats: boolean;
  readonly dueMs: number;
}

/** More would fill the worker's own heap, which no limit of the guest covers. */
const maxTimers = 100_000;

export class TimerQueue {
  #timers: Timer[] = [];
  #oneShots = 0;

  /** Number of timers that fire once. */
  get oneShots(): number {
    return this.#oneShots;
  }

  get next(): Timer | undefined {
    return this.#timers[0];
  }

  arm(timer: Timer): void {
    if (this.#timers.length === maxTimers) throw new RangeError(`More than ${maxTimers} timers at once`);
    this.#timers.splice(this.#placeOf(timer.dueMs), 0, timer);
    if (!timer.repeats) this.#oneShots += 1;
  }

  disarm(id: number): void {
    const index = this.#timers.findIndex((timer) => timer.id === id);
    const [timer] = index < 0 ? [] : this.#timers.splice(index, 1);
    if (timer?.repeats === false) this.#oneShots -= 1;
  }

  /** Takes the next timer if it is due; one that repeats is armed again, counted from now. */
  takeDue(nowMs: number): Timer | undefined {
    const timer = this.#timers[0];
    if (timer === undefined || timer.dueMs > nowMs) return undefined;
    this.disarm(timer.id);
    if (timer.repeats) this.arm({ ...timer, dueMs: nowMs + timer.delayMs });
    return timer;
  }

  /** Drops every timer, or only those that fire once. */
  drop(which: 'all' | 'one-shots'): void {
    this.#timers = which === 'all' ? [] : this.#timers.filter((timer) => timer.repeats);
    this.#oneShots = 0;
  }

  /** Timers of the same moment fire in the order they were armed; most are armed last and fire last. */
  #placeOf(dueMs: number): number {
    let place = this.#timers.length;
    while (place > 0 && (this.#timers[place - 1]?.dueMs ?? 0) > dueMs) place -= 1;
    return place;
  }
}
