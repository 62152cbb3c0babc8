/** Starting and closing the REST server on real addresses. */
import { Agent } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exchange, startStubServer } from '../../support/stub-server.ts';

const cancel = { method: 'POST', path: '/api/v1/executions/7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00/cancel' };

describe('the REST server', () => {
  it('listens on both loopbacks at one port', async () => {
    const { server } = await startStubServer({ hosts: ['127.0.0.1', '::1'] });
    const statuses = await Promise.all(
      server.addresses.map(async (host) => (await exchange(server.port, { host })).status),
    );
    expect(statuses).toEqual(server.addresses.map(() => 200));
  });

  it('goes on without an address that the machine lacks, and says so', async () => {
    const { server, log } = await startStubServer({ hosts: ['127.0.0.1', '203.0.113.7'] });
    expect([server.addresses, log.entries]).toEqual([
      ['127.0.0.1'],
      [{ level: 'warn', message: 'this machine lacks an address to listen on', fields: { address: '203.0.113.7' } }],
    ]);
  });

  it('asks for the token once it serves more than loopback, whatever was configured', async () => {
    const { server } = await startStubServer({ hosts: ['127.0.0.1', '203.0.113.7'], access: 'compat' });
    expect(await exchange(server.port)).toMatchObject({ status: 401 });
  });

  it('fails with the port on its error where it is taken, and then holds none', async () => {
    const { server } = await startStubServer({ hosts: ['::1'] });
    const start = startStubServer({ hosts: ['127.0.0.1', '::1'], port: server.port });
    await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE', port: server.port });
    await expect(canListen(server.port)).resolves.toBe(true);
  });

  it('lets a running request finish before it is closed, and takes no other', async () => {
    const { server, stub } = await startStubServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await exchange(server.port, { agent });
    const running = exchange(server.port, cancel);
    await stub.busy;
    const closed = server.close();
    await expect(exchange(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    stub.release();
    expect((await running).status).toBe(200);
    await closed;
  });

  it('answers HOST_STOPPING on a connection that is still busy, and closes it after', async () => {
    const { server, stub, log } = await startStubServer({ graceMs: 60_000 });
    const head = (line: string): string => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    const socket = connect(server.port, '127.0.0.1').setEncoding('latin1');
    onTestFinished(() => void socket.destroy());
    socket.write(head(`${cancel.method} ${cancel.path}`));
    await stub.busy;
    const closed = server.close();
    socket.write(head('GET /api/v1/health'));
    await vi.waitFor(() => expect(log.entries).toHaveLength(1));
    stub.release();
    let answers = '';
    for await (const chunk of socket) answers += chunk;
    await closed;
    expect(answers.match(/HTTP\/1\.1 \d+|HOST_STOPPING/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 503', 'HOST_STOPPING']);
  });

  it('cuts off what does not finish within its grace', async () => {
    const { server, stub } = await startStubServer({ graceMs: 20 });
    const cutOff = expect(exchange(server.port, cancel)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await stub.busy;
    await server.close();
    await cutOff;
  });

  it('does not wait for connections that nobody uses', async () => {
    const { server } = await startStubServer({ graceMs: 60_000 });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await exchange(server.port, { agent });
    await Promise.all([server.close(), server.close()]);
  });
});

function canListen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
