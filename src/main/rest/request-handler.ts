/**
 * One request from its head to its answer: who calls, where to, may they, what comes out. Each step is a file of its own;
 * this one owns their order, and the streams that are open.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { Caller } from '#main/api/context';
import { toVmError } from '#main/api/error-mapping';
import { type ApiHandler, type ApiRequest, type ApiResponse, createApiHandler } from '#main/rest/api-handler';
import { type ErrorResponse, errorResponse } from '#main/rest/error-response';
import { type EventSource, isEventSource, writeEventStream } from '#main/rest/event-stream';
import { guard } from '#main/rest/guard';
import type { GuardPolicy } from '#main/rest/guard-policy';
import { mediaRefusal } from '#main/rest/media-type';
import { readBody } from '#main/rest/request-body';
import type { PeerUid } from '#main/rest/request-head';
import { responseHead } from '#main/rest/response-head';
import { type ApiRouter, RouteIndex, type RouteLookup } from '#main/rest/route-index';
import { errorTable } from '#shared/contract/error';

export interface RequestHandlerParts {
  readonly router: ApiRouter;
  readonly policy: GuardPolicy;
  readonly log: Log;
  readonly newRequestId: () => string;
  readonly identifyPeer: (socket: Socket) => Promise<PeerUid>;
  readonly heartbeatMs: number;
}

/** A request, its response, and what belongs to both. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly ended: AbortController;
}

/** Each open stream holds a connection, and what it follows, for as long as its client likes. */
const maxStreams = 64;

export class RequestHandler {
  readonly #parts: RequestHandlerParts;
  readonly #routes: RouteIndex;
  readonly #api: ApiHandler;
  readonly #peers = new WeakMap<Socket, Promise<PeerUid>>();
  readonly #streams = new Set<AbortController>();
  #isStopping = false;

  constructor(parts: RequestHandlerParts) {
    this.#parts = parts;
    this.#routes = new RouteIndex(parts.router);
    this.#api = createApiHandler(parts.router, (error, requestId) => this.#failure(error, requestId));
  }

  /** Refuses what comes from now on and ends the open streams; answers under way still go out. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of this.#streams) stream.abort();
  }

  /** Answers; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = { request, response, requestId: this.#parts.newRequestId(), ended: new AbortController() };
    response.once('close', () => response.writableFinished || exchange.ended.abort());
    // A client that has gone is no failure of ours, but an error event without a listener would end the process.
    response.on('error', (error) => this.#parts.log.debug('a response broke off', { error }));
    try {
      await this.#send(exchange, await this.#answer(exchange));
    } catch (error) {
      await this.#sendFailure(exchange, error);
    }
  }

  async #answer(exchange: Exchange): Promise<ApiResponse> {
    try {
      if (this.#isStopping) throw new VmError('HOST_STOPPING', 'The host is shutting down. Start it again and retry.');
      const { method = '', url = '' } = exchange.request;
      const route = await this.#routes.find(method, url);
      const caller = await this.#admit(exchange.request, route);
      if (!route.found) throw route.refusal;
      if (route.isStream) this.#enlistStream(exchange);
      return await this.#api(apiRequest(exchange, route.url), { caller, requestId: exchange.requestId });
    } catch (error) {
      return this.#failure(error, exchange.requestId);
    }
  }

  async #admit(request: IncomingMessage, route: RouteLookup): Promise<Caller> {
    const { method = '', url = '', rawHeaders, socket } = request;
    const head = { method, url, rawHeaders, remoteAddress: socket.remoteAddress, ...ownAddress(socket) };
    const peerUid = await this.#peerOf(socket);
    const verdict = guard({ ...head, peerUid, access: route.found ? route.access : 'read' }, this.#parts.policy);
    if (verdict.admitted) return verdict.caller;
    throw verdict.refusal;
  }

  /** A connection has one peer for life, and looking it up costs milliseconds. */
  #peerOf(socket: Socket): Promise<PeerUid> {
    const known = this.#peers.get(socket) ?? this.#parts.identifyPeer(socket);
    this.#peers.set(socket, known);
    return known;
  }

  /** Before the stream is asked for, so that a refused one costs nothing and many at once cannot slip through. */
  #enlistStream({ response, ended }: Exchange): void {
    if (this.#streams.size >= maxStreams) {
      const message = `The host serves ${maxStreams} event streams already, and no more. Close one, or try again later.`;
      throw new VmError('TOO_MANY_STREAMS', message, { details: { limit: maxStreams } });
    }
    // A client that is gone already will not go again.
    if (ended.signal.aborted) return;
    this.#streams.add(ended);
    response.once('close', () => this.#streams.delete(ended));
  }

  async #send(exchange: Exchange, { status, headers, body }: ApiResponse): Promise<void> {
    const { response, requestId } = exchange;
    const head = { ...responseHead(requestId), ...headers };
    if (isEventSource(body)) {
      response.writeHead(status, { ...head, 'content-type': 'text/event-stream' });
      await this.#stream(exchange, body);
      return;
    }
    const text = encode(body);
    const length = Buffer.byteLength(text);
    response.writeHead(status, { ...head, 'content-type': 'application/json', 'content-length': length }).end(text);
  }

  /** The answer itself could not be sent: what says so is short enough, unless something is on its way already. */
  async #sendFailure(exchange: Exchange, error: unknown): Promise<void> {
    const failure = this.#failure(error, exchange.requestId);
    if (exchange.response.headersSent) exchange.response.destroy();
    else await this.#send(exchange, failure);
  }

  async #stream({ request, response, requestId, ended }: Exchange, events: EventSource): Promise<void> {
    if (request.method === 'HEAD' || this.#isStopping) ended.abort();
    await writeEventStream(response, events, {
      ended: ended.signal,
      heartbeatMs: this.#parts.heartbeatMs,
      describe: (error) => this.#failure(error, requestId).body,
    });
  }

  #failure(thrown: unknown, requestId: string): ErrorResponse {
    const error = toVmError(thrown);
    const { kind, retryable } = errorTable[error.code];
    if (kind === 'system') {
      this.#parts.log[retryable ? 'warn' : 'error']('a request failed', { requestId, code: error.code, error });
    }
    return errorResponse(error, requestId);
  }
}

function encode(body: unknown): string {
  try {
    return body === undefined ? '' : JSON.stringify(body);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message =
      'The reply is too large to be sent in one piece. Ask for less (limit, after_seq), or follow the stream.';
    throw new VmError('PAYLOAD_TOO_LARGE', message, { cause });
  }
}

function apiRequest({ request, response, ended }: Exchange, url: URL): ApiRequest {
  const { method = '', headers, rawHeaders, socket } = request;
  const reading = {
    proceed: () => headers.expect === undefined || response.writeContinue(),
    refusal: () => mediaRefusal({ rawHeaders, ...ownAddress(socket) }),
  };
  let body: Promise<unknown> | undefined;
  return {
    method: method === 'HEAD' ? 'GET' : method,
    url,
    headers,
    signal: ended.signal,
    body: () => {
      body ??= readBody(request, reading);
      return body;
    },
  };
}

function ownAddress({ localAddress, localPort = 0 }: Socket) {
  return { localAddress, localPort };
}
