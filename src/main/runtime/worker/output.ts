/**
 * What a run prints. Holds the output limits exactly, at the source: the event that does not fit stops the run, and is
 * kept as far as it fits, with a mark at its end: of one huge text, people see the beginning. Events leave in batches;
 * each is in the journal from the moment it is printed until its batch has left, unless it is too large for the journal:
 * then it leaves at once.
 */
import type { ConsoleLevel, ConsoleTable, DisplayPayload, GuestEvent } from '#shared/contract/event';
import type { OutputJournal } from '../output-journal.ts';
import type { RunMeter } from '../run-meter.ts';
import type { RunBudget } from './run-budget.ts';

const batchEvents = 256;
const batchMs = 50;
/** With two, the guest prints one while the host stores the other. */
const maxUnhandledBatches = 2;
const maxWarningBytes = 1024;
/** The longest single text: what the worker's heap holds several times over, in JSON whose every byte may take six. */
export const maxEventBytes = 4 * 1024 * 1024;
const eventCutMark = '… [cut at 4 MiB]';
const outputCutMark = '… [cut: max_output_kb]';

export interface OutputOptions {
  readonly budget: RunBudget;
  readonly journal: OutputJournal;
  readonly meter: RunMeter;
  readonly send: (events: readonly GuestEvent[]) => void;
}

/** The event of a text, which may have been cut. */
type EventOf = (text: string) => GuestEvent;

export class Output {
  readonly #budget: RunBudget;
  readonly #journal: OutputJournal;
  readonly #meter: RunMeter;
  readonly #send: (events: readonly GuestEvent[]) => void;
  readonly #clock = new TimestampClock();
  #batch: GuestEvent[] = [];
  #count = 0;
  #bytes = 0;
  #sentBatches = 0;
  #sentMs = 0;

  constructor({ budget, journal, meter, send }: OutputOptions) {
    this.#budget = budget;
    this.#journal = journal;
    this.#meter = meter;
    this.#send = send;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps what the guest printed, as far as it fits, unless the run is over. A table counts too, and goes before text. */
  console(level: ConsoleLevel, printed: string, table?: ConsoleTable): void {
    const tableBytes = table === undefined ? 0 : Buffer.byteLength(JSON.stringify(table));
    const hasTable = table !== undefined && Buffer.byteLength(printed) + tableBytes <= this.#room;
    const cells = hasTable ? { table } : {};
    const eventOf: EventOf = (text) => ({ type: 'console', ts: this.#clock.now(), payload: { level, text, ...cells } });
    this.#admit(printed, eventOf, hasTable ? tableBytes : 0);
  }

  /** Keeps what the guest shows, whole; where it does not fit, its plain text by the same rules. */
  display(payload: DisplayPayload): void {
    const { data, metadata } = payload;
    const { 'text/plain': plain, ...rich } = data;
    const richBytes = Buffer.byteLength(JSON.stringify({ ...rich, metadata }));
    const text = String(plain);
    const isWhole = Buffer.byteLength(text) + richBytes <= Math.min(this.#room, maxEventBytes);
    const ts = this.#clock.now();
    if (isWhole) this.#admit(text, () => ({ type: 'display', ts, payload }), richBytes);
    else
      this.#admit(
        text,
        (cutText) => ({ type: 'display', ts, payload: { data: { 'text/plain': cutText } } }),
        richBytes,
      );
  }

  /** Keeps what a command of the guest printed, by the same rules, and hands it on at once: somebody may be watching. */
  print(type: 'stdout' | 'stderr', printed: string): void {
    this.#admit(printed, (text) => ({ type, ts: this.#clock.now(), payload: { text } }));
    this.flush();
  }

  /** Bytes that may still be printed. */
  get #room(): number {
    return this.#budget.limits.max_output_kb * 1024 - this.#bytes;
  }

  /** `extraBytes` are those of the event beside its text. */
  #admit(printed: string, eventOf: EventOf, extraBytes = 0): void {
    const { stopped, limits } = this.#budget;
    if (stopped !== undefined) return;
    if (this.#count === limits.max_events) {
      this.#budget.stop('max_events');
      return;
    }
    const room = this.#room;
    const bytes = Buffer.byteLength(printed) + extraBytes;
    if (bytes <= Math.min(room, maxEventBytes)) this.#keep(printed, eventOf, extraBytes);
    else if (bytes <= room) this.#keep(cut(printed, maxEventBytes, eventCutMark), eventOf);
    else this.#keepWhatFits(printed, room, eventOf);
  }

  /**
   * Warns about the run itself, for the host, with an ending that is never cut. Counts against no limit, so it is short
   * and said at most once in a run.
   */
  warn(text: string, ending = ''): void {
    const isShort = Buffer.byteLength(text + ending) <= maxWarningBytes;
    const message = isShort ? text + ending : cut(text, maxWarningBytes, `…${ending}`);
    this.#add({ type: 'system', ts: this.#clock.now(), payload: { message, level: 'warn' } });
  }

  flushIfDue(nowMs: number): void {
    if (nowMs - this.#sentMs >= batchMs) this.flush(nowMs);
  }

  flush(nowMs = this.#budget.nowMs): void {
    this.#sentMs = nowMs;
    if (this.#batch.length === 0) return;
    this.#awaitHost();
    const batch = this.#batch;
    this.#batch = [];
    this.#send(batch);
    this.#sentBatches += 1;
    this.#journal.clear(batch.length);
  }

  /** A flood waits until the host has dealt with what it has, so that the host has time for others. */
  #awaitHost(): void {
    if (this.#budget.stopped !== undefined) return;
    const handled = this.#sentBatches + 1 - maxUnhandledBatches;
    this.#budget.pause((atMostMs) => this.#meter.waitForBatches(handled, atMostMs));
  }

  #keepWhatFits(text: string, room: number, eventOf: EventOf): void {
    this.#budget.stop('max_output_kb');
    const bytes = Math.min(room, maxEventBytes);
    if (bytes > markBytes) this.#keep(cut(text, bytes, outputCutMark), eventOf);
  }

  #keep(text: string, eventOf: EventOf, extraBytes = 0): void {
    this.#count += 1;
    this.#bytes += Buffer.byteLength(text) + extraBytes;
    this.#meter.outputBytes = this.#bytes;
    this.#add(eventOf(text));
  }

  #add(event: GuestEvent): void {
    const isKept = this.#journal.append(event) || this.#appendAfterFlush(event);
    this.#batch.push(event);
    if (!isKept || this.#batch.length >= batchEvents) this.flush();
  }

  #appendAfterFlush(event: GuestEvent): boolean {
    this.flush();
    return this.#journal.append(event);
  }
}

const encoder = new TextEncoder();
const markBytes = Buffer.byteLength(outputCutMark);

/** The beginning of a text, up to a whole character, and a mark; together at most so many bytes. */
function cut(text: string, maxBytes: number, mark: string): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const kept = new Uint8Array(maxBytes - Buffer.byteLength(mark));
  return text.slice(0, encoder.encodeInto(text, kept).read) + mark;
}

/** Timestamps of a flood share their millisecond, so it is formatted once. */
class TimestampClock {
  #ms = 0;
  #text = '';

  now(): string {
    const ms = Date.now();
    if (ms !== this.#ms) {
      this.#ms = ms;
      this.#text = new Date(ms).toISOString();
    }
    return this.#text;
  }
}
