/** Builds the client of a command: it sends no token until the host asks for one, and then the one it has proven to hold. */
import type { CliProcess } from './cli-process.ts';
import { createClient, type HostClient } from './client.ts';
import { findToken } from './find-token.ts';
import { type Send, sendRequest } from './http-transport.ts';

export interface Connection {
  readonly serverUrl: string;
  /** Writes each call to stderr. */
  readonly isVerbose: boolean;
  readonly process: CliProcess;
}

export function connect({ serverUrl, isVerbose, process }: Connection): HostClient {
  const send = isVerbose ? logged(sendRequest, process) : sendRequest;
  const plainClient = createClient(serverUrl, send);
  const search = { serverUrl, process, client: plainClient };
  return createClient(
    serverUrl,
    withToken(send, () => findToken(search)),
  );
}

/** Repeats a request that was refused for want of a token. */
function withToken(send: Send, find: () => Promise<string | undefined>): Send {
  return async (request) => {
    const repetition = request.clone();
    const response = await send(request);
    if (response.status !== 401) return response;
    const token = await find();
    if (token === undefined) return response;
    repetition.headers.set('authorization', `Bearer ${token}`);
    return send(repetition);
  };
}

function logged(send: Send, process: CliProcess): Send {
  return async (request) => {
    const startedMs = performance.now();
    const response = await send(request);
    const tookMs = Math.round(performance.now() - startedMs);
    process.stderr.write(`debug: ${request.method} ${request.url} ${response.status} in ${tookMs} ms\n`);
    return response;
  };
}
