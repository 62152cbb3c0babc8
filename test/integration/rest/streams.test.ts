/** Server-sent events over a real socket, read as bytes and by the typed client. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Contract, contract } from '#shared/contract/router';
import { exchange, startStubServer } from '../../support/stub-server.ts';

const id = '7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00';

async function follow(port: number, path: string): Promise<IncomingMessage> {
  const outgoing = get({ host: '127.0.0.1', port, path });
  onTestFinished(() => void outgoing.destroy());
  const [response] = await once(outgoing, 'response');
  return response.setEncoding('utf8');
}

async function readUntil(response: IncomingMessage, end: string): Promise<string> {
  let text = '';
  for await (const chunk of response.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes(end)) break;
  }
  return text;
}

describe('a stream of events', () => {
  it('numbers its events and ends with what the iterator returned', async () => {
    const { server } = await startStubServer();
    const { headers, text } = await exchange(server.port, { path: `/api/v1/executions/${id}/stream` });
    const blocks = text.trimEnd().split('\n\n');
    expect(headers['content-type']).toBe('text/event-stream');
    expect(blocks.map((block) => block.split('\ndata: ')[0])).toEqual([
      ':',
      'event: message\nid: 1',
      'event: message\nid: 2',
      'event: done',
    ]);
  });

  it('is what the typed client understands', async () => {
    const { server } = await startStubServer();
    const link = new OpenAPILink(contract, { url: `http://127.0.0.1:${server.port}/api/v1` });
    const client: ContractRouterClient<Contract> = createORPCClient(link);
    const events = await client.executions.stream({ id });
    const seen = [await events.next(), await events.next(), await events.next()];
    expect(seen).toMatchObject([
      { done: false, value: { seq: 1 } },
      { done: false, value: { seq: 2 } },
      { done: true, value: { id, status: 'ok' } },
    ]);
  });

  it('ends with the envelope where the iterator fails', async () => {
    const { server } = await startStubServer();
    const headers = { 'last-event-id': 'broken' };
    const { status, text } = await exchange(server.port, { path: `/api/v1/executions/${id}/stream`, headers });
    const data = '{"error":{"code":"EXECUTION_NOT_FOUND","message":"It went away."}}';
    expect([status, text]).toEqual([200, `:\n\nevent: error\ndata: ${data}\n\n`]);
  });

  it('is kept alive by comments while nothing happens', async () => {
    const { server } = await startStubServer({ heartbeatMs: 10 });
    const text = await readUntil(await follow(server.port, '/api/v1/events'), '\n\n:\n\n:\n\n');
    expect(text).toMatch(/^:\n\nevent: message\nid: 7\ndata: \{"type":"reset"\}\n\n(:\n\n)+$/);
  });

  it('gives its iterator back when the client goes', async () => {
    const { server, stub } = await startStubServer();
    const response = await follow(server.port, '/api/v1/events');
    await readUntil(response, 'reset');
    response.destroy();
    await vi.waitFor(() => expect(stub.endedStreams).toEqual(['events']));
  });

  it('is refused beside 64 others, whether they come in turn or at once, and has room again when one goes', async () => {
    const { server, stub } = await startStubServer();
    const heads = await Promise.all(Array.from({ length: 70 }, () => follow(server.port, '/api/v1/events')));
    expect(heads.filter(({ statusCode }) => statusCode === 503)).toHaveLength(6);
    const refused = await exchange(server.port, { path: `/api/v1/executions/${id}/stream` });
    expect([refused.status, refused.code]).toEqual([503, 'TOO_MANY_STREAMS']);
    expect((await exchange(server.port)).status).toBe(200);
    heads.find(({ statusCode }) => statusCode === 200)?.destroy();
    await vi.waitFor(() => expect(stub.endedStreams).toEqual(['events']));
    expect((await follow(server.port, '/api/v1/events')).statusCode).toBe(200);
  });

  it('ends in good order when the server closes', async () => {
    const { server, stub } = await startStubServer();
    const response = await follow(server.port, '/api/v1/events');
    await readUntil(response, 'reset');
    const ended = once(response.resume(), 'end');
    await server.close();
    await ended;
    expect([response.complete, stub.endedStreams]).toEqual([true, ['events']]);
  });

  it('is only its head to HEAD', async () => {
    const { server } = await startStubServer();
    const { status, headers, text } = await exchange(server.port, { method: 'HEAD', path: '/api/v1/events' });
    expect([status, headers['content-type'], text]).toEqual([200, 'text/event-stream', '']);
  });
});
