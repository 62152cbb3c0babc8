/**
 * The host's end of the calls of one runtime: takes what the guest asks for, has its services answer, and sends the
 * answers back. A worker runs code that nobody trusts, so what arrives is checked, and so is its size before anything is
 * read: reading holds up everybody. What is large goes as bytes, in both directions, and is decoded by the worker.
 * Whatever a service throws that is meant for nobody is logged here and told to the guest without its cause.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { GuestCall, GuestReply, GuestServices, Log } from '#core/ports';
import { isVmError } from '#core/vm-error';
import type { JsonValue } from '#shared/contract/primitive';
import {
  type Beside,
  type CallAnswer,
  type CallError,
  type CallMessage,
  kibibytesBeside,
  maxCallJson,
} from './call-port.ts';
import type { RunMeter } from './run-meter.ts';

/** A worker that asks for more at once is not ours any more. */
const maxCallsAtOnce = 128;
/** Calls with more JSON are read one in each turn of the event loop. */
const quickJson = 16 * 1024;
/** Of answers that wait until the guest takes them; a single one may be larger. */
const maxWaitingKibibytes = 64 * 1024;

const callSchema = z.strictObject({
  id: z.int(),
  service: z.string(),
  operation: z.string(),
  json: z.string(),
  bytes: z.instanceof(Uint8Array).optional(),
});

export interface GuestCallsOptions {
  readonly port: MessagePort;
  readonly meter: RunMeter;
  readonly services: GuestServices;
  readonly log: Log;
}

export class GuestCalls {
  readonly #options: GuestCallsOptions;
  readonly #running = new Map<number, AbortController>();
  #lastTurn: Promise<unknown> = Promise.resolve();
  #sentKibibytes = 0;

  constructor(options: GuestCallsOptions) {
    this.#options = options;
    options.port.on('message', (message) => this.#receive(message));
  }

  /** Tells the services that nobody waits for an answer any more; what they still answer is dropped. */
  abortAll(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
    this.#sentKibibytes = 0;
  }

  /** Nobody waits for an answer any more, and what the run left half done is undone; resolves to what to tell of it. */
  async endRun(): Promise<readonly string[]> {
    this.abortAll();
    const { services, log } = this.#options;
    return services.endRun().catch((error) => {
      log.error('A service failed at the end of a run', { error });
      return [];
    });
  }

  async close(): Promise<void> {
    this.abortAll();
    this.#options.port.close();
    await this.#options.services.close();
  }

  #receive(message: unknown): void {
    const parsed = callSchema.safeParse(message);
    if (!parsed.success || this.#running.size >= maxCallsAtOnce) {
      this.#options.log.error('A worker sent what is no call, or too many; nothing of it was done');
      return;
    }
    const controller = new AbortController();
    this.#running.set(parsed.data.id, controller);
    this.#answer(parsed.data, controller);
  }

  async #answer({ id, ...message }: CallMessage, { signal: abort }: AbortController): Promise<void> {
    const { services } = this.#options;
    const print = (stream: 'stdout' | 'stderr', text: string) => this.#send({ kind: 'print', id, stream, text });
    try {
      if (message.json.length > quickJson) await this.#turn();
      if (abort.aborted) return;
      this.#reply(id, await services.call(readCall(message), { abort, print }));
    } catch (error) {
      this.#send({ kind: 'refusal', id, error: this.#toCallError(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  /** A turn of the event loop in which no other long call of this runtime is read. */
  #turn(): Promise<unknown> {
    this.#lastTurn = this.#lastTurn.then(() => nextTurn());
    return this.#lastTurn;
  }

  #reply(id: number, { value, bytes, text }: GuestReply): void {
    const size = kibibytesBeside({ bytes, text });
    const waiting = this.#sentKibibytes - this.#options.meter.takenKibibytes;
    if (size > 0 && waiting > 0 && waiting + size > maxWaitingKibibytes) throw tooMuchWaiting();
    if (this.#running.has(id)) this.#sentKibibytes += size;
    this.#send({ kind: 'reply', id, json: JSON.stringify(value), ...ownBytes({ bytes, text }) });
  }

  #send(answer: CallAnswer): void {
    if (!this.#running.has(answer.id)) return;
    this.#options.port.postMessage(answer, answer.kind === 'reply' ? buffersOf(answer) : []);
    this.#options.meter.signalAnswer();
  }

  #toCallError(error: unknown): CallError {
    if (error instanceof GuestError) return { name: error.guestName, message: error.message, fields: error.fields };
    if (isVmError(error)) return { name: 'Error', message: error.message, fields: { code: error.code } };
    this.#options.log.error('A service failed at what a guest asked for', { error });
    return {
      name: 'Error',
      message: "The host failed at this, and it is no fault of this code; the host's log says why",
      fields: { code: 'INTERNAL' },
    };
  }
}

/** Refuses before it reads. What comes out of JSON.parse is JSON; what it has to look like, each service checks. */
function readCall({ service, operation, json, bytes }: Omit<CallMessage, 'id'>): GuestCall {
  if (json.length > maxCallJson) {
    const message = `A call to the host takes at most ${maxCallJson} characters beside its data, not ${json.length}: use shorter texts, or several calls`;
    throw new GuestError(message, { code: 'CALL_TOO_LARGE' }, 'RangeError');
  }
  const argument: JsonValue = JSON.parse(json);
  return { service, operation, argument, ...(bytes === undefined ? {} : { bytes }) };
}

function tooMuchWaiting(): GuestError {
  const message = `More than ${maxWaitingKibibytes} KiB of answers wait for this code to go on: await some calls before more are started`;
  return new GuestError(message, { code: 'ANSWERS_WAITING' });
}

/** Buffers of their own, which go to the worker: services answer with views of larger ones. */
function ownBytes({ bytes, text }: Beside): Beside {
  return { bytes: bytes && new Uint8Array(bytes), text: text && new Uint8Array(text) };
}

function buffersOf({ bytes, text }: Beside) {
  return [bytes, text].flatMap((one) => (one?.buffer instanceof ArrayBuffer ? [one.buffer] : []));
}
