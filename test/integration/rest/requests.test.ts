/** Requests and answers over a real socket: the envelope on every way to fail, and the limits of the wire. */
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { maxBodyBytes } from '#main/rest/request-body';
import { knownId } from '../../support/stub-answers.ts';
import { exchange, exchangeRaw, post, startStubServer } from '../../support/stub-server.ts';

const id = '7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('an answer', () => {
  it('carries a request id of its own and keeps out of caches and foreign pages', async () => {
    const { server } = await startStubServer();
    const [first, second] = [await exchange(server.port), await exchange(server.port, { path: '/nothing' })];
    const common = {
      'x-request-id': expect.stringMatching(uuid),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-type': 'application/json',
    };
    expect([first.headers, second.headers]).toEqual([expect.objectContaining(common), expect.objectContaining(common)]);
    expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
  });

  it('to HEAD is that to GET without its body', async () => {
    const { server } = await startStubServer();
    const [get, head] = [await exchange(server.port), await exchange(server.port, { method: 'HEAD' })];
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']]);
  });

  it('has the status that the route chose', async () => {
    const { server } = await startStubServer();
    const body = { session_id: id, input: '1' };
    const statuses = [
      await post(server.port, '/api/v1/executions/repl', body),
      await post(server.port, '/api/v1/executions/repl?wait=false', body),
    ].map(({ status }) => status);
    expect(statuses).toEqual([201, 202]);
  });

  it.each([
    ['an unknown path', 'GET', '/api/v1/nothing', '', 404, 'NOT_FOUND'],
    ['a trailing slash', 'GET', '/api/v1/health/', '', 404, 'NOT_FOUND'],
    ['a broken escape', 'GET', '/api/v1/templates/%zz', '', 400, 'INVALID_REQUEST'],
    ['a wrong method', 'DELETE', '/api/v1/templates', '', 405, 'METHOD_NOT_ALLOWED'],
    ['an id that is none', 'GET', '/api/v1/templates/x', '', 400, 'VALIDATION_ERROR'],
    ['a bad query value', 'GET', `/api/v1/executions?session_id=${id}&limit=0`, '', 400, 'VALIDATION_ERROR'],
    ['no body', 'POST', '/api/v1/templates', '', 400, 'INVALID_REQUEST'],
    ['a missing field', 'POST', '/api/v1/templates', '{}', 400, 'VALIDATION_ERROR'],
    ['an unknown field', 'POST', '/api/v1/templates', '{"name":"a","x":1}', 400, 'INVALID_REQUEST'],
    [
      'an unknown field of a fateful name',
      'POST',
      '/api/v1/templates',
      '{"name":"a","__proto__":{}}',
      400,
      'INVALID_REQUEST',
    ],
    ['a second value', 'POST', '/api/v1/templates', '{"name":"a"}{}', 400, 'INVALID_REQUEST'],
    ['an error of the domain', 'GET', `/api/v1/templates/${id}`, '', 404, 'TEMPLATE_NOT_FOUND'],
    ['a full disk', 'PATCH', `/api/v1/templates/${id}/settings`, '{}', 507, 'STORE_WRITE_FAILED'],
    ['an answer that breaks the contract', 'GET', '/api/v1/runtime/summary', '', 500, 'INTERNAL'],
    ['what nobody foresaw', 'GET', '/api/v1/templates', '', 500, 'INTERNAL'],
  ])('to %s is the envelope', async (_, method, path, body, status, code) => {
    const { server } = await startStubServer();
    const headers = { 'content-type': 'application/json' };
    const received = await exchange(server.port, { method, path, headers, ...(body === '' ? {} : { body }) });
    expect([received.status, received.code]).toEqual([status, code]);
  });

  it('to a wrong method names the right ones', async () => {
    const { server } = await startStubServer();
    const { headers } = await exchange(server.port, { method: 'DELETE', path: '/api/v1/templates' });
    expect(headers.allow).toBe('GET, HEAD, POST');
  });

  it('hides what nobody foresaw, and the log has it under the request id', async () => {
    const { server, log } = await startStubServer();
    const { text, headers } = await exchange(server.port, { path: '/api/v1/templates' });
    expect(text).not.toContain('secret inside');
    expect(text).toContain(`request id ${headers['x-request-id']}`);
    expect(log.entries).toEqual([
      {
        level: 'error',
        message: 'a request failed',
        fields: {
          requestId: headers['x-request-id'],
          code: 'INTERNAL',
          error: expect.objectContaining({ cause: new TypeError('secret inside') }),
        },
      },
    ]);
  });

  it('to a guest’s mistake leaves no trace in the log', async () => {
    const { server, log } = await startStubServer();
    await exchange(server.port, { path: `/api/v1/templates/${id}` });
    expect(log.entries).toEqual([]);
  });
});

describe('a body', () => {
  it('that is too large is refused, and the connection stays good', async () => {
    const { server } = await startStubServer();
    const head = (length: number): string =>
      `POST /api/v1/templates HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n`;
    const tooMuch = maxBodyBytes + 1;
    const both = `${head(tooMuch)}\r\n${'x'.repeat(tooMuch)}${head(12)}Connection: close\r\n\r\n{"name":"a"}`;
    const answers = (await exchangeRaw(server.port, both)).match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual(['HTTP/1.1 413', 'HTTP/1.1 201']);
  });

  it('that grows too large in chunks is refused', async () => {
    const { server } = await startStubServer();
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const sent = { method: 'POST', path: '/api/v1/templates', headers, body: 'x'.repeat(maxBodyBytes + 1) };
    expect(await exchange(server.port, sent)).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  it.each([
    ['no byte, typed as a form', 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n', 200],
    ['no chunk', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 200],
    ['no chunk, typed as text', 'Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 200],
    ['white space', 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n\r\n', 200],
    [
      'a chunk, typed as text',
      'Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      415,
    ],
    ['a chunk without a type', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', 415],
  ])('of %s is taken for what it is by an operation that needs none', async (_, rest, status) => {
    const { server, stub } = await startStubServer();
    stub.release();
    const line = `POST /api/v1/executions/${id}/cancel HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n`;
    expect(await exchangeRaw(server.port, line + rest)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('that a client holds back is asked for', async () => {
    const { server } = await startStubServer();
    const answer = await exchangeRaw(server.port, expecting(server.port, 12, '{"name":"a"}'));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 201']);
  });

  it('that a client holds back is not asked for where it would be refused', async () => {
    const { server } = await startStubServer();
    const answer = await exchangeRaw(server.port, expecting(server.port, maxBodyBytes + 1, ''));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413']);
  });
});

describe('what is no request', () => {
  it.each([
    [
      'headers of more than 16 KiB',
      `GET /api/v1/health HTTP/1.1\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a path of more than 16 KiB', `GET /${'y'.repeat(17_000)} HTTP/1.1\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'INVALID_REQUEST'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'INVALID_REQUEST',
    ],
  ])('is answered in the envelope: %s', async (_, bytes, status, code) => {
    const { server } = await startStubServer();
    const [head = '', body = ''] = (await exchangeRaw(server.port, bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*x-request-id: [0-9a-f-]{36}\r\n`, 's'));
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
  });

  it('lets what was asked before be answered, and closes the connection then', async () => {
    const { server, stub } = await startStubServer();
    const waiting = `POST /api/v1/executions/${id}/cancel HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    const answers = exchangeRaw(server.port, `${waiting}${waiting}NONSENSE\r\n\r\n`);
    await stub.busy;
    stub.release();
    expect((await answers).match(/HTTP\/1\.1 \d+|Connection: \S+|"id":"[0-9a-f-]{36}"/g)).toEqual([
      ...['HTTP/1.1 200', 'Connection: keep-alive', `"id":"${knownId}"`],
      ...['HTTP/1.1 200', 'Connection: close', `"id":"${knownId}"`],
    ]);
  });

  it('is not answered into the middle of a stream, which goes on', async () => {
    const { server } = await startStubServer({ heartbeatMs: 5 });
    const socket = connect(server.port, '127.0.0.1').setEncoding('latin1');
    onTestFinished(() => void socket.destroy());
    socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) {
      const hadEvent = text.includes('reset');
      text += chunk;
      if (!hadEvent && text.includes('reset')) socket.write('NONSENSE\r\n\r\n');
      if (text.length > 2000) void server.close();
    }
    expect(text).toMatch(/^HTTP\/1\.1 200 .*(3\r\n:\n\n\r\n)+0\r\n\r\n$/s);
  });

  it('is answered where it is the body of a request', async () => {
    const { server, stub } = await startStubServer();
    const type = 'Content-Type: application/json\r\nTransfer-Encoding: chunked';
    const head = `POST /api/v1/executions/repl HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${type}\r\n\r\n`;
    expect(await exchangeRaw(server.port, `${head}2\r\n{"\r\nNONSENSE\r\n`)).toMatch(
      /^HTTP\/1\.1 400 .*"code":"INVALID_REQUEST"/s,
    );
    expect(stub.inputs).toEqual([]);
  });

  it('is given up when it does not come to an end', async () => {
    const { server } = await startStubServer();
    const answer = await exchangeRaw(server.port, 'GET /api/v1/health HTTP/1.1\r\nX-Slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*did not arrive in time/s);
  });

  it('cannot take all connections: the 257th is dropped, and the log says so', async () => {
    const { server, log } = await startStubServer();
    for (let count = 0; count < 256; count += 1) await openSocket(server.port);
    expect(await exchangeRaw(server.port, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
    expect(log.entries.map(({ level }) => level)).toEqual(['warn']);
  });
});

function expecting(port: number, length: number, body: string): string {
  const type = 'Content-Type: application/json';
  return `POST /api/v1/templates HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${type}\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n${body}`;
}

async function openSocket(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
}
