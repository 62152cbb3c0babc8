/** `--follow`: events as they come, Ctrl-C, and streams that end badly. */
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import {
  closeServer,
  executionId,
  listen,
  type StubHost,
  sendJson,
  sessionId,
  startStubHost,
  stubEvents,
  stubExecution,
} from '../../support/stub-host.ts';
import { runInProcess } from './run-in-process.ts';

let host: StubHost;
beforeEach(async () => {
  host = await startStubHost();
});
afterEach(() => host.close());

const follow = (code: string, ...flags: string[]) => ({
  words: ['exec', 'repl', sessionId, code, '--follow', ...flags],
  env: { VM_SYSTEM_URL: host.url },
});
const value = '{"type":"number","preview":"42","json":42}';
const idOfSpecial = (number: number) => executionId.replace(/1$/, String(number));

it('prints the events first and how it ended after them', async () => {
  const lines = [
    `Execution ID: ${executionId}`,
    '',
    'Events:',
    '[1] input_echo: {"text":"40 + 2"}',
    `[2] value: ${value}`,
    '',
    'Status: ok',
    `Result: ${value}`,
  ];
  expect(await runInProcess(follow('40 + 2'))).toEqual({ code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' });
});

it('prints one JSON text per line with --json, the execution last', async () => {
  const { stdout } = await runInProcess(follow('40 + 2', '--json'));
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(objects).toEqual([...stubEvents('40 + 2'), stubExecution]);
});

it('follows a file as well', async () => {
  const words = ['exec', 'run-file', sessionId, 'a.js', '--follow'];
  const { code, stdout } = await runInProcess({ words, env: { VM_SYSTEM_URL: host.url } });
  expect({ code, lastLine: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, lastLine: `Result: ${value}` });
});

it('cancels the execution on Ctrl-C, prints how it ended, and exits with 130', async () => {
  // The stub's stream ends only when it is cancelled, so this cannot end in any other way.
  const { code, stdout, stderr } = await runInProcess({ ...follow('wait'), isInterrupted: true });
  expect({ code, stderr, end: stdout.split('\n').slice(-3) }).toEqual({
    code: 130,
    stderr: '',
    end: ['', 'Status: cancelled', ''],
  });
  expect(host.calls.filter(({ operation }) => operation === 'executions.cancel')).toHaveLength(1);
});

it('exits with 130 on Ctrl-C even with --fail', async () => {
  expect(await runInProcess({ ...follow('wait', '--fail'), isInterrupted: true })).toMatchObject({ code: 130 });
});

it('exits with 1 for --fail when the guest threw', async () => {
  expect(await runInProcess(follow('throw', '--fail'))).toMatchObject({ code: 1, stderr: '' });
});

it('fails on exceeded output as the waiting call does', async () => {
  const { code, stdout, stderr } = await runInProcess(follow('fill'));
  expect(stdout).toContain('\n\nStatus: error\nError: ');
  expect({ code, stderr }).toEqual({
    code: 7,
    stderr:
      'Error: Output limit (OUTPUT_LIMIT_EXCEEDED)\n' +
      `  execution_id: ${executionId}\n  limit: max_events\n  allowed: 1000\n`,
  });
});

it('reports by code and message why the host could not go on with the stream', async () => {
  const { code, stdout, stderr } = await runInProcess(follow('break'));
  expect(stdout).toContain('[1] input_echo: {"text":"break"}\n');
  expect({ code, stderr }).toEqual({
    code: 70,
    stderr: 'Error: The disk is full. (STORE_WRITE_FAILED)\n  path: host.db\n',
  });
});

it('says how to read on when the connection breaks', async () => {
  const { code, stderr } = await runInProcess(follow('leave'));
  expect(code).toBe(8);
  // Whether the first event arrived before the break is up to the sockets; the advice must fit either way.
  expect(stderr).toMatch(
    new RegExp(
      '^Error: The connection broke after event ([01])\\. ' +
        `See the rest with "vm-system exec events ${idOfSpecial(4)} --after-seq \\1"\\. \\(HOST_UNREACHABLE\\)\n$`,
    ),
  );
});

it('says the same when the host ends the stream before the execution has ended', async () => {
  const server = createServer((request, response) => {
    response.setHeader('x-request-id', 'stub');
    if (request.method === 'POST') return sendJson(response, 202, { ...stubExecution, status: 'running' });
    const [first] = stubEvents('40 + 2');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: message\ndata: ${JSON.stringify(first)}\n\n`);
  });
  const port = await listen(server);
  onTestFinished(() => closeServer(server));
  const { code, stderr } = await runInProcess({ ...follow('1'), env: { VM_SYSTEM_URL: `http://127.0.0.1:${port}` } });
  expect({ code, stderr }).toEqual({
    code: 8,
    stderr:
      'Error: The connection broke after event 1. ' +
      `See the rest with "vm-system exec events ${executionId} --after-seq 1". (HOST_UNREACHABLE)\n`,
  });
});
