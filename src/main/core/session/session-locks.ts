/**
 * One lock per session: whoever runs, starts or closes it holds it. Executions try and are refused at once; closing
 * waits. Lock order: session, then operation, then leaves. Long input or output never happens under it.
 */
import { VmError } from '#core/vm-error';

export type Release = () => void;

export class SessionLocks {
  readonly #held = new Map<string, Promise<void>>();
  #isClosed = false;

  /** Takes the lock, or returns undefined at once where somebody holds it. Throws HOST_STOPPING after `close`. */
  tryLock(sessionId: string): Release | undefined {
    if (this.#isClosed) {
      throw new VmError('HOST_STOPPING', 'The host is shutting down and takes no more work. Start it again and retry.');
    }
    if (this.#held.has(sessionId)) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(sessionId, promise);
    return () => {
      if (this.#held.get(sessionId) === promise) this.#held.delete(sessionId);
      resolve();
    };
  }

  /** Takes the lock as soon as it is free. */
  async lock(sessionId: string): Promise<Release> {
    for (;;) {
      const release = this.tryLock(sessionId);
      if (release !== undefined) return release;
      await this.#held.get(sessionId);
    }
  }

  /** Gives no lock any more and resolves when none is held. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#held.size > 0) await Promise.all(this.#held.values());
  }
}
