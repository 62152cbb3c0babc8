import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorTable } from '#shared/contract/error';
import type { Execution } from '#shared/contract/execution';
import { launcher, runNode, startHostProcess, startListening } from '../support/host-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');

describe('npm start', () => {
  it('without a display says that it runs headless, listens, and keeps its database in the data folder', async () => {
    const home = temporaryFolder();
    const host = await startListening([join(root, 'scripts', 'start.mjs'), '--listen', '127.0.0.1:0'], home);
    expect(await host.call('GET', '/health')).toMatchObject({ status: 'ok', pid: host.pid });
    const { code, stdout, stderr } = await host.end('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Running headless: there is no display');
    expect(existsSync(join(home, 'vm-system.db'))).toBe(true);
    expect(existsSync(join(home, 'vm-system.db-wal'))).toBe(false);
  });
});

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
  it('ends running executions as cancelled, writes everything, and leaves with exit code 0', async () => {
    const home = temporaryFolder();
    const host = await startHostProcess(home);
    const sources = [
      'console.log("loop"); for (;;);',
      'await new Promise((done) => setTimeout(done, 20_000))',
      'Array(1e9) + ""',
    ];
    const running = await Promise.all(
      sources.map(async (input) => {
        const session = await host.newSession(join(home, 'work'));
        return host.call<Execution>('POST', '/executions/repl?wait=false', { session_id: session, input });
      }),
    );
    const { code, stderr } = await host.end(signal);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const database = new Sqlite(join(home, 'host.db'), { readonly: true });
    onTestFinished(() => {
      database.close();
    });
    const statuses = database.prepare('SELECT id, status, ended_at IS NOT NULL AS is_ended FROM execution').all();
    expect(statuses).toEqual(
      expect.arrayContaining(running.map(({ id }) => ({ id, status: 'cancelled', is_ended: 1 }))),
    );
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(existsSync(join(home, 'run', `rest-${new URL(host.address).port}.json`))).toBe(false);
  });
});

it('a host whose output nobody reads any more stops in order all the same', async () => {
  const home = temporaryFolder();
  const host = await startHostProcess(home);
  const session = await host.newSession(join(home, 'work'));
  const running = await host.call<Execution>('POST', '/executions/repl?wait=false', {
    session_id: session,
    input: 'await new Promise((done) => setTimeout(done, 20_000))',
  });
  host.stopReading();
  expect((await host.end('SIGTERM')).code).toBe(0);
  const database = new Sqlite(join(home, 'host.db'), { readonly: true });
  onTestFinished(() => {
    database.close();
  });
  expect(database.prepare('SELECT status FROM execution WHERE id = ?').pluck().get(running.id)).toBe('cancelled');
});

describe('a second host', () => {
  it('on a port that another host has names that host and leaves with exit code 1', async () => {
    const home = temporaryFolder();
    const first = await startHostProcess(home);
    const port = new URL(first.address).port;
    const args = [launcher, '--db', join(home, 'other.db'), 'serve', '--listen', `127.0.0.1:${port}`];
    const { code, stderr } = await runNode(args, { home });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Error: Port ${port} is taken by a vm-system host with pid ${first.pid}. ` +
        `Use it at http://127.0.0.1:${port}, or stop it with: kill ${first.pid}\n`,
    );
  });

  it('on a port of another program says so', async () => {
    const home = temporaryFolder();
    const server = createServer((_request, response) => response.end('not ours'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const args = [launcher, '--db', join(home, 'host.db'), 'serve', '--listen', `127.0.0.1:${port}`];
    const { code, stderr } = await runNode(args, { home });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken by another program.`);
  });

  it('on a database that another host has names its pid and address, and the first goes on', async () => {
    const home = temporaryFolder();
    const first = await startHostProcess(home);
    const { code, stderr } = await runNode(
      [launcher, '--db', join(home, 'host.db'), 'serve', '--listen', '127.0.0.1:0'],
      { home },
    );
    expect(code).toBe(errorTable.STORE_WRITE_FAILED.exit);
    expect(stderr).toContain(`pid ${first.pid}`);
    expect(stderr).toContain(first.address);
    expect(await first.call('GET', '/health')).toMatchObject({ pid: first.pid });
  });
});

it('kill -9 loses nothing that was answered, and what was running says that it was interrupted', async () => {
  const home = temporaryFolder();
  const host = await startHostProcess(home);
  const session = await host.newSession(join(home, 'work'));
  const done = await host.call<Execution>('POST', '/executions/repl', {
    session_id: session,
    input: 'console.log(1); 2',
  });
  const other = await host.newSession(join(home, 'work'));
  const running = await host.call<Execution>('POST', '/executions/repl?wait=false', {
    session_id: other,
    input: 'console.log("seen"); for (;;);',
  });
  await expect
    .poll(() => host.call<unknown[]>('GET', `/executions/${running.id}/events`).then((events) => events.length))
    .toBe(2);
  await host.end('SIGKILL');

  const again = await startHostProcess(home);
  const { events, ...ended } = done;
  expect(await again.call('GET', `/executions/${done.id}`)).toEqual(ended);
  expect(await again.call('GET', `/executions/${done.id}/events`)).toEqual(events);
  expect(await again.call('GET', `/executions/${running.id}`)).toMatchObject({
    status: 'error',
    error: { message: 'interrupted by restart' },
  });
  expect(await again.call<unknown[]>('GET', `/executions/${running.id}/events`)).toHaveLength(2);
  expect(await again.call('POST', '/executions/repl', { session_id: session, input: '3' })).toMatchObject({
    status: 'ok',
  });
});

it('the demo runs its script over the data it ships, prints the events and stops', async () => {
  const home = temporaryFolder();
  const { code, stdout } = await runNode([join(root, 'scripts', 'demo.mjs')], { home });
  expect(code).toBe(0);
  expect(stdout).toContain('[1] console: {"level":"info","text":"read 2922 days, from 2012-01-01 to 2015-12-31"}');
  expect(stdout).toContain('Status: ok');
  expect(stdout).toContain('The host has stopped');
});
