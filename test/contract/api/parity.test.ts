/**
 * One script of calls, through every carrier of the contract: in this process and over REST. What comes back has to be
 * the same, refusals included, and the script has to touch every operation of the contract.
 */
import { createRouterClient, traverseContractProcedures } from '@orpc/server';
import { expect, it } from 'vitest';
import { createClient, type HostClient } from '#cli/client';
import { toVmError } from '#main/api/error-mapping';
import { contract } from '#shared/contract/router';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

/** An operation, its input, and its name in the transcript. */
type Step = (client: HostClient, known: Known) => Promise<unknown>;

/** What later steps need of earlier ones. */
type Known = Record<'template' | 'capability' | 'startupFile' | 'session' | 'execution' | 'operation', string>;

const carriers: Record<string, (host: TestHost) => HostClient> = {
  'in this process': ({ app }) =>
    createRouterClient(app.router, {
      context: { caller: { proven: true, authenticated: false } },
    }) as unknown as HostClient,
  'over REST': ({ app }) => createClient(app.address, fetch),
};

const nobody = '00000000-0000-4000-8000-00000000dead';

const steps = (host: TestHost): Record<string, Step> => ({
  'host.health': (client) => client.host.health(),
  'host.hello': (client) => client.host.hello({ nonce: 'ab'.repeat(32) }),
  'host.openapi': (client) => client.host.openapi(),
  'catalog.modules': (client) => client.catalog.modules(),
  'catalog.libraries': (client) => client.catalog.libraries(),
  'libraries.add': async (client, known) => {
    const operation = await client.libraries.add({ name: 'no/package', version: '1.0.0' });
    known.operation = operation.id;
    return operation;
  },
  'libraries.remove, scoped': (client) => client.libraries.remove({ name: '@scope/none-1.0.0' }),
  'libraries.remove': (client) => client.libraries.remove({ name: 'none-1.0.0' }),
  'operations.cancel': async (client, { operation: id }) => {
    // Whether the package was refused before it was cancelled is up to the machine.
    const { status, progress, error, ...ended } = await client.operations.cancel({ id });
    return ended;
  },
  'operations.get': async (client, { operation: id }) => (await client.operations.get({ id })).kind,
  'operations.get, no such': (client) => client.operations.get({ id: nobody }),
  'operations.list': async (client) => (await client.operations.list()).map(({ subject }) => subject),
  'templates.create': async (client, known) => {
    const template = await client.templates.create({ name: 'parity', engine: 'goja' });
    known.template = template.id;
    return template;
  },
  'templates.create, name taken': (client) => client.templates.create({ name: 'parity' }),
  'templates.create, engine unknown': (client) => client.templates.create({ name: 'x', engine: 'v8' }),
  'templates.create, unknown field': (client) =>
    client.templates.create({ name: 'x', colour: 'red' } as { name: string }),
  'templates.create, wrong kind': (client) => client.templates.create({ name: 7 as unknown as string }),
  'templates.list': (client) => client.templates.list(),
  'templates.update': (client, { template: id }) =>
    client.templates.update({ params: { id }, body: { name: 'renamed' } }),
  'templates.get, no such': (client) => client.templates.get({ id: nobody }),
  'templates.get, no id': (client) => client.templates.get({ id: 'seven' }),
  'templates.putSettings': async (client, { template: id }) => {
    const body = await client.templates.getSettings({ id });
    return client.templates.putSettings({ params: { id }, body });
  },
  'templates.putSettings, of another template': async (client, { template: id }) => {
    const body = { ...(await client.templates.getSettings({ id })), vm_id: nobody };
    return client.templates.putSettings({ params: { id }, body });
  },
  'templates.getSettings': (client, { template: id }) => client.templates.getSettings({ id }),
  'templates.patchSettings': (client, { template: id }) =>
    client.templates.patchSettings({ params: { id }, body: { limits: { max_events: 5 } } }),
  'capabilities.add': async (client, known) => {
    const body = { kind: 'env' as const, name: 'MODE', enabled: true, config: { value: 'fast' } };
    const capability = await client.capabilities.add({ params: { id: known.template }, body });
    known.capability = capability.id;
    return capability;
  },
  'capabilities.list': (client, { template: id }) => client.capabilities.list({ id }),
  'capabilities.update': (client, known) =>
    client.capabilities.update({
      params: { id: known.template, part_id: known.capability },
      body: { name: 'SPEED', enabled: false, config: { value: 'slow', note: 1 } },
    }),
  'capabilities.update, wrong kind of config': (client, known) =>
    client.capabilities.update({
      params: { id: known.template, part_id: known.capability },
      body: { config: { value: 7 } },
    }),
  'capabilities.remove': (client, known) =>
    client.capabilities.remove({ id: known.template, part_id: known.capability }),
  'startupFiles.add': async (client, known) => {
    const body = { path: 'setup.js', order_index: 1 };
    const file = await client.startupFiles.add({ params: { id: known.template }, body });
    known.startupFile = file.id;
    return file;
  },
  'startupFiles.list': (client, { template: id }) => client.startupFiles.list({ id }),
  'startupFiles.update': (client, known) =>
    client.startupFiles.update({
      params: { id: known.template, part_id: known.startupFile },
      body: { path: 'prepare.js', order_index: 7 },
    }),
  'startupFiles.reorder': (client, known) =>
    client.startupFiles.reorder({ params: { id: known.template }, body: { ids: [known.startupFile] } }),
  'startupFiles.reorder, not all': (client, known) =>
    client.startupFiles.reorder({ params: { id: known.template }, body: { ids: [] } }),
  'startupFiles.remove': (client, known) =>
    client.startupFiles.remove({ id: known.template, part_id: known.startupFile }),
  'moduleGrants.add': (client, { template: id }) => client.moduleGrants.add({ params: { id }, body: { name: ' FS ' } }),
  'moduleGrants.add, built in': (client, { template: id }) =>
    client.moduleGrants.add({ params: { id }, body: { name: 'math' } }),
  'moduleGrants.list': (client, { template: id }) => client.moduleGrants.list({ id }),
  'moduleGrants.remove': (client, { template: id }) => client.moduleGrants.remove({ id, name: 'fs' }),
  'libraryGrants.add': (client, { template: id }) =>
    client.libraryGrants.add({ params: { id }, body: { name: 'dayjs-1.11.10' } }),
  'libraryGrants.list': (client, { template: id }) => client.libraryGrants.list({ id }),
  'libraryGrants.remove': (client, { template: id }) => client.libraryGrants.remove({ id, name: 'dayjs-1.11.10' }),
  'templates.get': (client, { template: id }) => client.templates.get({ id }),
  'templates.duplicate': (client, { template: id }) =>
    client.templates.duplicate({ params: { id }, body: { name: 'twin' } }),
  'templates.export': (client, { template: id }) => client.templates.export({ id }),
  'templates.import': async (client, { template: id }) =>
    client.templates.import({ template: await client.templates.export({ id }), name: 'imported' }),
  'templates.import, of another version': async (client, { template: id }) => {
    const template = { ...(await client.templates.export({ id })), format_version: 2 as 1, colour: 'red' };
    return client.templates.import({ template });
  },
  'templateVersions.list': (client, { template: id }) => client.templateVersions.list({ id }),
  'templateVersions.get': (client, { template: id }) => client.templateVersions.get({ id, version: 2 }),
  'templateVersions.get, no such': (client, { template: id }) => client.templateVersions.get({ id, version: 99 }),
  'templateVersions.diff': (client, { template: id }) => client.templateVersions.diff({ id, from: 1, to: 3 }),
  'templateVersions.restore': (client, { template: id }) => client.templateVersions.restore({ id, version: 3 }),
  'sessions.create': async (client, known) => {
    const session = await client.sessions.create({
      template_id: known.template,
      workspace_id: 'w',
      base_commit_oid: 'c',
      worktree_path: host.worktree,
    });
    known.session = session.id;
    return session;
  },
  'sessions.list': (client) => client.sessions.list({ status: 'ready' }),
  'sessions.get': (client, { session: id }) => client.sessions.get({ id }),
  'sessions.policy': (client, { session: id }) => client.sessions.policy({ id }),
  'host.runtimeSummary': (client) => client.host.runtimeSummary(),
  'executions.repl': async (client, known) => {
    const body = { session_id: known.session, input: 'console.log({ a: [1, "two"] }); ({ b: null })' };
    const reply = await client.executions.repl({ query: {}, body });
    known.execution = reply.body.id;
    return withoutHeaders(reply);
  },
  'executions.repl, throws': async (client, { session }) =>
    withoutHeaders(await client.executions.repl({ query: {}, body: { session_id: session, input: 'null.x' } })),
  'executions.repl, too much output': (client, { session }) =>
    client.executions.repl({ query: {}, body: { session_id: session, input: 'for (;;) console.log(1)' } }),
  'executions.runFile': async (client, { session }) => {
    const body = { session_id: session, path: 'job.js', args: [1], env: { A: 'b' } };
    return withoutHeaders(await client.executions.runFile({ query: {}, body }));
  },
  'executions.runFile, outside': (client, { session }) =>
    client.executions.runFile({ query: {}, body: { session_id: session, path: '../job.js' } }),
  'sessionInspection.globals': async (client, { session: id }) => {
    const { awake, truncated } = await client.sessionInspection.globals({ id });
    return { awake, truncated };
  },
  'sessionInspection.globals, no such': (client) => client.sessionInspection.globals({ id: nobody }),
  'sessionInspection.complete': (client, { session: id }) =>
    client.sessionInspection.complete({ params: { id }, body: { code: 'JSON.par', cursor: 8 } }),
  'sessionInspection.complete, before the beginning': (client, { session: id }) =>
    client.sessionInspection.complete({ params: { id }, body: { code: '', cursor: -1 } }),
  'executions.list': (client, { session }) => client.executions.list({ session_id: session, limit: 2 }),
  'executions.get': (client, { execution: id }) => client.executions.get({ id }),
  'executions.events': (client, { execution: id }) => client.executions.events({ id, after_seq: 1 }),
  'executions.stream': async (client, { execution: id }) => {
    const stream = await client.executions.stream({ id });
    const events: unknown[] = [];
    for (;;) {
      const next = await stream.next();
      events.push(next.value);
      if (next.done) return events;
    }
  },
  'executions.cancel': (client, { execution: id }) => client.executions.cancel({ id }),
  'host.events': async (client, { template: id }) => {
    const stream = await client.host.events(undefined, { lastEventId: 'another-1' });
    const first = await stream.next();
    await client.templates.update({ params: { id }, body: { name: 'watched' } });
    const second = await stream.next();
    await stream.return?.();
    return [first.value, second.value];
  },
  'sessions.close': (client, { session: id }) => client.sessions.close({ id }),
  'sessions.delete, closed already': (client, { session: id }) => client.sessions.delete({ id }),
  'templates.delete': (client, { template: id }) => client.templates.delete({ id }),
});

/** Only HTTP has headers; status and body are the contract's. */
function withoutHeaders({ status, body }: { status: number; body: unknown }): unknown {
  return { status, body };
}

/** What each step answered or was refused with, and what differs from call to call made equal. */
async function transcript(host: TestHost, client: HostClient): Promise<Record<string, unknown>> {
  const known: Known = { template: '', capability: '', startupFile: '', session: '', execution: '', operation: '' };
  const replies: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(steps(host))) {
    replies[name] = await step(client, known).then(
      (value) => ({ answered: value }),
      (error) => {
        const { code, message, details } = toVmError(error);
        return { refused: { code, message, details } };
      },
    );
  }
  return normalised(replies, host);
}

/** Ids become their place of first appearance; times, durations and the host's own folder become words. */
function normalised(replies: Record<string, unknown>, { folder }: TestHost): Record<string, unknown> {
  const ids = new Map<string, string>();
  const text = JSON.stringify(replies)
    .replaceAll(folder, 'FOLDER')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      ids.set(id, ids.get(id) ?? `id ${ids.size + 1}`);
      return ids.get(id) ?? id;
    })
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"(wall_ms|cpu_ms|uptime_ms|memory_bytes)":[\d.]+/g, '"$1":"NUMBER"')
    .replaceAll(/"proof":"[0-9a-f]{64}"/g, '"proof":"PROOF"');
  return JSON.parse(text);
}

async function replay(carrier: keyof typeof carriers): Promise<Record<string, unknown>> {
  const host = await startTestHost();
  host.writeFile('job.js', 'console.warn(__ARGS__, __ENV__.A); "job done"');
  const clientOf = carriers[carrier];
  if (clientOf === undefined) throw new Error(`no carrier ${carrier}`);
  return transcript(host, clientOf(host));
}

it('every carrier gives the same answers and the same refusals', async () => {
  const [direct, rest] = [await replay('in this process'), await replay('over REST')];
  expect(rest).toEqual(direct);
  expect(direct['executions.repl']).toMatchObject({ answered: { status: 201, body: { status: 'ok' } } });
  expect(direct['templates.create, unknown field']).toMatchObject({ refused: { code: 'INVALID_REQUEST' } });
});

it('the script touches every operation of the contract', async () => {
  const operations: string[] = [];
  traverseContractProcedures({ router: contract, path: [] }, ({ path }) => operations.push(path.join('.')));
  const host = await startTestHost();
  const touched = new Set(Object.keys(steps(host)).map((name) => name.split(',')[0]));
  expect(operations.length).toBeGreaterThan(30);
  expect(operations.filter((operation) => !touched.has(operation))).toEqual([]);
});
