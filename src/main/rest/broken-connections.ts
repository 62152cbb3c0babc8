/**
 * What becomes of a connection whose bytes stop being HTTP: requests that had arrived before are answered, whole and in
 * turn, and then it is closed. Only where nothing is to be answered may the fault itself be the answer: written any
 * earlier, it would land in the middle of another one.
 */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerParserError } from '#main/rest/parser-error';

export class BrokenConnections {
  readonly #answers = new Set<ServerResponse>();
  readonly #broken = new WeakSet<Duplex>();

  /** Knows of an answer until it is out. */
  watch(response: ServerResponse): void {
    this.#answers.add(response);
    response.once('close', () => this.#answers.delete(response));
  }

  /** The parser complains again of every byte that follows; only the first time counts. */
  close(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
    if (this.#broken.has(socket)) return;
    this.#broken.add(socket);
    const last = socket.writable ? this.#lastAnswerDue(socket) : undefined;
    if (last === undefined) answerParserError(error, socket, requestId);
    else closeAfter(last);
  }

  /** A request whose body broke off can have no answer of its own, unless that is on its way already. */
  #lastAnswerDue(socket: Duplex): ServerResponse | undefined {
    return [...this.#answers].findLast(
      ({ req, headersSent }) => req.socket === socket && (req.complete || headersSent),
    );
  }
}

function closeAfter(response: ServerResponse): void {
  // Too late where the head is out; else it tells the client.
  response.shouldKeepAlive = false;
  response.once('finish', () => response.req.socket.destroySoon());
}
