/**
 * Answers what never became a request: heads that are too large, come too late or are no HTTP. There is no response
 * object yet, so the answer is written by hand, in the same envelope and with the same headers as all others.
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { VmError } from '#core/vm-error';
import { errorResponse } from '#main/rest/error-response';
import { responseHead } from '#main/rest/response-head';

/** How long a client may take to read why it was refused. */
const lingerMs = 1000;

export function answerParserError(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  socket.end(rawResponse(parserProblem(error), requestId));
  // To close on data not yet read would reset the connection and take the answer with it.
  socket.resume();
  const linger = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(linger));
}

function parserProblem(error: NodeJS.ErrnoException): VmError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new VmError('HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB. Send less in the path and headers.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new VmError('INVALID_REQUEST', 'The request did not arrive in time. Send it in one go.');
    default:
      return new VmError('INVALID_REQUEST', `This is no valid HTTP request: ${error.message}.`, { cause: error });
  }
}

function rawResponse(error: VmError, requestId: string): string {
  const { status, body } = errorResponse(error, requestId);
  const text = JSON.stringify(body);
  const headers = {
    ...responseHead(requestId),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`;
}
