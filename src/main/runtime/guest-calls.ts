/**
 * The host's end of the calls of one runtime: takes what the guest asks for, has its services answer, and sends the
 * answers back. A worker runs code that nobody trusts, so what arrives is checked; whatever a service throws that is
 * meant for nobody is logged here and told to the guest without its cause.
 */
import type { MessagePort } from 'node:worker_threads';
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { GuestCall, GuestReply, GuestServices, Log } from '#core/ports';
import { isVmError } from '#core/vm-error';
import { jsonValueSchema } from '#shared/contract/primitive';
import type { CallAnswer, CallError } from './call-port.ts';
import type { RunMeter } from './run-meter.ts';

/** A worker that asks for more at once is not ours any more. */
const maxCallsAtOnce = 128;

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

  constructor(options: GuestCallsOptions) {
    this.#options = options;
    options.port.on('message', (message) => this.#receive(message));
  }

  /** Tells the services that nobody waits for an answer any more; what they still answer is dropped. */
  abortAll(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
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
    const { id, json, bytes, ...call } = parsed.data;
    const controller = new AbortController();
    this.#running.set(id, controller);
    const argument = () => jsonValueSchema.parse(JSON.parse(json));
    this.#answer(id, controller, () => ({ ...call, argument: argument(), ...(bytes === undefined ? {} : { bytes }) }));
  }

  async #answer(id: number, controller: AbortController, callOf: () => GuestCall): Promise<void> {
    const { services } = this.#options;
    const print = (stream: 'stdout' | 'stderr', text: string) => this.#send({ kind: 'print', id, stream, text });
    try {
      const { value, bytes } = await services.call(callOf(), { abort: controller.signal, print });
      this.#send({ kind: 'reply', id, json: JSON.stringify(value), ...ownBytes(bytes) });
    } catch (error) {
      this.#send({ kind: 'refusal', id, error: this.#toCallError(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  #send(answer: CallAnswer): void {
    if (!this.#running.has(answer.id)) return;
    this.#options.port.postMessage(answer);
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

/** A buffer of its own: services answer with views of larger ones. */
function ownBytes(bytes: GuestReply['bytes']): { bytes?: Uint8Array } {
  return bytes === undefined ? {} : { bytes: bytes.slice() };
}
