/**
 * One database in a process of its own, seen from the host. An order is answered, or it is over with the process: that is
 * killed when an order takes too long or nobody waits for it any more, for nothing else interrupts SQLite.
 */
import type { ChildProcess } from 'node:child_process';
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { Abort } from '#core/ports';
import {
  type Answer,
  type Order,
  type OrderMessage,
  type StatementResult,
  type TransactionState,
  transactionStates,
} from './protocol.ts';
import { startChild } from './start-child.ts';

const head = { id: z.int(), transaction: z.enum(transactionStates) };
const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), ...head, json: z.string(), bytes: z.instanceof(Uint8Array).optional() }),
  z.strictObject({
    kind: z.literal('refusal'),
    ...head,
    name: z.enum(['Error', 'RangeError']),
    message: z.string(),
    fields: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
]);

export interface Patience {
  readonly deadlineMs: number;
  readonly abort: Abort;
}

export interface Transaction {
  readonly state: TransactionState;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class DatabaseProcess {
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #transaction: Transaction = { state: 'none' };
  #reason = lost('The process of the database ended by itself: it ran out of memory, or something ended it.');

  constructor(entry: URL) {
    this.#child = startChild(entry);
    this.#child.on('message', (message) => this.#receive(message));
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.#rejectAll();
        resolve();
      };
      this.#child.once('exit', end);
      // It could not be started, or a message could not be sent.
      this.#child.on('error', () => (this.#child.pid === undefined ? end() : this.#kill(this.#reason)));
    });
  }

  get isAlive(): boolean {
    return this.#child.connected;
  }

  /** What was open after the last answer, the same object for the same one; it is undone where the process is gone. */
  get transaction(): Transaction {
    return this.#transaction;
  }

  async ask(order: Order, { deadlineMs, abort }: Patience): Promise<StatementResult> {
    if (abort.aborted) throw lost('The run ended before the statement began.');
    abort.addEventListener('abort', () => this.#kill(lost('The run ended before the statement did.')), { once: true });
    const timeout = setTimeout(() => this.#kill(overdue(deadlineMs)), deadlineMs);
    try {
      const answer = await this.#send(order);
      if (answer.kind === 'refusal') throw new GuestError(answer.message, answer.fields, answer.name);
      return answer;
    } finally {
      clearTimeout(timeout);
    }
  }

  async close(): Promise<void> {
    this.#kill(lost('The database was closed.'));
    await this.ended;
  }

  #send(order: Order): Promise<Answer> {
    if (!this.isAlive) return Promise.reject(this.#reason);
    // Until it is answered nobody knows whether it is kept, and so nobody may say that it was undone.
    if (order.kind === 'commit') this.#transaction = { state: 'none' };
    this.#lastId += 1;
    const message: OrderMessage = { ...order, id: this.#lastId };
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.id, { resolve, reject });
      this.#child.send(message);
    });
  }

  /** The process runs SQL that nobody trusts, in native code: what it says is checked. */
  #receive(message: unknown): void {
    const { data: answer } = answerSchema.safeParse(message);
    if (answer === undefined) {
      this.#kill(lost('The process of the database sent what is no answer.'));
      return;
    }
    if (answer.transaction !== this.#transaction.state) this.#transaction = { state: answer.transaction };
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }

  #kill(reason: GuestError): void {
    if (!this.isAlive) return;
    this.#reason = reason;
    this.#child.kill('SIGKILL');
    this.#child.disconnect();
  }

  #rejectAll(): void {
    for (const { reject } of this.#waiting.values()) reject(this.#reason);
    this.#waiting.clear();
  }
}

const whatIsLost =
  'What an open transaction had done is lost, and so is a database in memory. The next call opens the file again.';

function lost(what: string): GuestError {
  return new GuestError(`${what} ${whatIsLost}`, { code: 'DATABASE_LOST' });
}

function overdue(deadlineMs: number): GuestError {
  const hint = 'A template allows more by "statement_timeout_ms" of its capability module:database.';
  const message = `The statement had not ended after ${deadlineMs} ms and was stopped. ${whatIsLost} ${hint}`;
  return new GuestError(message, { code: 'STATEMENT_TIMEOUT' });
}
