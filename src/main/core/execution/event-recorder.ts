/**
 * Gives the events of one execution their numbers and takes them to the store in batches, in order, while it runs.
 * Events that a failed write left behind stay here, so that the end of the execution can still store all of them:
 * a gap in `seq` cannot come about.
 */
import type { EventBus } from '#core/event-bus';
import type { ExecutionStore } from '#core/ports';
import type { EventDraft, ExecutionEvent } from '#shared/contract/event';

export interface EventRecorderParts {
  readonly store: ExecutionStore;
  readonly bus: EventBus;
  readonly executionId: string;
  /** Called once, when the store refuses a batch. */
  readonly onFailure: () => void;
}

export class EventRecorder {
  readonly #parts: EventRecorderParts;
  readonly #all: ExecutionEvent[] = [];
  #storedCount = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;

  constructor(parts: EventRecorderParts) {
    this.#parts = parts;
  }

  /** Every event so far, in order. */
  get all(): readonly ExecutionEvent[] {
    return this.#all;
  }

  /** What the store refused a batch with. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Numbers events without storing them: the caller stores them together with something else. */
  number(drafts: readonly EventDraft[]): ExecutionEvent[] {
    const numbered = drafts.map((draft, index) =>
      numberedEvent(draft, this.#parts.executionId, this.#all.length + index + 1),
    );
    for (const event of numbered) this.#all.push(event);
    return numbered;
  }

  /** Everything that has a number and is not stored. */
  unstored(): readonly ExecutionEvent[] {
    return this.#all.slice(this.#storedCount);
  }

  /** Tells that the caller stored all events so far. */
  markStored(): void {
    const fresh = this.unstored();
    this.#storedCount = this.#all.length;
    this.#publish(fresh);
  }

  /** Numbers events and sees to it that they are stored. */
  record(drafts: readonly EventDraft[]): void {
    this.number(drafts);
    this.#writing ??= this.#write();
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#failure === undefined && this.#storedCount < this.#all.length) {
        const batch = this.unstored();
        await this.#parts.store.append(batch);
        this.#storedCount += batch.length;
        this.#publish(batch);
      }
    } catch (error) {
      this.#failure = error;
      this.#parts.onFailure();
    } finally {
      this.#writing = undefined;
    }
  }

  #publish(events: readonly ExecutionEvent[]): void {
    if (events.length === 0) return;
    this.#parts.bus.publish({ type: 'events_appended', execution_id: this.#parts.executionId, events });
  }
}

/** The compiler cannot see that spreading keeps type and payload together, so the pairing is stated here once. */
function numberedEvent(draft: EventDraft, executionId: string, seq: number): ExecutionEvent {
  return { execution_id: executionId, seq, ...draft } as ExecutionEvent;
}
