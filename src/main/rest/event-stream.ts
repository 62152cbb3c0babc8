/**
 * Writes an event iterator as server-sent events, in the wire form that oRPC's clients read: `message` per value, `done`
 * with the returned value, `error` with the envelope. It ends when the iterator does, the client goes, or the host stops;
 * in each case the iterator is told to give back what it holds.
 */
import type { Writable } from 'node:stream';
import { getEventMeta } from '@orpc/server';
import type { ErrorEnvelope } from '#shared/contract/error';

export type EventSource = AsyncIterator<unknown, unknown, undefined>;

export interface EventStreamOptions {
  /** Aborted when the client has gone or the host stops. */
  readonly ended: AbortSignal;
  readonly heartbeatMs: number;
  readonly describe: (error: unknown) => ErrorEnvelope;
}

export async function writeEventStream(
  response: Writable,
  events: EventSource,
  { ended, heartbeatMs, describe }: EventStreamOptions,
): Promise<void> {
  // The head goes out at once: a client must know that it is connected before the first event.
  response.write(comment);
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(comment), heartbeatMs);
  try {
    await copy(events, response, ended);
  } catch (error) {
    response.write(encode('error', describe(error), error));
  } finally {
    clearInterval(heartbeat);
    response.end();
    // Not awaited: an iterator that never settles must not hold the connection.
    events.return?.()?.catch(describe);
  }
}

export function isEventSource(body: unknown): body is EventSource {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'next' in body;
}

async function copy(events: EventSource, response: Writable, ended: AbortSignal): Promise<void> {
  for (;;) {
    const step = await unlessEnded(events.next(), ended);
    if (step === undefined) return;
    if (step.done) {
      if (step.value !== undefined) response.write(encode('done', step.value, step.value));
      return;
    }
    if (!response.write(encode('message', step.value, step.value))) await unlessEnded(drained(response), ended);
  }
}

/** One short-lived race per step: racing a promise that lives as long as the stream would collect every step in it. */
function unlessEnded<Result>(step: PromiseLike<Result>, ended: AbortSignal): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (ended.aborted) stop();
    ended.addEventListener('abort', stop, { once: true });
    step.then(resolve, reject).then(() => ended.removeEventListener('abort', stop));
  });
}

function drained(response: Writable): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve));
}

const comment = ':\n\n';

/** JSON has no raw line breaks, so one data line holds it. */
function encode(event: 'message' | 'done' | 'error', data: unknown, metaOf: unknown): string {
  const meta = getEventMeta(metaOf);
  const id = meta?.id === undefined ? '' : `id: ${meta.id}\n`;
  const retry = meta?.retry === undefined ? '' : `retry: ${meta.retry}\n`;
  return `event: ${event}\n${id}${retry}data: ${JSON.stringify(data)}\n\n`;
}
