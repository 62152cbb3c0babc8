/** Ctrl-C while `exec repl` and `exec run-file` wait for the end of their execution. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { executionId, type StubHost, sessionId, startStubHost } from '../../support/stub-host.ts';
import { startCli } from './run-cli-process.ts';
import { runInProcess } from './run-in-process.ts';

let host: StubHost;
beforeEach(async () => {
  host = await startStubHost();
});
afterEach(() => host.close());

const env = () => ({ VM_SYSTEM_URL: host.url });
const waitId = executionId.replace(/1$/, '2');

it('cancels the execution, says so, prints what happened, and exits with 130', async () => {
  const words = ['exec', 'repl', sessionId, 'wait'];
  const run = await runInProcess({ words, env: env(), interruption: host.nextCall('executions.repl') });
  expect(run).toEqual({
    code: 130,
    stdout: `Execution ID: ${waitId}\nStatus: cancelled\n\nEvents:\n[1] input_echo: {"text":"wait"}\n`,
    stderr: `Cancelled execution ${waitId}\n`,
  });
  expect(host.calls.find(({ operation }) => operation === 'executions.list')?.input).toMatchObject({
    session_id: sessionId,
    limit: '1',
  });
});

it('asks again while the session has not yet begun with the execution', async () => {
  const words = ['exec', 'repl', sessionId, 'wake'];
  const run = await runInProcess({ words, env: env(), interruption: host.nextCall('executions.repl') });
  expect(run).toMatchObject({ code: 130, stderr: `Cancelled execution ${executionId.replace(/1$/, '8')}\n` });
});

it('exits with 130 even with --fail', async () => {
  const words = ['exec', 'repl', sessionId, 'wait', '--fail'];
  const run = await runInProcess({ words, env: env(), interruption: host.nextCall('executions.repl') });
  expect(run).toMatchObject({ code: 130 });
});

it('cancels nothing that has ended already', async () => {
  const words = ['exec', 'repl', sessionId, '40 + 2'];
  const run = await runInProcess({ words, env: env(), interruption: host.nextCall('executions.repl') });
  expect(run).toMatchObject({ code: 130, stderr: '' });
  expect(host.calls.filter(({ operation }) => operation === 'executions.cancel')).toEqual([]);
});

it('says why an execution could not be cancelled', async () => {
  const words = ['exec', 'repl', sessionId, 'stuck'];
  const running = runInProcess({ words, env: env(), interruption: host.nextCall('executions.repl') });
  await host.nextCall('executions.cancel');
  await host.close();
  host = await startStubHost();
  const { stderr } = await running;
  expect(stderr).toMatch(/^The execution could not be cancelled: No vm-system host answers at .*\n/m);
});

it('is told by a signal', async () => {
  const called = host.nextCall('executions.repl');
  const child = startCli({ words: ['exec', 'repl', sessionId, 'wait'], env: env() });
  const complaints = text(child.stderr);
  await called;
  child.kill('SIGINT');
  const [code, signal] = await once(child, 'close');
  expect({ code, signal, stderr: await complaints }).toEqual({
    code: 130,
    signal: null,
    stderr: `Cancelled execution ${waitId}\n`,
  });
});

it('leaves at once when it is told again', async () => {
  const [called, cancelled] = [host.nextCall('executions.repl'), host.nextCall('executions.cancel')];
  const child = startCli({ words: ['exec', 'repl', sessionId, 'stuck'], env: env() });
  await called;
  child.kill('SIGINT');
  await cancelled;
  child.kill('SIGINT');
  const [code, signal] = await once(child, 'close');
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
});
