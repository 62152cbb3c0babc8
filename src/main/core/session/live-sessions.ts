/**
 * What is true only now: which sessions have a runtime, and what runs in them. It lives in memory, is rebuilt by use,
 * and never reaches the store. A session that is `ready` but not in here sleeps; the session starter wakes it.
 */
import type { CancelReason } from '#core/execution/execution-end';
import type { Runtime } from '#core/ports';

export interface RunningExecution {
  readonly executionId: string;
  /** Asks it to stop; the first reason is the one it ends with. */
  cancel(reason: CancelReason): void;
  /** Resolves when the execution has ended and is stored; never rejects. */
  readonly ended: Promise<unknown>;
}

export class LiveSessions {
  readonly #runtimes = new Map<string, Runtime>();
  readonly #running = new Map<string, RunningExecution>();
  readonly #losses = new Map<string, string>();
  /** What still starts in these sessions is cancelled at once. */
  readonly #cancelled = new Map<string, CancelReason>();
  #cancelsAll: CancelReason | undefined;

  /** The runtime of a session, if there is one that works: a worker may have died while nobody used it. */
  runtimeOf(sessionId: string): Runtime | undefined {
    const runtime = this.#runtimes.get(sessionId);
    if (runtime === undefined || runtime.isAlive) return runtime;
    this.#runtimes.delete(sessionId);
    this.#losses.set(sessionId, 'its worker ended while it was idle');
    return undefined;
  }

  attach(sessionId: string, runtime: Runtime): void {
    this.#runtimes.set(sessionId, runtime);
    this.#losses.delete(sessionId);
  }

  /** Gives a runtime up; `loss` tells the next user of the session why its state is gone. */
  async detach(sessionId: string, loss?: string): Promise<void> {
    const runtime = this.#runtimes.get(sessionId);
    this.#runtimes.delete(sessionId);
    if (loss === undefined) this.#losses.delete(sessionId);
    else this.#losses.set(sessionId, loss);
    await runtime?.close();
  }

  /** Why the state of a session without runtime is gone. */
  lossOf(sessionId: string): string {
    return this.#losses.get(sessionId) ?? 'the host was restarted';
  }

  setRunning(sessionId: string, execution: RunningExecution): void {
    this.#running.set(sessionId, execution);
    const reason = this.#cancelsAll ?? this.#cancelled.get(sessionId);
    if (reason !== undefined) execution.cancel(reason);
    void execution.ended.then(() => {
      if (this.#running.get(sessionId) === execution) this.#running.delete(sessionId);
    });
  }

  runningIn(sessionId: string): RunningExecution | undefined {
    return this.#running.get(sessionId);
  }

  /** Cancels what runs in a session and whatever still starts in it, until the returned function is called. */
  cancelIn(sessionId: string, reason: CancelReason): () => void {
    this.#cancelled.set(sessionId, reason);
    this.#running.get(sessionId)?.cancel(reason);
    return () => this.#cancelled.delete(sessionId);
  }

  /** Cancels what runs now and whatever still starts after this. */
  cancelAll(reason: CancelReason): void {
    this.#cancelsAll = reason;
    for (const execution of this.#running.values()) execution.cancel(reason);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#runtimes.keys()].map((sessionId) => this.detach(sessionId)));
  }
}
