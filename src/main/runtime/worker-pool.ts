/**
 * Worker threads that wait with a warm instance. A thread takes tens of milliseconds to start, so as many as are wanted
 * are kept ready; each serves one session and is never used again, for what a guest did to it cannot be undone.
 */
import type { Log } from '#core/ports';
import { VmError } from '#core/vm-error';
import { WorkerHandle, type WorkerStart } from './worker-handle.ts';

/** A thread that starts takes a core away from whoever took the spare, so the next one starts a little later. */
const refillDelayMs = 20;

export interface WorkerPoolOptions {
  readonly start: WorkerStart;
  readonly spareWorkers: number;
  readonly log: Log;
}

export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #spares: WorkerHandle[] = [];
  #isClosed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#refill();
  }

  /** A ready worker, which is the caller's from now on. */
  async take(): Promise<WorkerHandle> {
    if (this.#isClosed) throw new VmError('HOST_STOPPING', 'The runtime host is stopping and opens no more runtimes');
    const worker = this.#spares.shift() ?? this.#startWorker();
    this.#refillSoon();
    try {
      await worker.ready;
    } catch (cause) {
      throw new VmError('INTERNAL', 'A worker thread for the runtime could not be started', { cause });
    }
    return worker;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#spares.splice(0).map((worker) => worker.terminate()));
  }

  #refillSoon(): void {
    setTimeout(() => this.#refill(), refillDelayMs).unref();
  }

  #refill(): void {
    if (this.#isClosed) return;
    while (this.#spares.length < this.#options.spareWorkers) this.#spares.push(this.#startWorker());
  }

  #startWorker(): WorkerHandle {
    const worker = new WorkerHandle(this.#options.start);
    void worker.ended.then((reason) => this.#forget(worker, reason));
    return worker;
  }

  /** A spare that ended by itself is not replaced here: if it cannot start, the next one cannot either. */
  #forget(worker: WorkerHandle, reason: string): void {
    const index = this.#spares.indexOf(worker);
    if (index < 0) return;
    this.#spares.splice(index, 1);
    this.#options.log.error('A spare worker ended by itself', { reason });
  }
}
