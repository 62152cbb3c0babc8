/**
 * Carries one request to the host. It stands in for `fetch` because that gives up after five minutes without an answer,
 * and an execution may rightly take an hour. It follows no redirect and accepts no answer that is not a vm-system host's.
 */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.ts';

export type Send = (request: Request) => Promise<Response>;

export async function sendRequest(request: Request): Promise<Response> {
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  try {
    const incoming = await exchange(request, body);
    refuseForeignAnswer(request, incoming);
    return await toResponse(incoming);
  } catch (error) {
    throw error instanceof CliError ? error : unreachable(request, error);
  }
}

function exchange(request: Request, body: Buffer | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const start = request.url.startsWith('https:') ? requestHttps : requestHttp;
  const headers = Object.fromEntries(request.headers);
  start(request.url, { method: request.method, headers, signal: request.signal }, resolve)
    .on('error', reject)
    .end(body);
  return promise;
}

/** Every answer of a host carries X-Request-Id and JSON or events; whatever else listens on the port must not be believed. */
function refuseForeignAnswer(request: Request, incoming: IncomingMessage): void {
  const { statusCode: status = 0, headers } = incoming;
  const isKind = /^(application\/json|text\/event-stream)\b/.test(headers['content-type'] ?? '');
  if (headers['x-request-id'] !== undefined && isKind && status >= 200 && (status < 300 || status >= 400)) return;
  incoming.destroy();
  const what =
    status >= 300 && status < 400 ? 'a redirect, which the CLI never follows' : 'not the answer of a vm-system host';
  throw new CliError(
    'UNEXPECTED_ANSWER',
    `${originOf(request)} answered ${status}: ${what}. Check --server-url, or what else listens on that port.`,
  );
}

/** Events are handed on as they come; everything else is read whole, so that a broken connection shows here. */
async function toResponse(incoming: IncomingMessage): Promise<Response> {
  const headers = { 'content-type': incoming.headers['content-type'] ?? '' };
  const isStream = headers['content-type'].startsWith('text/event-stream');
  const body = isStream ? streamOf(incoming) : await text(incoming);
  return new Response(body, { status: incoming.statusCode ?? 0, headers });
}

/** A web stream of the answer; giving it up closes the connection. */
function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      incoming.destroy();
    },
  });
}

function unreachable(request: Request, cause: unknown): CliError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
  return new CliError(
    'HOST_UNREACHABLE',
    `No vm-system host answers at ${originOf(request)}${reason}. ` +
      'Start one with "npm start" or "vm-system serve", or name another with --server-url.',
    { cause },
  );
}

function originOf(request: Request): string {
  return new URL(request.url).origin;
}
