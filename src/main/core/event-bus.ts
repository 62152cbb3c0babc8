/**
 * Tells subscribers what has happened, after it was stored. It owns no history: replay is the store's part.
 * A subscriber that throws is logged and kept, so that one bad listener cannot stop an execution.
 */

import type { Log } from '#core/ports';
import type { HostEvent } from '#shared/contract/host';

export type CoreEvent =
  | Exclude<HostEvent, { type: 'reset' }>
  /** There are more events in the store; whoever follows the execution reads them there. */
  | { readonly type: 'events_appended'; readonly execution_id: string }
  | { readonly type: 'execution_ended'; readonly execution_id: string };

export type Listener = (event: CoreEvent) => void;

export class EventBus {
  readonly #listeners = new Set<Listener>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: CoreEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error('an event listener failed', { type: event.type, error });
      }
    }
  }
}
