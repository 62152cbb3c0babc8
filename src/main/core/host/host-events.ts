/**
 * Everything that changes in the host as one numbered stream, for clients that keep a copy of it. The last events stay
 * in memory for clients that come back with the id they have seen; one that comes back too late, or after a restart of
 * the host, is told to load everything anew.
 */
import type { EventBus } from '#core/event-bus';
import { EventQueue } from '#core/event-queue';
import type { HostEvent } from '#shared/contract/host';

export interface NumberedHostEvent {
  /** `RUN-NUMBER`: the run of the host keeps ids of an earlier run from being taken for ours. */
  readonly id: string;
  readonly event: HostEvent;
}

const keptCount = 1000;

export class HostEvents {
  readonly #runId: string;
  readonly #kept: NumberedHostEvent[] = [];
  readonly #readers = new Set<EventQueue<NumberedHostEvent>>();
  #count = 0;

  constructor(bus: EventBus, runId: string) {
    this.#runId = runId;
    bus.subscribe((event) => {
      if (event.type !== 'events_appended' && event.type !== 'execution_ended') this.#add(event);
    });
  }

  /** Follows the stream from after `lastId` on, or from now. */
  follow(lastId: string | undefined): EventQueue<NumberedHostEvent> {
    const reader: EventQueue<NumberedHostEvent> = new EventQueue(keptCount * 2, () => this.#readers.delete(reader));
    for (const missed of this.#after(lastId)) reader.push(missed);
    this.#readers.add(reader);
    return reader;
  }

  close(): void {
    for (const reader of this.#readers) reader.close();
  }

  #add(event: HostEvent): void {
    this.#count += 1;
    const numbered = { id: this.#idOf(this.#count), event };
    this.#kept.push(numbered);
    if (this.#kept.length > keptCount) this.#kept.shift();
    for (const reader of this.#readers) reader.push(numbered);
  }

  #after(lastId: string | undefined): readonly NumberedHostEvent[] {
    if (lastId === undefined || lastId === this.#idOf(this.#count)) return [];
    const index = this.#kept.findIndex(({ id }) => id === lastId);
    if (index >= 0) return this.#kept.slice(index + 1);
    return [{ id: this.#idOf(this.#count), event: { type: 'reset' } }];
  }

  #idOf(count: number): string {
    return `${this.#runId}-${count}`;
  }
}
