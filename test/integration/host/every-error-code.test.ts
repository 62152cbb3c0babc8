/**
 * Every code of the error table, produced over HTTP. The table below is total: a new code without a way to produce it
 * does not compile, and each reply is compared with the status that the error table promises.
 */
import { request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { type ErrorCode, type ErrorEnvelope, errorTable } from '#shared/contract/error';
import type { Template } from '#shared/contract/template';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

interface Refusal {
  readonly status: number;
  readonly requestId: string | null;
  readonly error: ErrorEnvelope['error'];
}

type Producer = (host: TestHost) => Promise<Refusal>;

const unknownId = '00000000-0000-4000-8000-00000000dead';

const call =
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Producer =>
  async (host) => {
    const reply = await host.call<ErrorEnvelope>(method, path, {
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    });
    return { status: reply.status, requestId: reply.headers.get('x-request-id'), error: reply.body.error };
  };

const withTemplate =
  (path: string, body: unknown, method = 'POST'): Producer =>
  async (host) => {
    const { id } = await host.template('one');
    return call(method, `/templates/${id}${path}`, body)(host);
  };

const inSession =
  (
    path: string,
    body: object,
    prepare: (host: TestHost, sessionId: string) => Promise<unknown> = async () => undefined,
  ): Producer =>
  async (host) => {
    const { id } = await host.newSession({ max_events: 5 });
    await prepare(host, id);
    return call('POST', path, { session_id: id, ...body })(host);
  };

const sessionOf =
  (prepare: (host: TestHost, template: Template) => Promise<unknown>, changes: object = {}): Producer =>
  async (host) => {
    const template = await host.template('one');
    await prepare(host, template);
    const worktree = { worktree_path: host.worktree, ...changes };
    return call('POST', '/sessions', {
      template_id: template.id,
      workspace_id: 'w',
      base_commit_oid: 'c',
      ...worktree,
    })(host);
  };

const producers: Record<Exclude<ErrorCode, FaultCode>, Producer> = {
  VALIDATION_ERROR: call('POST', '/templates', { name: 7 }),
  INVALID_REQUEST: call('POST', '/templates', { name: 'x', colour: 'red' }),
  UNAUTHORIZED: call('GET', '/health', undefined, { authorization: 'Bearer wrong' }),
  FORBIDDEN: call('GET', '/health', undefined, { origin: 'http://evil.example' }),
  NOT_FOUND: call('GET', '/nowhere'),
  TEMPLATE_NOT_FOUND: call('GET', `/templates/${unknownId}`),
  TEMPLATE_VERSION_NOT_FOUND: withTemplate('/versions/2/restore', {}),
  CAPABILITY_NOT_FOUND: withTemplate(`/capabilities/${unknownId}`, undefined, 'DELETE'),
  STARTUP_FILE_NOT_FOUND: withTemplate(`/startup-files/${unknownId}`, undefined, 'DELETE'),
  SESSION_NOT_FOUND: call('GET', `/sessions/${unknownId}`),
  EXECUTION_NOT_FOUND: call('GET', `/executions/${unknownId}`),
  OPERATION_NOT_FOUND: call('GET', `/operations/${unknownId}`),
  LIBRARY_NOT_FOUND: call('DELETE', '/libraries/none-1.0.0'),
  FILE_NOT_FOUND: inSession('/executions/run-file', { path: 'missing.js' }),
  METHOD_NOT_ALLOWED: call('PUT', '/templates', { name: 'x' }),
  SESSION_NOT_READY: inSession('/executions/repl', { input: '1' }, (host, id) =>
    host.ok('POST', `/sessions/${id}/close`),
  ),
  SESSION_BUSY: inSession('/executions/repl', { input: '1' }, (host, id) => host.start(id, 'for (;;);')),
  TEMPLATE_INACTIVE: sessionOf((host, { id }) => host.ok('PATCH', `/templates/${id}`, { is_active: false })),
  TEMPLATE_NAME_TAKEN: async (host) => {
    await host.template('one');
    return call('POST', '/templates', { name: 'one' })(host);
  },
  CAPABILITY_NAME_TAKEN: async (host) => {
    const { id } = await host.template('one');
    await host.ok('POST', `/templates/${id}/capabilities`, { kind: 'env', name: 'HOME' });
    return call('POST', `/templates/${id}/capabilities`, { kind: 'env', name: 'HOME' })(host);
  },
  PAYLOAD_TOO_LARGE: inSession('/executions/repl', { input: `"${'x'.repeat(5 * 1024 * 1024)}"` }),
  UNSUPPORTED_MEDIA_TYPE: call('POST', '/templates', '{"name":"x"}', {
    'content-type': 'application/x-www-form-urlencoded',
  }),
  INVALID_PATH: inSession('/executions/run-file', { path: '../outside.js' }),
  OUTPUT_LIMIT_EXCEEDED: inSession('/executions/repl', { input: 'for (;;) console.log(1)' }),
  STARTUP_MODE_UNSUPPORTED: withTemplate('/startup-files', { path: 'a.js', mode: 'import' }),
  STARTUP_FAILED: sessionOf(async (host, { id }) => {
    host.writeFile('bad.js', 'throw new Error("bad")');
    await host.ok('POST', `/templates/${id}/startup-files`, { path: 'bad.js' });
  }),
  MODULE_NOT_ALLOWED: withTemplate('/modules', { name: 'console' }),
  ENGINE_UNSUPPORTED: call('POST', '/templates', { name: 'x', engine: 'v8' }),
  LIBRARY_NOT_CACHED: sessionOf((host, { id }) =>
    host.ok('POST', `/templates/${id}/libraries`, { name: 'lodash-4.17.21' }),
  ),
  HEADERS_TOO_LARGE: (host) => hugeHeader(host),
  SESSION_LIMIT_REACHED: async (host) => {
    const template = await host.template('one');
    for (let count = 0; count < maxLive; count += 1) await host.session(template.id);
    return call('POST', '/sessions', {
      template_id: template.id,
      workspace_id: 'w',
      base_commit_oid: 'c',
      worktree_path: host.worktree,
    })(host);
  },
  TOO_MANY_STREAMS: async (host) => {
    const leave = new AbortController();
    onTestFinished(() => leave.abort());
    const open = () => fetch(host.url('/events'), { signal: leave.signal });
    await Promise.all(Array.from({ length: 64 }, open));
    return call('GET', '/events')(host);
  },
};

/** Codes that need a host that is failing or stopping; they have tests of their own in faults.test.ts. */
type FaultCode = 'INTERNAL' | 'HOST_STOPPING' | 'STORE_WRITE_FAILED';

const maxLive = 3;

for (const [code, produce] of Object.entries(producers)) {
  it(`${code} comes with its status, a request id and a message that helps`, async () => {
    const host = await startTestHost({ maxLive });
    const { status, requestId, error } = await produce(host);
    expect(error).toMatchObject({ code, message: expect.any(String) });
    expect(status).toBe(errorTable[error.code].http);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.message.length).toBeGreaterThan(20);
    expect(error.message).not.toMatch(/undefined|\[object/);
  });
}

/** fetch keeps headers small, so this one is sent by hand. */
function hugeHeader({ app }: TestHost): Promise<Refusal> {
  const { promise, resolve, reject } = Promise.withResolvers<Refusal>();
  const headers = { host: `127.0.0.1:${app.port}`, 'x-large': 'x'.repeat(20_000) };
  request({ port: app.port, host: '127.0.0.1', path: '/api/v1/health', headers }, async (response) => {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const requestId = response.headers['x-request-id'];
    resolve({ status: response.statusCode ?? 0, requestId: String(requestId), error: JSON.parse(text).error });
  })
    .on('error', reject)
    .end();
  return promise;
}
