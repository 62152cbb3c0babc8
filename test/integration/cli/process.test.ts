/** What only a process of its own can show: its streams, signals and exit code. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { floodId, type StubHost, sessionId, startStubHost } from '../../support/stub-host.ts';
import { runCliProcess, startCli } from './run-cli-process.ts';

let host: StubHost;
beforeAll(async () => {
  host = await startStubHost();
});
afterAll(() => host.close());

const env = () => ({ VM_SYSTEM_URL: host.url });

it('names the address and the way out where nothing listens', async () => {
  const port = await freePort();
  const words = ['ops', 'health', '--server-url', `http://127.0.0.1:${port}`];
  expect(await runCliProcess({ words })).toEqual({
    code: 8,
    stdout: '',
    stderr:
      `Error: No vm-system host answers at http://127.0.0.1:${port} (ECONNREFUSED). ` +
      'Start one with "npm start" or "vm-system serve", or name another with --server-url. (HOST_UNREACHABLE)\n',
  });
});

it('ends quietly when its reader has read enough', async () => {
  const child = startCli({ words: ['exec', 'events', floodId], env: env() });
  const complaints = text(child.stderr);
  const [first] = await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  expect(String(first)).toMatch(/^\[1\] console: /);
  expect({ code, stderr: await complaints }).toEqual({ code: 0, stderr: '' });
});

it('writes a long answer to its end before the process ends', async () => {
  const { code, stdout } = await runCliProcess({ words: ['exec', 'events', floodId], env: env() });
  const lines = stdout.trimEnd().split('\n');
  expect({ code, count: lines.length, last: lines.at(-1) }).toEqual({
    code: 0,
    count: 20_000,
    last: '[20000] console: {"level":"log","text":"line 19999"}',
  });
});

it('cancels a followed execution on SIGINT and exits with 130', async () => {
  const child = startCli({ words: ['exec', 'repl', sessionId, 'wait', '--follow'], env: env() });
  await once(child.stdout, 'data');
  const rest = text(child.stdout);
  child.kill('SIGINT');
  const [code, signal] = await once(child, 'close');
  expect({ code, signal, end: (await rest).split('\n').slice(-2) }).toEqual({
    code: 130,
    signal: null,
    end: ['Status: cancelled', ''],
  });
});

it('reads code from a pipe', async () => {
  const run = await runCliProcess({ words: ['exec', 'repl', sessionId, '-'], env: env(), stdin: '1 +\n1' });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('[1] input_echo: {"text":"1 +\\n1"}\n');
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
