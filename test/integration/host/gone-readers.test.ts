/** Readers of streams that stall or go away: the host must not keep anything for them. */
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { EventBus } from '#core/event-bus';
import { HostEvents } from '#core/host/host-events';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

/** Opens a stream and never reads more than its head. */
function openAndStall(host: TestHost, path: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect(host.app.port, '127.0.0.1', () => {
    socket.write(`GET /api/v1${path} HTTP/1.1\r\nHost: 127.0.0.1:${host.app.port}\r\n\r\n`);
    socket.once('data', () => {
      socket.pause();
      resolve(socket);
    });
  });
  socket.on('error', reject);
  onTestFinished(() => {
    socket.destroy();
  });
  return promise;
}

/** Counts who listens, as nothing in the product has to: on the bus, and on the stream of the host. */
function countListeners(): () => number {
  let count = 0;
  const { follow } = HostEvents.prototype;
  const followSpy = vi.spyOn(HostEvents.prototype, 'follow').mockImplementation(function (this: HostEvents, lastId) {
    const reader = follow.call(this, lastId);
    count += 1;
    const end = reader.return.bind(reader);
    reader.return = () => {
      count -= 1;
      reader.return = end;
      return end();
    };
    return reader;
  });
  const { subscribe } = EventBus.prototype;
  const spy = vi.spyOn(EventBus.prototype, 'subscribe').mockImplementation(function (this: EventBus, listener) {
    const unsubscribe = subscribe.call(this, listener);
    count += 1;
    return () => {
      count -= 1;
      unsubscribe();
    };
  });
  onTestFinished(() => {
    followSpy.mockRestore();
    spy.mockRestore();
  });
  return () => count;
}

it('lets go of readers that went away while they stalled, and of those that waited for news', async () => {
  const listeners = countListeners();
  const host = await startTestHost();
  const session = await host.newSession({ max_events: 20_000, max_output_kb: 40_000 });
  // More than the sockets between host and reader can hold, so that the readers stall in the middle.
  const flood = await host.repl(session.id, 'for (let i = 0; i < 6000; i += 1) console.log("line".repeat(1250))');
  const running = await host.start(session.id, 'await new Promise((done) => setTimeout(done, 15_000))');
  const before = listeners();
  const sockets = await Promise.all([
    ...Array.from({ length: 5 }, () => openAndStall(host, `/executions/${flood.id}/stream`)),
    ...Array.from({ length: 5 }, () => openAndStall(host, `/executions/${running.id}/stream`)),
    ...Array.from({ length: 5 }, () => openAndStall(host, '/events')),
  ]);
  expect(listeners()).toBeGreaterThan(before);
  for (const socket of sockets) socket.destroy();
  await expect.poll(listeners, { timeout: 5000 }).toBe(before);
  await host.ok('POST', `/executions/${running.id}/cancel`);
});
