/**
 * The worker's end of the calls to the host. A call that the guest waits for blocks the thread, on the signal that the
 * host gives with every answer; the others settle a promise of the guest, and are delivered between two steps of its run.
 * Waiting is wall time only. What nobody waits for any more, because the run is over, is dropped when it arrives.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type CallAnswer, type CallMessage, kibibytesBeside, maxCallJson } from '../call-port.ts';
import { monotonicMs } from '../monotonic-clock.ts';
import type { RunMeter } from '../run-meter.ts';

export type Print = (stream: 'stdout' | 'stderr', text: string) => void;
export type CallRequest = Omit<CallMessage, 'id'>;
export type SettledCall = Extract<CallAnswer, { kind: 'reply' | 'refusal' }>;

/** Below what the host takes from one worker. */
const maxPending = 64;

export class HostCalls {
  readonly #port: MessagePort;
  readonly #meter: RunMeter;
  readonly #pending = new Set<number>();
  #settled: SettledCall[] = [];
  #lastId = 0;
  #print: Print = () => undefined;
  #onSettled: () => void = () => undefined;

  constructor(port: MessagePort, meter: RunMeter) {
    this.#port = port;
    this.#meter = meter;
    port.on('message', (answer: CallAnswer) => this.#receive(answer));
  }

  /** Starts a run: where its calls print, and whom to wake when one has settled. */
  begin(print: Print, onSettled: () => void): void {
    this.forget();
    this.#print = print;
    this.#onSettled = onSettled;
  }

  /** Number of calls that a promise of the guest waits for. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Asks, and blocks the thread until it is answered, for so long at most. Undefined where it was not. */
  ask(request: CallRequest, atMostMs: number): SettledCall | undefined {
    const id = this.#post(request);
    this.#pending.add(id);
    const untilMs = monotonicMs() + atMostMs;
    try {
      for (;;) {
        const seen = this.#meter.answers;
        const received = receiveMessageOnPort(this.#port);
        if (received !== undefined) this.#receive(received.message);
        const answer = this.#take((settled) => settled.id === id);
        if (answer !== undefined) return this.#taken(answer);
        const leftMs = untilMs - monotonicMs();
        if (leftMs <= 0 || this.#meter.isCancelRequested) return undefined;
        if (received === undefined) this.#meter.waitForAnswer(seen, leftMs);
      }
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Asks for what a promise of the guest waits for; returns the id under which it will settle. */
  start(request: CallRequest): number {
    if (this.#pending.size >= maxPending) throw new RangeError(`More than ${maxPending} calls to the host at once`);
    const id = this.#post(request);
    this.#pending.add(id);
    return id;
  }

  /** The next call that has settled, which is the caller's from now on. */
  takeSettled(): SettledCall | undefined {
    const answer = this.#take(() => true);
    if (answer === undefined) return undefined;
    this.#pending.delete(answer.id);
    return this.#taken(answer);
  }

  /** Ends a run: nobody waits for what is still to come. */
  forget(): void {
    this.#pending.clear();
    this.#settled = [];
    this.#print = () => undefined;
    this.#onSettled = () => undefined;
  }

  /** Bytes are the request's own, and the host's from now on. The host refuses long calls too, in words. */
  #post(request: CallRequest): number {
    const { json, bytes } = request;
    if (json.length > maxCallJson) throw new RangeError(`A call to the host has more than ${maxCallJson} characters`);
    this.#lastId += 1;
    const message: CallMessage = { id: this.#lastId, ...request };
    this.#port.postMessage(message, isWholeBuffer(bytes) ? [bytes.buffer] : []);
    return this.#lastId;
  }

  /** Tells the host, which bounds what waits here. */
  #taken(answer: SettledCall): SettledCall {
    if (answer.kind === 'reply') this.#meter.addTaken(kibibytesBeside(answer));
    return answer;
  }

  #receive(answer: CallAnswer): void {
    if (!this.#pending.has(answer.id)) return;
    if (answer.kind === 'print') {
      this.#print(answer.stream, answer.text);
    } else {
      this.#settled.push(answer);
      this.#onSettled();
    }
  }

  #take(isWanted: (settled: SettledCall) => boolean): SettledCall | undefined {
    const index = this.#settled.findIndex(isWanted);
    return index < 0 ? undefined : this.#settled.splice(index, 1)[0];
  }
}

/** Node's pool of small buffers must not go away with one of them. */
function isWholeBuffer(bytes: Uint8Array | undefined): bytes is Uint8Array<ArrayBuffer> {
  return bytes?.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength > 0;
}
