/**
 * Ends what the worker cannot end itself. Native loops poll nothing and a promise can swallow an interrupt, so while a
 * run is on, the host looks at its meter and terminates the thread once a deadline is overdue. The reason it gives is the
 * first there was: a run that was stopped already, and did not listen, ends for that.
 */
import type { Limits } from '#shared/contract/template';
import { monotonicMs } from './monotonic-clock.ts';
import type { RunMeter, StopReason } from './run-meter.ts';

const pollMs = 25;
/** How long the worker has to stop by itself. */
const graceMs = 250;

export interface WatchdogOptions {
  readonly meter: RunMeter;
  readonly limits: Limits;
  readonly startedMs: number;
  /** Called once, when the thread has to be ended. */
  readonly kill: (reason: StopReason) => void;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #timer: NodeJS.Timeout;
  #cancelledMs: number | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), pollMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { meter, startedMs, kill } = this.#options;
    const reason = this.#overdue(monotonicMs() - startedMs, meter);
    if (reason === undefined) return;
    this.stop();
    kill(meter.stopReason ?? reason);
  }

  #overdue(nowMs: number, meter: RunMeter): StopReason | undefined {
    if (meter.isCancelRequested) this.#cancelledMs ??= nowMs;
    if (this.#cancelledMs !== undefined && nowMs > this.#cancelledMs + graceMs) return 'cancelled';
    if (nowMs > this.#options.limits.wall_ms + graceMs) return 'wall_ms';
    const { deadline } = meter;
    return deadline !== undefined && nowMs > deadline.atMs + graceMs ? deadline.reason : undefined;
  }
}
