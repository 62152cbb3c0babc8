/**
 * One worker thread, seen from the host: its messages, its shared memory, and its end. A request is answered by a message
 * of the same id, or rejected when the worker goes away; nothing waits for a worker that is gone.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { GuestName, RuntimeVariables } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { GuestEvent } from '#shared/contract/event';
import type { EngineAssets } from './engine-assets.ts';
import { OutputJournal } from './output-journal.ts';
import type {
  GuestSetup,
  HostMessage,
  InstanceOptions,
  RunOrder,
  WorkerMessage,
  WorkerOutcome,
  WorkerSetup,
} from './protocol.ts';
import { RunMeter } from './run-meter.ts';
import { parseJournalLine, parseWorkerMessage } from './worker-message.ts';

/** Stack for the deepest guest recursion, and a heap that bounds what a flood of output can hold. */
const resourceLimits = { stackSizeMb: 16, maxOldGenerationSizeMb: 128 };

export interface WorkerStart {
  readonly url: URL;
  readonly assets: EngineAssets;
  readonly options: InstanceOptions;
}

interface Pending {
  readonly resolve: (message: WorkerMessage) => void;
  readonly reject: (error: Error) => void;
  readonly onEvents?: (events: readonly GuestEvent[]) => void;
  received: number;
}

export class WorkerHandle {
  readonly meter = new RunMeter();
  /** What its instance was booted with. */
  readonly options: InstanceOptions;
  /** Resolves once the worker has a warm instance. */
  readonly ready: Promise<void>;
  /** Resolves when the thread has ended, with the reason. */
  readonly ended: Promise<string>;
  /** The host's end of the port for calls. */
  readonly callPort: MessagePort;
  readonly #journal = new OutputJournal();
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isReady = false;
  #failure: string | undefined;

  constructor({ url, assets, options }: WorkerStart) {
    this.options = options;
    const { port1, port2: callPort } = new MessageChannel();
    this.callPort = port1;
    const shared = { meter: this.meter.buffer, journal: this.#journal.buffer };
    const workerData: WorkerSetup = { ...assets, ...shared, options, callPort };
    const transferList = [callPort];
    this.#worker = new Worker(url, { workerData, transferList, resourceLimits, stdout: true, stderr: true });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.ready = this.#request(0, () => undefined).then(() => {
      this.#isReady = true;
    });
    this.ready.catch(() => undefined);
    this.ended = this.#watch();
  }

  /** Whether it has a warm instance by now, and still has it. */
  get isReady(): boolean {
    return this.#isReady && !this.isEnded;
  }

  /** Whether it takes no more requests: from the first sign of its end. */
  get isEnded(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves to the name of a global that the guest has already, where there is one: then the worker is of no use. */
  async open(options: InstanceOptions, guest: GuestSetup): Promise<string | undefined> {
    const answer = await this.#ask((id) => ({ kind: 'open', id, options, guest }));
    return answer.kind === 'opened' ? answer.taken : undefined;
  }

  /** Runs to the end of the run, or rejects where the worker went away before. Events arrive in order, before that. */
  async run(order: RunOrder, onEvents: (events: readonly GuestEvent[]) => void): Promise<WorkerOutcome> {
    this.meter.reset();
    this.#journal.reset();
    const answer = await this.#ask((id) => ({ kind: 'run', id, ...order }), onEvents);
    if (answer.kind !== 'ended') throw new VmError('INTERNAL', `A worker answered a run with "${answer.kind}"`);
    return answer.outcome;
  }

  async inspectGlobals(): Promise<RuntimeVariables> {
    const answer = await this.#ask((id) => ({ kind: 'variables', id }));
    if (answer.kind !== 'variables') throw new VmError('INTERNAL', `A worker answered a look with "${answer.kind}"`);
    return { variables: answer.variables, truncated: answer.truncated };
  }

  async listNames(chain: readonly string[]): Promise<readonly GuestName[]> {
    const answer = await this.#ask((id) => ({ kind: 'names', id, chain }));
    if (answer.kind !== 'names') throw new VmError('INTERNAL', `A worker answered a look with "${answer.kind}"`);
    return answer.names;
  }

  cancel(): void {
    this.meter.requestCancel();
    this.#post({ kind: 'cancel' });
  }

  /** Ends the thread at once, in whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }

  #ask(messageOf: (id: number) => HostMessage, onEvents?: Pending['onEvents']): Promise<WorkerMessage> {
    this.#lastId += 1;
    const id = this.#lastId;
    return this.#request(id, () => this.#post(messageOf(id)), onEvents);
  }

  #request(id: number, post: () => void, onEvents?: Pending['onEvents']): Promise<WorkerMessage> {
    if (this.isEnded) return Promise.reject(this.#goneError());
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, received: 0, ...(onEvents === undefined ? {} : { onEvents }) });
      post();
    });
  }

  #post(message: HostMessage): void {
    this.#worker.postMessage(JSON.stringify(message));
  }

  #watch(): Promise<string> {
    this.#worker.on('message', (message) => this.#receive(message));
    this.#worker.on('messageerror', (error) => this.#breakOff(`it sent a message that cannot be read: ${error}`));
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error.message : String(error)));
    return new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#fail(`it ended with code ${code}`);
        this.#settleAll();
        resolve(this.#failure ?? '');
      });
    });
  }

  #receive(raw: unknown): void {
    try {
      this.#dispatch(parseWorkerMessage(raw));
    } catch (error) {
      this.#breakOff(`it sent what is no message: ${error}`);
    }
  }

  #dispatch(message: WorkerMessage): void {
    if (message.kind === 'failed') {
      this.#breakOff(message.message);
      return;
    }
    const id = message.kind === 'ready' ? 0 : message.id;
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    if (message.kind === 'events') {
      this.#deliver(message.events, pending, id);
    } else {
      this.#pending.delete(id);
      pending.resolve(message);
    }
  }

  /** The worker may send more once everybody else has had a turn. */
  #deliver(events: readonly GuestEvent[], pending: Pending, id: number): void {
    pending.received += events.length;
    pending.onEvents?.(events);
    setImmediate(() => {
      if (this.#pending.get(id) === pending) this.meter.batchHandled();
    });
  }

  /** The first reason is the cause; what follows are its effects. */
  #fail(reason: string): void {
    this.#failure ??= reason;
  }

  #breakOff(reason: string): void {
    this.#fail(reason);
    void this.#worker.terminate();
  }

  #settleAll(): void {
    for (const pending of this.#pending.values()) {
      this.#deliverRest(pending);
      pending.reject(this.#goneError());
    }
    this.#pending.clear();
  }

  /** What the worker had printed and not yet sent. */
  #deliverRest({ onEvents, received }: Pending): void {
    if (onEvents === undefined) return;
    const events = this.#journal.unread(received).flatMap((line) => parseJournalLine(line) ?? []);
    if (events.length > 0) onEvents(events);
  }

  #goneError(): VmError {
    return new VmError('INTERNAL', `The worker of this runtime is gone: ${this.#failure}`);
  }
}
