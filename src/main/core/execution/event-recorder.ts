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
  /** Whether events stay in memory after they are stored. */
  readonly keepsEvents: boolean;
  /** Called once, when the store refuses a batch. */
  readonly onFailure: () => void;
}

export class EventRecorder {
  readonly #parts: EventRecorderParts;
  #count = 0;
  #kept: ExecutionEvent[] = [];
  #unstored: ExecutionEvent[] = [];
  #writing: Promise<void> | undefined;
  #failure: unknown;

  constructor(parts: EventRecorderParts) {
    this.#parts = parts;
  }

  /** How many events there are. */
  get count(): number {
    return this.#count;
  }

  /** Every event so far, in order, where they are kept. */
  get kept(): readonly ExecutionEvent[] {
    return this.#kept;
  }

  /** Everything that has a number and is not stored. */
  get unstored(): readonly ExecutionEvent[] {
    return this.#unstored;
  }

  /** What the store refused a batch with. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Numbers events without storing them: the caller stores what is `unstored` together with something else. */
  number(drafts: readonly EventDraft[]): void {
    for (const draft of drafts) {
      this.#count += 1;
      const event = numbered(draft, this.#parts.executionId, this.#count);
      this.#unstored.push(event);
      if (this.#parts.keepsEvents) this.#kept.push(event);
    }
  }

  /** Tells that the caller has stored what was `unstored`. */
  markStored(): void {
    if (this.#unstored.length === 0) return;
    this.#unstored = [];
    this.#tell();
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
      while (this.#failure === undefined && this.#unstored.length > 0) await this.#writeBatch();
    } catch (error) {
      this.#failure = error;
      this.#parts.onFailure();
    } finally {
      this.#writing = undefined;
    }
  }

  /** More events can come while a batch is being written; they are the next batch. */
  async #writeBatch(): Promise<void> {
    const batch = this.#unstored;
    this.#unstored = [];
    try {
      await this.#parts.store.append(batch);
    } catch (error) {
      this.#unstored = [...batch, ...this.#unstored];
      throw error;
    }
    this.#tell();
  }

  #tell(): void {
    this.#parts.bus.publish({ type: 'events_appended', execution_id: this.#parts.executionId });
  }
}

/** The compiler cannot see that spreading keeps type and payload together, so the pairing is stated here once. */
function numbered(draft: EventDraft, executionId: string, seq: number): ExecutionEvent {
  return { execution_id: executionId, seq, ...draft } as ExecutionEvent;
}
