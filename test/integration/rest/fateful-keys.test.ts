/** Keys that mean something to JavaScript are data like any other, on every way through the host. */
import { describe, expect, it } from 'vitest';
import type { Execution } from '#shared/contract/execution';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

const fateful = '{"__proto__":{"polluted":1},"constructor":{"prototype":2},"toString":"3","toJSON":4}';

async function textOf(host: TestHost, path: string): Promise<string> {
  return (await fetch(host.url(path))).text();
}

async function runJob(host: TestHost, source: string): Promise<{ text: string; execution: Execution }> {
  host.writeFile('job.js', source);
  const { id } = await host.newSession();
  const body = `{"session_id":"${id}","path":"job.js","args":${fateful},"env":${fateful}}`;
  const response = await fetch(host.url('/executions/run-file'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  return { text, execution: JSON.parse(text) };
}

describe('__proto__, constructor, toString and toJSON as keys', () => {
  it('reach the guest and come back in arguments, environment and result', async () => {
    const host = await startTestHost();
    const { text, execution } = await runJob(host, '({ args: __ARGS__, env: __ENV__ })');
    expect(text).toContain(`"args":${fateful},"env":${fateful},"status"`);
    expect(text).toContain(`"json":{"args":${fateful},"env":${fateful}}`);
    expect(await textOf(host, `/executions/${execution.id}`)).toContain(`"env":${fateful},"status"`);
    expect(await textOf(host, `/executions?session_id=${execution.session_id}`)).toContain(`"args":${fateful},`);
    for (const path of ['events', 'stream']) {
      expect(await textOf(host, `/executions/${execution.id}/${path}`)).toContain(`"json":{"args":${fateful}`);
    }
  });

  it('stay in the configuration of a capability', async () => {
    const host = await startTestHost();
    const { id } = await host.template('one');
    await host.ok('POST', `/templates/${id}/capabilities`, `{"kind":"env","name":"A","config":${fateful}}`);
    expect(await textOf(host, `/templates/${id}/capabilities`)).toContain(`"config":${fateful}`);
    expect(await textOf(host, `/templates/${id}`)).toContain(`"config":${fateful}`);
  });

  it('change no object but the one that has them', async () => {
    const host = await startTestHost();
    await runJob(host, '1');
    expect([Reflect.get({}, 'polluted'), String({})]).toEqual([undefined, '[object Object]']);
    expect(await host.ok('GET', '/health')).toMatchObject({ status: 'ok' });
  });

  it('in a query are parameters that nobody knows', async () => {
    const host = await startTestHost();
    const { id } = await host.newSession();
    expect(await host.ok('GET', `/executions?session_id=${id}&__proto__=1&constructor=2&a[__proto__][b]=3`)).toEqual(
      [],
    );
  });
});
