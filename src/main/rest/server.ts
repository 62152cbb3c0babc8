/**
 * The REST port: HTTP servers on the given addresses, one request handler behind them, and the order of closing.
 * Every limit of the wire is set here; what a request may do and what it means is decided further in.
 */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '#core/ports';
import { VmError } from '#core/vm-error';
import { BrokenConnections } from '#main/rest/broken-connections';
import { type AccessMode, guardPolicy } from '#main/rest/guard-policy';
import { listen } from '#main/rest/listen';
import { findPeerUid, type IsOfGuest } from '#main/rest/peer-uid';
import { RequestHandler } from '#main/rest/request-handler';
import type { PeerUid } from '#main/rest/request-head';
import type { ApiRouter } from '#main/rest/route-index';

export interface RestServerOptions {
  readonly router: ApiRouter;
  /** Addresses, not names; beyond loopback each must be one that clients write, so none that stands for all. */
  readonly hosts: readonly string[];
  /** 0 takes any free port. */
  readonly port: number;
  readonly access: AccessMode;
  readonly token: string;
  readonly log: Log;
  readonly newRequestId: () => string;
  /** How long running requests may take to finish when the server closes. */
  readonly graceMs?: number;
  readonly heartbeatMs?: number;
  readonly identifyPeer?: (socket: Socket) => Promise<PeerUid>;
  readonly isOfGuest?: IsOfGuest;
}

export interface RestServer {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Takes no more requests, ends streams, waits for running requests. May be called twice. */
  close(): Promise<void>;
}

/** Rejects with the system's own error, `code` and `port` on it, where an address cannot be had. */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const { hosts, port, log, newRequestId, heartbeatMs = 15_000, graceMs = 5000 } = options;
  refuseWildcards(hosts);
  const policy = guardPolicy({ ...options, ownUid: process.getuid?.() });
  const { router, isOfGuest } = options;
  const { identifyPeer = (socket) => findPeerUid(socket, isOfGuest) } = options;
  const handler = new RequestHandler({ router, policy, log, newRequestId, identifyPeer, heartbeatMs });
  const newServer = () => createHttpServer({ handler, log, newRequestId });
  const { servers, ...bound } = await listen({ hosts, port, createServer: newServer, log });
  let closed: Promise<void> | undefined;
  return {
    ...bound,
    close: () => {
      closed ??= closeAll({ servers, handler, graceMs });
      return closed;
    },
  };
}

interface HttpServerParts {
  readonly handler: RequestHandler;
  readonly log: Log;
  readonly newRequestId: () => string;
}

const limits: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5000,
  // Counts until the request has arrived, so a stream of events may take as long as it likes.
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 30_000,
  // The guard refuses a request without a Host header, in our envelope.
  requireHostHeader: false,
};

function createHttpServer({ handler, log, newRequestId }: HttpServerParts): Server {
  const server = createServer(limits);
  server.maxConnections = 256;
  server.maxRequestsPerSocket = 100_000;
  // Node drops headers above a number without a word; their size is limited, so none needs to be dropped.
  server.maxHeadersCount = 0;
  const broken = new BrokenConnections();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    broken.watch(response);
    response.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()));
    void handler.handle(request, response);
  };
  server.on('request', answer);
  server.on('checkExpectation', answer);
  server.on('checkContinue', (request, response) => {
    // A body that is refused before it was sent may still follow, so the connection cannot be used again.
    response.shouldKeepAlive = false;
    answer(request, response);
  });
  server.on('clientError', (error, socket) => broken.close(error, socket, newRequestId()));
  server.on('drop', () => log.warn('a connection was dropped: too many are open', { limit: server.maxConnections }));
  return server;
}

interface Closing {
  readonly servers: readonly Server[];
  readonly handler: RequestHandler;
  readonly graceMs: number;
}

async function closeAll({ servers, handler, graceMs }: Closing): Promise<void> {
  handler.stop();
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  const grace = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, graceMs);
  await Promise.all(closed);
  clearTimeout(grace);
}

/** Under an address that stands for all, the Host header could be any name, and checking it would protect nothing. */
function refuseWildcards(hosts: readonly string[]): void {
  const wildcard = hosts.find((host) => host === '0.0.0.0' || host === '::' || host === '');
  if (wildcard === undefined) return;
  throw new VmError(
    'VALIDATION_ERROR',
    `"${wildcard}" stands for every address of this machine. Name the one to listen on.`,
  );
}
