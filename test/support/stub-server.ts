/** The REST server over the stub router, closed with the test, and two ways of talking to it: parsed, and byte by byte. */
import { randomUUID } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { type RestServer, type RestServerOptions, startRestServer } from '#main/rest/server';
import { SilentLog } from './silent-log.ts';
import { createStubRouter, type StubRouter } from './stub-router.ts';

export const stubToken = 'stub-token';

export interface StubServer {
  readonly server: RestServer;
  readonly stub: StubRouter;
  readonly log: SilentLog;
}

export async function startStubServer(options: Partial<RestServerOptions> = {}): Promise<StubServer> {
  const stub = createStubRouter();
  const log = new SilentLog();
  const server = await startRestServer({
    router: stub.router,
    hosts: ['127.0.0.1'],
    port: 0,
    access: 'compat',
    token: stubToken,
    log,
    newRequestId: randomUUID,
    ...options,
  });
  onTestFinished(() => server.close());
  return { server, stub, log };
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly host?: string;
  readonly agent?: Agent;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The code of the error envelope. */
  readonly code: string | undefined;
}

/** One request on a connection of its own, unless an agent is given. */
export function exchange(port: number, sent: Sent = {}): Promise<Received> {
  const { method = 'GET', path = '/api/v1/health', headers = {}, body, host = '127.0.0.1', agent } = sent;
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const outgoing = request({ host, port, method, path, headers, agent: agent ?? new Agent() }, async (response) => {
    try {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text, code: errorCode(text) });
    } catch (error) {
      reject(error);
    }
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

/** A POST of JSON. */
export function post(port: number, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const json = { 'content-type': 'application/json', ...headers };
  return exchange(port, { method: 'POST', path, headers: json, body: JSON.stringify(body) });
}

/** Sends bytes as they are and resolves to all that comes back until the server hangs up. */
export async function exchangeRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

function errorCode(text: string): string | undefined {
  if (!text.startsWith('{"error":')) return undefined;
  return JSON.parse(text).error.code;
}
