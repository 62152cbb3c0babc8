/**
 * The limits of one run, as the worker enforces them. The engine asks `mustStop` every few thousand steps; the first
 * reason found is kept, and from then on every answer is yes, because an interrupt can be swallowed by a promise.
 * What the guest does between two questions, in native loops, is beyond this class: the host's watchdog ends that,
 * by the deadline that is published here on every entry into the guest.
 * The cpu clock runs while guest code runs; waiting for timers, or for the host to take output, is wall time only.
 */
import type { Limits } from '#shared/contract/template';
import { monotonicMs } from '../monotonic-clock.ts';
import type { Deadline, RunMeter, StopReason } from '../run-meter.ts';
import type { GuestMemory } from './guest-memory.ts';

/** Time for showing one value; a preview that takes longer is given up, the run is not. */
const previewMs = 200;
/** Time for unwinding after the end. */
const cleanupMs = 100;

export interface RunBudgetOptions {
  readonly limits: Limits;
  readonly startedMs: number;
  readonly meter: RunMeter;
  readonly memory: GuestMemory;
}

export class RunBudget {
  readonly limits: Limits;
  readonly #startedMs: number;
  readonly #meter: RunMeter;
  readonly #memory: GuestMemory;
  #stopped: StopReason | undefined;
  #cpuMs = 0;
  #enteredMs = 0;
  #isInside = false;
  #isOver = false;
  #previewUntilMs = Number.POSITIVE_INFINITY;

  constructor({ limits, startedMs, meter, memory }: RunBudgetOptions) {
    this.limits = limits;
    this.#startedMs = startedMs;
    this.#meter = meter;
    this.#memory = memory;
  }

  get stopped(): StopReason | undefined {
    return this.#stopped;
  }

  get cpuMs(): number {
    return this.#cpuMs;
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return monotonicMs() - this.#startedMs;
  }

  /** Ends the run for this reason, unless there is one already. */
  stop(reason: StopReason): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = reason;
    this.#meter.markStopped(reason);
  }

  /** One entry into the guest. */
  enter<Result>(work: () => Result): Result {
    const nowMs = this.nowMs;
    return this.#within(nowMs, this.#deadline(nowMs), work);
  }

  /**
   * One entry that only shows a value: what takes too long is interrupted. A native loop that takes longer still is let
   * finish within the limits of the run, for ending the thread would cost the session over a preview.
   */
  enterPreview<Result>(work: () => Result): Result {
    this.#previewUntilMs = this.nowMs + previewMs;
    try {
      return this.enter(work);
    } finally {
      this.#previewUntilMs = Number.POSITIVE_INFINITY;
    }
  }

  /** The engine's work after the end, which no limit counts but the watchdog's; guest code is interrupted at once. */
  cleanUp<Result>(work: (hasTime: () => boolean) => Result): Result {
    const untilMs = this.nowMs + cleanupMs;
    const deadline: Deadline = { atMs: untilMs, reason: this.#stopped ?? 'cancelled' };
    this.#isOver = true;
    return this.#within(this.nowMs, deadline, () => work(() => this.nowMs < untilMs));
  }

  /** Holds the guest while its thread waits, for wall time only: so long at most as `wait` is told. */
  pause(wait: (atMostMs: number) => void): void {
    const pausedMs = this.nowMs;
    const wasInside = this.#isInside;
    if (wasInside) this.#leave();
    wait(this.limits.wall_ms - pausedMs);
    const nowMs = this.nowMs;
    this.#previewUntilMs += nowMs - pausedMs;
    if (wasInside) this.#enter(nowMs, this.#deadline(nowMs));
  }

  /** Asked by the engine in the middle of guest code. */
  mustStop(nowMs: number): boolean {
    this.#stopIfOver(nowMs, this.#cpuMs + nowMs - this.#enteredMs);
    return this.#isOver || this.#stopped !== undefined || nowMs > this.#previewUntilMs;
  }

  /** Asked between two entries, when the guest waits. */
  check(): void {
    this.#stopIfOver(this.nowMs, this.#cpuMs);
  }

  #within<Result>(nowMs: number, deadline: Deadline, work: () => Result): Result {
    this.#meter.memoryBytes = this.#memory.bytes;
    this.#enter(nowMs, deadline);
    try {
      return work();
    } finally {
      this.#leave();
      this.#meter.memoryBytes = this.#memory.bytes;
      this.check();
    }
  }

  #enter(nowMs: number, deadline: Deadline): void {
    this.#isInside = true;
    this.#enteredMs = nowMs;
    this.#meter.enterGuest(nowMs, deadline);
  }

  #leave(): void {
    this.#isInside = false;
    this.#cpuMs += this.nowMs - this.#enteredMs;
    this.#meter.leaveGuest(this.#cpuMs);
  }

  #deadline(nowMs: number): Deadline {
    return earlier(
      { atMs: nowMs + this.limits.cpu_ms - this.#cpuMs, reason: 'cpu_ms' },
      { atMs: this.limits.wall_ms, reason: 'wall_ms' },
    );
  }

  #stopIfOver(nowMs: number, cpuMs: number): void {
    const reason = this.#stopped ?? this.#reasonAt(nowMs, cpuMs);
    if (reason !== undefined) this.stop(reason);
  }

  #reasonAt(nowMs: number, cpuMs: number): StopReason | undefined {
    if (this.#meter.isCancelRequested) return 'cancelled';
    if (cpuMs > this.limits.cpu_ms) return 'cpu_ms';
    if (nowMs > this.limits.wall_ms) return 'wall_ms';
    return this.#memory.isExceeded ? 'mem_mb' : undefined;
  }
}

function earlier(one: Deadline, other: Deadline): Deadline {
  return other.atMs < one.atMs ? other : one;
}
