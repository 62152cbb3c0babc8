/** Each defence once over a real socket: that the guard is asked at all, and is told the truth. The rules are tried in its unit test. */
import { Agent } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exchange, exchangeRaw, post, type Sent, startStubServer, stubToken } from '../../support/stub-server.ts';

const repl = { session_id: '7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00', input: '1' };

describe('the REST port', () => {
  it.each<readonly [string, Sent, number, string]>([
    ['a rebound name', { headers: { host: 'evil.example' } }, 403, 'FORBIDDEN'],
    ['a wrong token', { headers: { authorization: 'Bearer x' } }, 401, 'UNAUTHORIZED'],
    ['a page of another origin', { headers: { origin: 'http://evil.example' } }, 403, 'FORBIDDEN'],
    ['a browser that hides its origin', { headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'FORBIDDEN'],
    ['a browser without the token', { headers: { cookie: 'a=b' } }, 401, 'UNAUTHORIZED'],
    ['a preflight', { method: 'OPTIONS' }, 403, 'FORBIDDEN'],
    ['an upgrade of another origin', upgrade({ origin: 'http://evil.example' }), 403, 'FORBIDDEN'],
  ])('refuses %s', async (_, sent, status, code) => {
    const { server, stub } = await startStubServer();
    const { status: received, code: named, headers } = await exchange(server.port, sent);
    expect([received, named, stub.callers]).toEqual([status, code, []]);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it('refuses a form before its body is read, so that no page can run code', async () => {
    const { server, stub } = await startStubServer();
    const { status } = await post(server.port, '/api/v1/executions/repl', repl, { 'content-type': 'text/plain' });
    expect([status, stub.inputs]).toEqual([415, []]);
  });

  it('refuses a target that names a host of its own', async () => {
    const { server } = await startStubServer();
    const head = `GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`;
    expect(await exchangeRaw(server.port, head)).toMatch(/^HTTP\/1\.1 403 .*"FORBIDDEN"/s);
  });

  it.each(['', 'Host: 127.0.0.1:PORT\r\nHost: evil.example\r\n'])('refuses the Host headers %j', async (hosts) => {
    const { server } = await startStubServer();
    const head = `GET /api/v1/health HTTP/1.1\r\n${hosts.replace('PORT', String(server.port))}Connection: close\r\n\r\n`;
    expect(await exchangeRaw(server.port, head)).toMatch(/^HTTP\/1\.1 403 .*x-request-id: .*"FORBIDDEN"/s);
  });

  it('refuses another user of this machine', async () => {
    const { server } = await startStubServer({ identifyPeer: async () => 65534 });
    expect(await exchange(server.port)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  it('lets a peer that cannot be told read and run, but not change templates', async () => {
    const { server } = await startStubServer({ identifyPeer: async () => 'unknown' });
    const statuses = [
      await exchange(server.port),
      await post(server.port, '/api/v1/executions/repl', repl),
      await post(server.port, '/api/v1/templates', { name: 'x' }),
      await post(server.port, '/api/v1/templates', { name: 'x' }, { authorization: `Bearer ${stubToken}` }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 201, 401, 201]);
  });

  it('asks everybody for the token in token mode, but proves itself to anybody', async () => {
    const { server } = await startStubServer({ access: 'token' });
    const statuses = [
      await exchange(server.port),
      await exchange(server.port, { headers: { authorization: `Bearer ${stubToken}` } }),
      await exchange(server.port, { path: `/api/v1/hello?nonce=${'0'.repeat(32)}` }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([401, 200, 200]);
  });

  it.runIf(process.platform === 'linux')('knows its own user by the tables of the kernel', async () => {
    const { server, stub } = await startStubServer({ hosts: ['127.0.0.1', '::1'] });
    for (const host of server.addresses) await exchange(server.port, { host });
    expect(stub.callers).toEqual(server.addresses.map(() => ({ proven: true, authenticated: false })));
  });

  it('looks a peer up once per connection', async () => {
    let lookUps = 0;
    const identifyPeer = async (): Promise<'unknown'> => {
      lookUps += 1;
      return 'unknown';
    };
    const { server } = await startStubServer({ identifyPeer });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await exchange(server.port, { agent });
    await exchange(server.port, { agent });
    await exchange(server.port);
    expect(lookUps).toBe(2);
  });

  it('lets in what fetch of Node sends', async () => {
    const { server } = await startStubServer();
    const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/health`);
    expect(response.status).toBe(200);
  });

  it('never listens for everybody', async () => {
    await expect(startStubServer({ hosts: ['0.0.0.0'] })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(startStubServer({ hosts: ['127.0.0.1', '::'] })).rejects.toThrow('Name the one to listen on');
  });
});

function upgrade(headers: Readonly<Record<string, string>>): Sent {
  return { headers: { connection: 'Upgrade', upgrade: 'websocket', ...headers } };
}
