/** A live runtime: one worker thread, one run at a time, and the watchdog over it. */
import type { GuestName, RunEnd, RunOutcome, RunRequest, Runtime, RuntimeVariables } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { GuestEvent } from '#shared/contract/event';
import type { GuestCalls } from './guest-calls.ts';
import { monotonicMs } from './monotonic-clock.ts';
import type { StopReason } from './run-meter.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkerHandle } from './worker-handle.ts';

export interface WorkerRuntimeOptions {
  readonly worker: WorkerHandle;
  readonly calls: GuestCalls;
  readonly strict: boolean;
  /** Called once or more when the runtime is of no use any longer. */
  readonly onGone: () => void;
}

export class WorkerRuntime implements Runtime {
  readonly #worker: WorkerHandle;
  readonly #calls: GuestCalls;
  readonly #strict: boolean;
  readonly #onGone: () => void;
  #isRunning = false;
  /** Why the worker was ended from here, where it was. */
  #ended: StopReason | 'closed' | undefined;

  constructor({ worker, calls, strict, onGone }: WorkerRuntimeOptions) {
    this.#worker = worker;
    this.#calls = calls;
    this.#strict = strict;
    this.#onGone = onGone;
    void worker.ended.then(() => {
      onGone();
      void calls.close();
    });
  }

  get isAlive(): boolean {
    return this.#ended === undefined && !this.#worker.isEnded;
  }

  async run(request: RunRequest, onEvents: (events: readonly GuestEvent[]) => void): Promise<RunOutcome> {
    this.#refuseWhileRunning();
    if (this.#ended !== undefined) return goneOutcome;
    this.#isRunning = true;
    const startedMs = monotonicMs();
    const { meter } = this.#worker;
    const watchdog = new Watchdog({ meter, limits: request.limits, startedMs, kill: (reason) => this.#end(reason) });
    try {
      const outcome = await this.#worker.run({ request, strict: this.#strict, startedMs }, onEvents);
      if (!outcome.usable) await this.close();
      return { ...outcome, wallMs: monotonicMs() - startedMs };
    } catch (error) {
      return this.#lostOutcome(request, monotonicMs() - startedMs, error);
    } finally {
      watchdog.stop();
      const notices = await this.#calls.endRun();
      if (notices.length > 0) onEvents(notices.map(warningOf));
      this.#isRunning = false;
    }
  }

  async inspectGlobals(): Promise<RuntimeVariables> {
    this.#refuseWhileRunning();
    return this.#worker.inspectGlobals();
  }

  async listNames(chain: readonly string[]): Promise<readonly GuestName[]> {
    this.#refuseWhileRunning();
    return this.#worker.listNames(chain);
  }

  cancel(): void {
    if (!this.#isRunning) return;
    this.#worker.cancel();
    this.#calls.abortAll();
  }

  async close(): Promise<void> {
    this.#end('closed');
    await this.#worker.terminate();
    await this.#calls.close();
  }

  #refuseWhileRunning(): void {
    if (!this.#isRunning) return;
    throw new VmError('SESSION_BUSY', 'This runtime is running something else; wait for its end');
  }

  #end(reason: StopReason | 'closed'): void {
    this.#ended ??= reason;
    this.#onGone();
    void this.#worker.terminate();
  }

  /** The end of a run whose worker is gone, from what the worker had left in shared memory. */
  #lostOutcome(request: RunRequest, wallMs: number, error: unknown): RunOutcome {
    const { meter } = this.#worker;
    const { outputBytes, memoryBytes } = meter;
    const end = endOf(this.#ended, request, error);
    return { end, cpuMs: meter.cpuMs(wallMs), wallMs, outputBytes, memoryBytes, usable: false };
  }
}

const goneOutcome: RunOutcome = {
  end: { kind: 'fault', message: 'The runtime is gone; open another one' },
  cpuMs: 0,
  wallMs: 0,
  outputBytes: 0,
  memoryBytes: 0,
  usable: false,
};

function warningOf(message: string): GuestEvent {
  return { type: 'system', ts: new Date().toISOString(), payload: { message, level: 'warn' } };
}

/** Closing a runtime cancels what runs in it; a worker that went away by itself is a fault. */
function endOf(reason: StopReason | 'closed' | undefined, { limits }: RunRequest, error: unknown): RunEnd {
  switch (reason) {
    case undefined:
      return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
    case 'closed':
    case 'cancelled':
      return { kind: 'cancelled' };
    default:
      return { kind: 'limit', limit: reason, allowed: limits[reason] };
  }
}
