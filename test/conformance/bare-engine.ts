/** The engine alone: the same WebAssembly as the product's, on a thread with the same stack, and nothing around it. */
import { Worker } from 'node:worker_threads';
import type { Engine, Outcome, Realm } from './engine.ts';

export type BareRequest =
  | { readonly kind: 'open'; readonly limitMs: number }
  | { readonly kind: 'run'; readonly source: string };

export class BareEngine implements Engine {
  readonly name = 'bare engine';
  readonly #limitMs: number;
  readonly #idle: Thread[] = [];

  /** A script that takes longer is stopped, so that a case that loops ends. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  async newRealm(): Promise<Realm> {
    const thread = this.#takeIdle();
    await thread.ask({ kind: 'open', limitMs: this.#limitMs });
    return { run: (source) => thread.ask({ kind: 'run', source }), close: async () => void this.#idle.push(thread) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.close()));
  }

  #takeIdle(): Thread {
    return this.#idle.pop() ?? new Thread();
  }
}

class Thread {
  readonly #worker = new Worker(new URL('./bare-engine-worker.ts', import.meta.url), {
    resourceLimits: { stackSizeMb: 16 },
  });

  ask(request: BareRequest): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.#worker.once('error', reject);
    this.#worker.once('message', (outcome: Outcome) => {
      this.#worker.off('error', reject);
      resolve(outcome);
    });
    this.#worker.postMessage(request);
    return promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
