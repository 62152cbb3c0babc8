/**
 * What a run prints. Holds the output limits exactly, at the source: an event that does not fit is not sent, and the run
 * is stopped. Events leave in batches; each is in the journal from the moment it is printed until its batch has left.
 */
import type { GuestEvent } from '#shared/contract/event';
import type { OutputJournal } from '../output-journal.ts';
import type { RunMeter } from '../run-meter.ts';
import type { RunBudget } from './run-budget.ts';

type ConsoleLevel = Extract<GuestEvent, { type: 'console' }>['payload']['level'];

const batchEvents = 256;
const batchMs = 50;
const maxWarnings = 50;
const eventBytes = 65_536;
const cutMark = '… [cut at 64 KiB]';

export interface OutputOptions {
  readonly budget: RunBudget;
  readonly journal: OutputJournal;
  readonly meter: RunMeter;
  readonly send: (events: readonly GuestEvent[]) => void;
}

export class Output {
  readonly #budget: RunBudget;
  readonly #journal: OutputJournal;
  readonly #meter: RunMeter;
  readonly #send: (events: readonly GuestEvent[]) => void;
  readonly #clock = new TimestampClock();
  #batch: GuestEvent[] = [];
  #count = 0;
  #bytes = 0;
  #warnings = 0;
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

  /** Keeps what the guest printed, if it fits and the run is not over. */
  console(level: ConsoleLevel, printed: string): void {
    if (this.#budget.stopped !== undefined) return;
    const text = cut(printed);
    const bytes = this.#bytes + Buffer.byteLength(text);
    const { max_events: maxEvents, max_output_kb: maxKilobytes } = this.#budget.limits;
    if (this.#count === maxEvents || bytes > maxKilobytes * 1024) {
      this.#budget.stop(this.#count === maxEvents ? 'max_events' : 'max_output_kb');
      return;
    }
    this.#count += 1;
    this.#bytes = bytes;
    this.#meter.outputBytes = bytes;
    this.#add({ type: 'console', ts: this.#clock.now(), payload: { level, text } });
  }

  /** Warns about the run itself, for the host; counts against no limit, so there are only so many. */
  warn(message: string): void {
    this.#warnings += 1;
    if (this.#warnings > maxWarnings) return;
    const text = this.#warnings === maxWarnings ? 'Further warnings of this run are not shown' : cut(message);
    this.#add({ type: 'system', ts: this.#clock.now(), payload: { message: text, level: 'warn' } });
  }

  flushIfDue(nowMs: number): void {
    if (nowMs - this.#sentMs >= batchMs) this.flush(nowMs);
  }

  flush(nowMs = this.#budget.nowMs): void {
    this.#sentMs = nowMs;
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#send(batch);
    this.#journal.clear(batch.length);
  }

  #add(event: GuestEvent): void {
    if (!this.#journal.append(event)) {
      this.flush();
      this.#journal.append(event);
    }
    this.#batch.push(event);
    if (this.#batch.length >= batchEvents) this.flush();
  }
}

const encoder = new TextEncoder();
const cutBuffer = new Uint8Array(eventBytes - Buffer.byteLength(cutMark));

/** At most as many bytes as one event may have, with a mark where something is missing. */
function cut(text: string): string {
  if (text.length * 3 <= eventBytes || Buffer.byteLength(text) <= eventBytes) return text;
  return text.slice(0, encoder.encodeInto(text, cutBuffer).read) + cutMark;
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
