/**
 * Worker threads that wait with a warm instance. A thread takes tens of milliseconds to start, so as many as are wanted
 * are kept ready; each serves one session and is never used again, for what a guest did to it cannot be undone. A session
 * that wants an instance unlike those in stock has to boot its own; the next spare is booted as that one was.
 */
import type { Log } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { InstanceOptions } from './protocol.ts';
import { WorkerHandle, type WorkerStart } from './worker-handle.ts';

/** A thread that starts takes a core away from whoever took the spare, so the next one starts a little later. */
const refillDelayMs = 20;

export interface WorkerPoolOptions {
  /** How spares start, before any session has asked for another kind. */
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
    this.#refill(options.start.options);
  }

  /** A ready worker, which is the caller's from now on: a spare that need not be waited for, or one booted like this. */
  async take(wanted: InstanceOptions): Promise<WorkerHandle> {
    if (this.#isClosed) throw new VmError('HOST_STOPPING', 'The runtime host is stopping and opens no more runtimes');
    const worker = this.#takeSpare(wanted) ?? this.#startWorker(wanted);
    this.#refillSoon(wanted);
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

  /** To boot another instance in a ready thread takes less than to wait for a thread that starts. */
  #takeSpare({ memMb }: InstanceOptions): WorkerHandle | undefined {
    const ready = this.#spares.filter(({ isReady }) => isReady);
    const choice = ready.length > 0 ? ready : this.#spares;
    const spare = choice.find(({ options }) => options.memMb === memMb) ?? choice[0];
    if (spare !== undefined) this.#spares.splice(this.#spares.indexOf(spare), 1);
    return spare;
  }

  #refillSoon(wanted: InstanceOptions): void {
    setTimeout(() => this.#refill(wanted), refillDelayMs).unref();
  }

  #refill(wanted: InstanceOptions): void {
    if (this.#isClosed) return;
    while (this.#spares.length < this.#options.spareWorkers) this.#spares.push(this.#startWorker(wanted));
  }

  #startWorker(options: InstanceOptions): WorkerHandle {
    const worker = new WorkerHandle({ ...this.#options.start, options });
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
