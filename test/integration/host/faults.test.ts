/** A host whose disk, database or end lets it down: the errors that no caller can cause alone. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import type { ErrorEnvelope } from '#shared/contract/error';
import type { Execution } from '#shared/contract/execution';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

/** A second connection to the database of a running host. */
function secondConnection(host: TestHost): Sqlite.Database {
  const database = new Sqlite(join(host.folder, 'test.db'));
  onTestFinished(() => {
    database.close();
  });
  return database;
}

it('STORE_WRITE_FAILED is what a caller gets when the store cannot write, and nothing is left behind', async () => {
  const host = await startTestHost();
  const session = await host.newSession();
  const blocker = secondConnection(host);
  blocker.exec('BEGIN IMMEDIATE');
  expect(await host.refusal('POST', '/executions/repl', { session_id: session.id, input: '1' })).toBe(
    '507 STORE_WRITE_FAILED',
  );
  expect(await host.refusal('POST', '/templates', { name: 'x' })).toBe('507 STORE_WRITE_FAILED');
  blocker.exec('ROLLBACK');
  expect(await host.ok('GET', `/executions?session_id=${session.id}`)).toEqual([]);
  expect((await host.repl(session.id, '1 + 1')).result?.json).toBe(2);
});

it('an execution whose end cannot be stored is not reported ok, and is stored in full once the store can write', async () => {
  const host = await startTestHost();
  const session = await host.newSession();
  const running = await host.start(
    session.id,
    'await new Promise((done) => setTimeout(done, 200)); console.log("after"); 7',
  );
  const blocker = secondConnection(host);
  blocker.exec('BEGIN IMMEDIATE');
  await expect
    .poll(
      () => host.log.entries.some(({ fields }) => (fields.error as { code?: string })?.code === 'STORE_WRITE_FAILED'),
      {
        timeout: 10_000,
      },
    )
    .toBe(true);
  expect(await host.ok('GET', `/executions/${running.id}`)).toMatchObject({ status: 'error' });
  expect(await host.events(running.id)).toHaveLength(1);
  blocker.exec('ROLLBACK');
  expect((await host.repl(session.id, '1')).status).toBe('ok');
  const ended = await host.ok<Execution>('GET', `/executions/${running.id}`);
  expect(ended).toMatchObject({ status: 'error', error: { message: expect.stringContaining('could not be stored') } });
  const events = await host.events(running.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events).toContainEqual(expect.objectContaining({ type: 'console', payload: { level: 'log', text: 'after' } }));
});

it('INTERNAL says under which request id the cause was logged, and keeps the cause to itself', async () => {
  const host = await startTestHost();
  const session = await host.newSession();
  secondConnection(host).prepare('UPDATE session SET policy = ? WHERE id = ?').run('{"secret":"cause"}', session.id);
  const reply = await host.call<ErrorEnvelope>('GET', `/sessions/${session.id}`);
  expect(reply.status).toBe(500);
  expect(reply.body.error.code).toBe('INTERNAL');
  const requestId = reply.headers.get('x-request-id') ?? 'none';
  expect(reply.body.error.message).toContain(requestId);
  expect(JSON.stringify(reply.body)).not.toContain('secret');
  const logged = host.log.entries.find(({ level }) => level === 'error');
  expect(logged?.fields).toMatchObject({ requestId });
});

it('HOST_STOPPING is what a caller gets while the host ends what still runs', async () => {
  const host = await startTestHost();
  const [stubborn, other] = [await host.newSession(), await host.newSession()];
  const running = await host.start(stubborn.id, 'Array(1e9) + ""');
  const closing = host.app.close();
  expect(await host.refusal('POST', '/executions/repl', { session_id: other.id, input: '1' })).toBe(
    '503 HOST_STOPPING',
  );
  await closing;
  const again = await startTestHost({}, host.folder);
  expect(await again.ok('GET', `/executions/${running.id}`)).toMatchObject({ status: 'cancelled' });
});

it('what was running when a host died is an error that says so, with its events', async () => {
  const host = await startTestHost();
  const session = await host.newSession();
  const { id } = await host.repl(session.id, 'console.log(1)');
  const database = secondConnection(host);
  database.prepare("UPDATE execution SET status = 'running', ended_at = NULL WHERE id = ?").run(id);
  database.prepare("UPDATE session SET status = 'starting' WHERE id = ?").run(session.id);
  await host.app.close();
  const again = await startTestHost({}, host.folder);
  expect(await again.ok('GET', `/executions/${id}`)).toMatchObject({
    status: 'error',
    error: { message: 'interrupted by restart' },
  });
  expect(await again.events(id)).toHaveLength(3);
  expect(await again.ok('GET', `/sessions/${session.id}`)).toMatchObject({ status: 'crashed' });
});
