/** Grants that have no effect are told where a session begins: with the first of its executions, and again when it wakes. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

async function templateWith(host: TestHost, capabilities: readonly unknown[]): Promise<string> {
  const template = await host.template('grants');
  await host.ok('POST', `/templates/${template.id}/modules`, { name: 'fs' });
  for (const capability of capabilities) await host.ok('POST', `/templates/${template.id}/capabilities`, capability);
  return template.id;
}

const warningsOf = (events: readonly ExecutionEvent[]) =>
  events.flatMap(({ type, payload }) => (type === 'system' && 'message' in payload ? [payload] : []));

it('warns of folders and hosts that have no effect, once in a session and behind the echo of the input', async () => {
  const host = await startTestHost();
  mkdirSync(join(host.folder, 'data'));
  const templateId = await templateWith(host, [
    { kind: 'fs', name: 'good', config: { path: join(host.folder, 'data') } },
    { kind: 'fs', name: 'relative', config: { path: 'data' } },
    { kind: 'fs', name: 'off', config: { path: 'data' }, enabled: false },
    { kind: 'net', name: 'api', config: { hosts: ['example.org', 'ex*.org'] } },
    { kind: 'env', name: 'HOME', config: 'text' },
  ]);
  const session = await host.session(templateId);
  const events = await host.events((await host.repl(session.id, '1')).id);
  expect(events.map(({ type }) => type)).toEqual(['input_echo', 'system', 'system', 'system', 'value']);
  expect(warningsOf(events)).toEqual([
    {
      level: 'warn',
      message:
        'the path in the capability fs "relative" of the template "grants" has no effect, for it is not absolute',
    },
    {
      level: 'warn',
      message:
        'the host "ex*.org" in the capability net "api" of the template "grants" has no effect, for it is ' +
        'not written as "example.org", "*.example.org" or "127.0.0.1:8080"',
    },
    {
      level: 'warn',
      message: 'the capability env "HOME" of the template "grants" has no effect, for its config is not of its kind',
    },
  ]);
  expect(warningsOf(await host.events((await host.repl(session.id, '2')).id))).toEqual([]);
});

it('warns with the first startup file where there is one', async () => {
  const host = await startTestHost();
  const templateId = await templateWith(host, [
    { kind: 'fs', name: 'data', config: { path: join(host.folder, 'no') } },
  ]);
  host.writeFile('boot.js', 'var booted = true');
  await host.ok('POST', `/templates/${templateId}/startup-files`, { path: 'boot.js' });
  const session = await host.session(templateId);
  const [startup] = await host.ok<Execution[]>('GET', `/executions?session_id=${session.id}`);
  expect(warningsOf(await host.events(startup?.id ?? ''))).toEqual([
    {
      level: 'warn',
      message: 'the path in the capability fs "data" of the template "grants" has no effect, for it does not exist',
    },
  ]);
  expect(warningsOf(await host.events((await host.repl(session.id, 'booted')).id))).toEqual([]);
});
