import { chmodSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startApp } from '#main/app';
import type { ErrorEnvelope } from '#shared/contract/error';
import type { Session } from '#shared/contract/session';
import type { Settings, Template, TemplateDetail } from '#shared/contract/template';
import { builtEntries } from '../../support/built-entries.ts';
import { SilentLog } from '../../support/silent-log.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { startTestHost } from '../../support/test-host.ts';

const sessionFields = { template_id: crypto.randomUUID(), workspace_id: 'w', base_commit_oid: 'c', worktree_path: '/' };

describe('a body that is not what it should be is refused by name', () => {
  it.each<[string, string, string | object, string]>([
    ['no body', '/templates', '', '400 INVALID_REQUEST'],
    ['white space', '/templates', '  \n ', '400 INVALID_REQUEST'],
    ['half a document', '/templates', '{"name":', '400 INVALID_REQUEST'],
    ['two documents', '/templates', '{"name":"a"}{"name":"b"}', '400 INVALID_REQUEST'],
    ['an array', '/templates', '[]', '400 INVALID_REQUEST'],
    ['a string', '/templates', '"name"', '400 INVALID_REQUEST'],
    ['null', '/templates', 'null', '400 INVALID_REQUEST'],
    ['an unknown field', '/templates', { name: 'a', nmae: 'b' }, '400 INVALID_REQUEST'],
    ['an unknown field beside a wrong one', '/templates', { name: 1, nmae: 'b' }, '400 INVALID_REQUEST'],
    ['nesting without end', '/templates', `{"name":${'['.repeat(100_000)}`, '400 INVALID_REQUEST'],
    ['a number for a name', '/templates', { name: 1 }, '400 VALIDATION_ERROR'],
    ['an empty name', '/templates', { name: '' }, '400 VALIDATION_ERROR'],
    ['a blank name', '/templates', { name: '   ' }, '400 VALIDATION_ERROR'],
    ['half a surrogate pair in a name', '/templates', '{"name":"\\ud800"}', '400 VALIDATION_ERROR'],
    ['a NUL in a name', '/templates', { name: 'a\0b' }, '400 VALIDATION_ERROR'],
    ['a name without end', '/templates', { name: 'x'.repeat(100_000) }, '400 VALIDATION_ERROR'],
    ['no name', '/templates', {}, '400 VALIDATION_ERROR'],
    ['an id that is no id', '/sessions', { ...sessionFields, template_id: 'seven' }, '400 VALIDATION_ERROR'],
    ['a missing field', '/sessions', { template_id: crypto.randomUUID() }, '400 VALIDATION_ERROR'],
    ['an id of another kind', '/sessions', sessionFields, '404 TEMPLATE_NOT_FOUND'],
    ['an empty input', '/executions/repl', { session_id: crypto.randomUUID(), input: '' }, '400 VALIDATION_ERROR'],
    [
      'args for a snippet',
      '/executions/repl',
      { session_id: crypto.randomUUID(), input: '1', args: [] },
      '400 INVALID_REQUEST',
    ],
  ])('%s', async (_title, path, body, expected) => {
    const host = await startTestHost();
    expect(await host.refusal('POST', path, body)).toBe(expected);
    expect(await host.ok('GET', '/templates')).toEqual([]);
  });

  it('bytes that are no UTF-8', async () => {
    const host = await startTestHost();
    const response = await fetch(host.url('/templates'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x7b, 0x22, 0x6e, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
  });

  it('ten megabytes, and the host answers the next request', async () => {
    const host = await startTestHost();
    const body = JSON.stringify({ name: 'x'.repeat(10 * 1024 * 1024) });
    const response = await fetch(host.url('/templates'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }).catch(() => undefined);
    if (response !== undefined) expect(response.status).toBe(413);
    expect(await host.ok('GET', '/health')).toMatchObject({ status: 'ok' });
  });

  it('names the field and why', async () => {
    const host = await startTestHost();
    const template = await host.template('one');
    const reply = await host.call<ErrorEnvelope>('PATCH', `/templates/${template.id}/settings`, {
      body: { limits: { cpu_ms: 'fast' } },
    });
    expect(reply.body.error.message).toContain('limits.cpu_ms');
    expect(reply.body.error.details).toMatchObject({
      fields: [{ path: 'limits.cpu_ms', message: expect.any(String) }],
    });
  });
});

describe('a field that is there but says nothing', () => {
  it('is absent where it is optional', async () => {
    const host = await startTestHost();
    const { id } = await host.ok<Template>('POST', '/templates', { name: 'one', engine: null });
    await host.ok('POST', '/templates', { name: 'two', engine: '' });
    expect(await host.ok('PATCH', `/templates/${id}`, { name: 'three', is_active: null })).toMatchObject({
      name: 'three',
      is_active: true,
    });
    const file = { path: 'a.js', order_index: null, mode: '' };
    expect(await host.ok('POST', `/templates/${id}/startup-files`, file)).toMatchObject({
      order_index: 0,
      mode: 'eval',
    });
    const capability = { kind: null, name: 'A', enabled: null, config: null };
    expect(await host.ok('POST', `/templates/${id}/capabilities`, capability)).toMatchObject({
      kind: 'module',
      enabled: true,
      config: {},
    });
    expect(await host.ok<Session[]>('GET', '/sessions?status=')).toEqual([]);
  });

  it('leaves settings as they are', async () => {
    const host = await startTestHost();
    const { id } = await host.template('one', { max_events: 7 });
    const before = await host.ok<TemplateDetail>('GET', `/templates/${id}`);
    const patch = { limits: { max_events: null, cpu_ms: null }, resolver: null, runtime: { esm: null } };
    expect(await host.ok('PATCH', `/templates/${id}/settings`, patch)).toEqual(before.settings);
  });

  it('gives a file that is run no arguments', async () => {
    const host = await startTestHost();
    host.writeFile('a.js', '1');
    const { id } = await host.newSession();
    const body = { session_id: id, path: 'a.js', args: null, env: null };
    expect(await host.ok('POST', '/executions/run-file', body)).toMatchObject({ args: {}, env: {} });
  });

  it.each<[string, object, string]>([
    ['/templates', { name: null }, '400 VALIDATION_ERROR'],
    ['/templates', { name: 'a', nmae: null }, '400 INVALID_REQUEST'],
    ['/sessions', { ...sessionFields, template_id: null }, '400 VALIDATION_ERROR'],
    ['/sessions', { ...sessionFields, template_id: '' }, '400 VALIDATION_ERROR'],
    ['/executions/repl', { session_id: crypto.randomUUID(), input: null }, '400 VALIDATION_ERROR'],
  ])('is refused where it is required or unknown: %s %j', async (path, body, expected) => {
    const host = await startTestHost();
    expect(await host.refusal('POST', path, body)).toBe(expected);
  });
});

describe('settings', () => {
  it('are taken back as they were given, under an id in capitals too', async () => {
    const host = await startTestHost();
    const { id } = await host.template('one', { max_events: 7 });
    const settings = await host.ok<Settings>('GET', `/templates/${id}/settings`);
    expect(settings).toMatchObject({ vm_id: id, limits: { max_events: 7 } });
    expect(await host.ok('PUT', `/templates/${id}/settings`, settings)).toEqual(settings);
    const { vm_id: vmId, ...rest } = settings;
    expect(await host.ok('PUT', `/templates/${id}/settings`, { ...rest, vm_id: vmId.toUpperCase() })).toEqual(settings);
    expect(await host.ok('PUT', `/templates/${id}/settings`, { ...rest, vm_id: null })).toEqual(settings);
    expect(await host.ok('PUT', `/templates/${id}/settings`, rest)).toEqual(settings);
  });

  it('of another template are refused', async () => {
    const host = await startTestHost();
    const [one, two] = [await host.template('one'), await host.template('two')];
    const settings = await host.ok<Settings>('GET', `/templates/${one.id}/settings`);
    const { status, body } = await host.call<ErrorEnvelope>('PUT', `/templates/${two.id}/settings`, { body: settings });
    expect([status, body.error]).toMatchObject([
      400,
      { code: 'VALIDATION_ERROR', message: '"vm_id" must be the id in the path.' },
    ]);
  });
});

describe('a query or path that is not what it should be', () => {
  it.each([
    ['GET', '/executions', '400 VALIDATION_ERROR'],
    ['GET', `/executions?session_id=${crypto.randomUUID()}&limit=0`, '400 VALIDATION_ERROR'],
    ['GET', `/executions?session_id=${crypto.randomUUID()}&limit=many`, '400 VALIDATION_ERROR'],
    ['GET', `/executions?session_id=${crypto.randomUUID()}`, '404 SESSION_NOT_FOUND'],
    ['GET', `/executions?session_id=${crypto.randomUUID()}&limit=1&limit=2`, '400 VALIDATION_ERROR'],
    ['GET', '/sessions?status=sleeping', '400 VALIDATION_ERROR'],
    ['GET', '/sessions?status=ready&status=closed', '400 VALIDATION_ERROR'],
    ['GET', '/templates/not-an-id', '400 VALIDATION_ERROR'],
    ['GET', `/executions/${crypto.randomUUID()}/events?after_seq=-1`, '400 VALIDATION_ERROR'],
    ['GET', '/templates/%zz', '400 INVALID_REQUEST'],
    ['GET', '/', '404 NOT_FOUND'],
    ['GET', '/templates/', '404 NOT_FOUND'],
    ['DELETE', '/templates', '405 METHOD_NOT_ALLOWED'],
    ['POST', '/health', '405 METHOD_NOT_ALLOWED'],
  ])('%s %s is %s', async (method, path, expected) => {
    const host = await startTestHost();
    expect(await host.refusal(method, path)).toBe(expected);
  });

  it.each(['0x2', '1e1', ' 1', '%2B1', '+1', '1.0', '', '-0', '1_0', '\u0661', '9'.repeat(400)])(
    'limit=%s is no number',
    async (limit) => {
      const host = await startTestHost();
      const { id } = await host.newSession();
      const { status, body } = await host.call<ErrorEnvelope>('GET', `/executions?session_id=${id}&limit=${limit}`);
      expect([status, body.error.code, body.error.message]).toEqual([
        400,
        'VALIDATION_ERROR',
        '"limit" must be a whole number in decimal digits.',
      ]);
      expect(await host.refusal('GET', `/executions/${id}/events?after_seq=${limit}`)).toBe('400 VALIDATION_ERROR');
    },
  );

  it('ignores parameters that nobody knows, as old clients send some', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const { id } = await host.repl(session.id, '1');
    const reads = [
      '/health?',
      '/templates?',
      `/templates/${session.vm_id}?`,
      `/templates/${session.vm_id}/modules?id=other&`,
      '/sessions?status=ready&',
      `/sessions/${session.id}?`,
      `/executions?session_id=${session.id}&`,
      `/executions/${id}?`,
      `/executions/${id}/events?after_seq=1&`,
      `/executions/${id}/stream?`,
      `/hello?nonce=${'ab'.repeat(32)}&`,
    ];
    const statuses = await Promise.all(reads.map(async (path) => (await fetch(host.url(`${path}colour=red`))).status));
    expect(statuses).toEqual(reads.map(() => 200));
    const run = await host.call('POST', '/executions/repl?colour=red', {
      body: { session_id: session.id, input: '1' },
    });
    expect([run.status, (await host.call('DELETE', `/sessions/${session.id}?colour=red`)).status]).toEqual([201, 200]);
  });

  it('takes an id in capitals for the same id', async () => {
    const host = await startTestHost();
    const { id } = await host.template('one');
    expect(await host.ok('GET', `/templates/${id.toUpperCase()}`)).toMatchObject({ template: { id } });
  });

  it('says which methods a path knows', async () => {
    const host = await startTestHost();
    const { headers } = await host.call('PUT', '/templates', { body: { name: 'x' } });
    expect(headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  });
});

describe('files and folders', () => {
  it.each(['relative', '/no/such/folder', '/etc/hostname', '/tmp\0'])('worktree %j is refused', async (path) => {
    const host = await startTestHost();
    const { id } = await host.template('one');
    const body = { ...sessionFields, template_id: id, worktree_path: path };
    expect(await host.refusal('POST', '/sessions', body)).toBe('422 INVALID_PATH');
    expect(await host.ok('GET', '/sessions')).toEqual([]);
  });

  it('that cannot be run are refused, each for its reason', async () => {
    const host = await startTestHost();
    host.writeFile('latin.js', new Uint8Array([0x22, 0xe9, 0x22]));
    host.writeFile('huge.js', '/'.repeat(5 * 1024 * 1024));
    host.writeFile('folder/file.js', '1');
    const session = await host.newSession();
    const run = (path: string) => host.refusal('POST', '/executions/run-file', { session_id: session.id, path });
    expect(await run('latin.js')).toBe('400 VALIDATION_ERROR');
    expect(await run('huge.js')).toBe('413 PAYLOAD_TOO_LARGE');
    expect(await run('folder')).toBe('422 INVALID_PATH');
    expect(await run('a\0.js')).toBe('422 INVALID_PATH');
    expect(await run('/etc/passwd')).toBe('422 INVALID_PATH');
    expect(await host.ok('GET', `/executions?session_id=${session.id}`)).toEqual([]);
  });

  it('a worktree that goes away is named when a file of it is run', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const { rmSync } = await import('node:fs');
    rmSync(host.worktree, { recursive: true });
    const body = { session_id: session.id, path: 'a.js' };
    expect(await host.refusal('POST', '/executions/run-file', body)).toBe('422 INVALID_PATH');
    expect((await host.repl(session.id, '1')).status).toBe('ok');
  });

  it('a database that is no database stops the start and stays as it is', async () => {
    const folder = temporaryFolder();
    const databasePath = join(folder, 'notes.txt');
    writeFileSync(
      databasePath,
      'these are my notes, not a database, and they are long enough to be looked at twice\n'.repeat(20),
    );
    chmodSync(databasePath, 0o600);
    const config = {
      databasePath,
      runDirectory: join(folder, 'run'),
      libraryCacheDirectory: folder,
      hosts: ['127.0.0.1'],
      port: 0,
      access: 'compat' as const,
      version: 'test',
      ...builtEntries,
    };
    await expect(startApp(config, new SilentLog())).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
      message: expect.stringContaining('notes.txt'),
    });
  });
});

it('what is no HTTP at all gets an answer and a closed connection, and the host goes on', async () => {
  const host = await startTestHost();
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(host.app.port, '127.0.0.1', () => socket.write('\x16\x03\x01 this is no http\r\n\r\n'));
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/i);
  expect(answer).toContain('"code":"INVALID_REQUEST"');
  expect(await host.ok('GET', '/health')).toMatchObject({ status: 'ok' });
});
