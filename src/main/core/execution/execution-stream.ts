/**
 * An execution as a stream: what is stored first, then what comes, nothing twice and nothing lost in between.
 * It listens before it reads, and everything is stored before it is told; so what it hears of is either already read
 * or still to come. The events themselves come from the store, a page at a time, so a slow reader costs the host little.
 */
import type { EventBus } from '#core/event-bus';
import type { Abort, EventPage, ExecutionStore } from '#core/ports';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';

export interface StreamRequest {
  readonly store: ExecutionStore;
  readonly bus: EventBus;
  readonly executionId: string;
  readonly afterSeq: number;
  /** Aborted when the reader has gone. */
  readonly abort?: Abort | undefined;
}

/** What a reader who does not read keeps in memory. */
const page: EventPage = { maxEvents: 256, maxBytes: 256 * 1024 };

export async function* streamExecution(request: StreamRequest): AsyncGenerator<ExecutionEvent, Execution> {
  const { store, bus, executionId, abort } = request;
  const news = new News();
  abort?.addEventListener('abort', () => news.tell(), { once: true });
  const unsubscribe = bus.subscribe((event) => {
    if (event.type === 'events_appended' && event.execution_id === executionId) news.tell();
    if (event.type === 'execution_ended' && event.execution_id === executionId) news.tell();
  });
  let lastSeq = request.afterSeq;
  try {
    for (;;) {
      // The status comes first: an execution that has ended by now has all its events in the store.
      const status = await store.statusOf(executionId);
      const events = await store.events(executionId, lastSeq, page);
      for (const event of events) {
        lastSeq = event.seq;
        yield event;
      }
      const isOver = events.length === 0 && status !== 'running';
      if (isOver || abort?.aborted) return await ended(request);
      if (events.length === 0) await news.heard();
    }
  } finally {
    unsubscribe();
  }
}

async function ended({ store, executionId }: StreamRequest): Promise<Execution> {
  const execution = await store.find(executionId);
  if (execution === undefined) throw new Error(`execution ${executionId} went away while it was followed`);
  return execution;
}

/** Remembers that something happened until somebody asks; many tellings are one piece of news. */
class News {
  #isFresh = false;
  #wake: (() => void) | undefined;

  tell(): void {
    this.#isFresh = true;
    this.#wake?.();
  }

  async heard(): Promise<void> {
    if (!this.#isFresh) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isFresh = false;
  }
}
