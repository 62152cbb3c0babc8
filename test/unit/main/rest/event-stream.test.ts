import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { type EventSource, isEventSource, writeEventStream } from '#main/rest/event-stream';

/** An iterator that hears of no signal: it ends only by being given back. */
class DeafSource implements EventSource {
  readonly #values: unknown[];
  taken = 0;
  isReturned = false;

  constructor(values: readonly unknown[]) {
    this.#values = [...values];
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    if (this.#values.length === 0) return new Promise(() => undefined);
    this.taken += 1;
    return Promise.resolve({ done: false, value: this.#values.shift() });
  }

  async return(): Promise<IteratorResult<unknown, unknown>> {
    this.isReturned = true;
    return { done: true, value: undefined };
  }
}

const describeError = (error: unknown) => ({ error: { code: 'INTERNAL' as const, message: String(error) } });

function options(ended: AbortSignal = new AbortController().signal) {
  return { ended, heartbeatMs: 60_000, describe: describeError };
}

describe('the writer of an event stream', () => {
  it('ends without waiting for an iterator that does not listen, and gives it back', async () => {
    const ended = new AbortController();
    const source = new DeafSource([{ a: 1 }]);
    const response = new PassThrough();
    const writing = writeEventStream(response, source, options(ended.signal));
    await vi.waitFor(() => expect(source.taken).toBe(1));
    ended.abort();
    await writing;
    expect([await text(response), source.isReturned]).toEqual([':\n\nevent: message\ndata: {"a":1}\n\n', true]);
  });

  it('takes no event faster than the client reads', async () => {
    const source = new DeafSource(Array.from({ length: 100 }, () => 'x'.repeat(100)));
    const response = new PassThrough({ highWaterMark: 1000 });
    const ended = new AbortController();
    const writing = writeEventStream(response, source, options(ended.signal));
    await vi.waitFor(() => expect(response.writableNeedDrain).toBe(true));
    expect(source.taken).toBeLessThan(30);
    response.resume();
    await vi.waitFor(() => expect(source.taken).toBe(100));
    ended.abort();
    await writing;
  });

  it('writes nothing for an iterator that returns nothing', async () => {
    const response = new PassThrough();
    await writeEventStream(response, (async function* () {})(), options());
    expect(await text(response)).toBe(':\n\n');
  });

  it('takes iterators and nothing else for events', () => {
    expect([new DeafSource([]), (async function* () {})(), [], {}, null, 'x', undefined].map(isEventSource)).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
