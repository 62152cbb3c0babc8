/**
 * The one place where bytes from outside become an input: counted while they arrive, decoded strictly, parsed once.
 * It judges form alone; whether the fields are right is the contract's business. A body of nothing or of white space is
 * none, and is `undefined`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { VmError } from '#core/vm-error';
import { findJsonProblem } from '#main/rest/json-syntax';

export const maxBodyBytes = 8 * 1024 * 1024;
const maxDepth = 200;

/** What carries a body: a request, as far as this file needs one. */
export type BodySource = Readable & { readonly headers: IncomingHttpHeaders };

export interface BodyReading {
  /** Called before the first byte is waited for: the moment to ask a client for a body that it holds back. */
  readonly proceed: () => void;
  /** What is wrong with the way the body was sent. Asked where there are bytes: before, the head alone cannot tell. */
  readonly refusal: () => VmError | undefined;
}

export async function readBody(request: BodySource, { proceed, refusal }: BodyReading): Promise<unknown> {
  const bytes = await collect(request, proceed);
  if (bytes.length === 0) return undefined;
  const refused = refusal();
  if (refused !== undefined) throw refused;
  const text = decode(bytes);
  return /^[ \t\r\n]*$/.test(text) ? undefined : parseObject(text);
}

/** What is left of a refused body is read and dropped: closing on a client that still sends would hide the answer from it. */
async function collect(request: BodySource, proceed: () => void): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  if (request.destroyed) throw brokenOff();
  proceed();
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  request.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (receivedBytes > maxBodyBytes) reject(tooLarge());
    else chunks.push(chunk);
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('error', (error) => reject(brokenOff(error)));
  return promise;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid(`The body is not valid UTF-8: byte ${firstDamagedByte(bytes)} cannot be decoded.`, error);
  }
}

/** Decoding leniently and encoding again changes nothing but what is damaged. */
function firstDamagedByte(bytes: Buffer): number {
  const repaired = Buffer.from(bytes.toString('utf8'));
  const index = bytes.findIndex((byte, position) => byte !== repaired[position]);
  return index === -1 ? bytes.length : index;
}

function parseObject(text: string): object {
  const problem = findJsonProblem(text, maxDepth);
  if (problem !== undefined) {
    throw new VmError(
      'INVALID_REQUEST',
      `The body is not a JSON object: at character ${problem.position}, ${problem.reason}.`,
      {
        details: { ...problem },
      },
    );
  }
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalid(
    `The body must be a JSON object, not ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 40)}.`,
  );
}

function tooLarge(): VmError {
  return new VmError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBodyBytes} bytes. Send less in one request.`, {
    details: { limit_bytes: maxBodyBytes },
  });
}

function brokenOff(cause?: unknown): VmError {
  return invalid('The request broke off before its body was complete.', cause);
}

function invalid(message: string, cause?: unknown): VmError {
  return new VmError('INVALID_REQUEST', message, { cause });
}
