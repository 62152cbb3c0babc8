/** A live runtime: one worker thread, one run at a time, and the watchdog over it. */
import type { RunEnd, RunOutcome, RunRequest, Runtime } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { GuestEvent } from '#shared/contract/event';
import { monotonicMs } from './monotonic-clock.ts';
import type { StopReason } from './run-meter.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkerHandle } from './worker-handle.ts';

export interface WorkerRuntimeOptions {
  readonly worker: WorkerHandle;
  readonly strict: boolean;
  readonly onClosed: () => void;
}

export class WorkerRuntime implements Runtime {
  readonly #worker: WorkerHandle;
  readonly #strict: boolean;
  readonly #onClosed: () => void;
  #isRunning = false;
  #isClosed = false;
  #killed: StopReason | undefined;

  constructor({ worker, strict, onClosed }: WorkerRuntimeOptions) {
    this.#worker = worker;
    this.#strict = strict;
    this.#onClosed = onClosed;
    void worker.ended.then(() => this.close());
  }

  async run(request: RunRequest, onEvents: (events: readonly GuestEvent[]) => void): Promise<RunOutcome> {
    if (this.#isRunning) throw new VmError('SESSION_BUSY', 'This runtime is running something else; wait for its end');
    this.#isRunning = true;
    const startedMs = monotonicMs();
    const { meter } = this.#worker;
    const watchdog = new Watchdog({ meter, limits: request.limits, startedMs, kill: (reason) => this.#kill(reason) });
    try {
      const outcome = await this.#worker.run({ request, strict: this.#strict, startedMs }, onEvents);
      if (!outcome.usable) await this.close();
      return { ...outcome, wallMs: monotonicMs() - startedMs };
    } catch (error) {
      return this.#lostOutcome(request, monotonicMs() - startedMs, error);
    } finally {
      watchdog.stop();
      this.#isRunning = false;
    }
  }

  cancel(): void {
    if (this.#isRunning) this.#worker.cancel();
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#onClosed();
    }
    await this.#worker.terminate();
  }

  #kill(reason: StopReason): void {
    this.#killed = reason;
    void this.close();
  }

  /** The end of a run whose worker is gone, from what the worker had left in shared memory. */
  #lostOutcome(request: RunRequest, wallMs: number, error: unknown): RunOutcome {
    const { meter } = this.#worker;
    const wasClosed = this.#isClosed && this.#killed === undefined;
    const end = wasClosed ? closedEnd : endOfKilled(this.#killed, request, error);
    void this.close();
    const { outputBytes, memoryBytes } = meter;
    return { end, cpuMs: meter.cpuMs(wallMs), wallMs, outputBytes, memoryBytes, usable: false };
  }
}

/** Closing a runtime cancels what runs in it. */
const closedEnd: RunEnd = { kind: 'cancelled' };

function endOfKilled(reason: StopReason | undefined, { limits }: RunRequest, error: unknown): RunEnd {
  if (reason === undefined) return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
  if (reason === 'cancelled') return { kind: 'cancelled' };
  if (reason === 'preview') return { kind: 'fault', message: 'Showing the value could not be stopped in time' };
  return { kind: 'limit', limit: reason, allowed: limits[reason] };
}
