/**
 * What host and worker both see of the run in progress, in shared memory: the host reads how far the guest is and when
 * it must be done, and asks it to stop, also while the worker's thread is busy and reads no messages.
 * All times are milliseconds since the run began. Each cell has one writer.
 */
import type { LimitName } from '#shared/contract/execution';
import { monotonicMs } from './monotonic-clock.ts';

/** Why a run was stopped. */
export type StopReason = LimitName | 'cancelled';

export interface Deadline {
  readonly atMs: number;
  readonly reason: StopReason;
}

const reasons: readonly StopReason[] = ['cpu_ms', 'wall_ms', 'mem_mb', 'max_events', 'max_output_kb', 'cancelled'];

const deadlineCell = 0;
const reasonCell = 1;
const enteredCell = 2;
const cpuCell = 3;
const memoryCell = 4;
const outputCell = 5;
const cancelCell = 6;
const handledCell = 7;
const stopCell = 8;
const answerCell = 9;
const takenCell = 10;
const cellCount = 11;

const outside = -1;
/** How often a worker that waits for its host looks whether it is cancelled. */
const cancelPollMs = 25;
const pageBytes = 65_536;

export class RunMeter {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(buffer = new SharedArrayBuffer(cellCount * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  /** Host: forgets the last run. */
  reset(): void {
    this.#cells.fill(0);
    this.#store(enteredCell, outside);
  }

  /** Worker: the guest runs from now on, and has to be back by the deadline. */
  enterGuest(nowMs: number, deadline: Deadline): void {
    this.#store(reasonCell, reasons.indexOf(deadline.reason));
    this.#store(deadlineCell, deadline.atMs);
    this.#store(enteredCell, nowMs);
  }

  /** Worker: the guest has returned. */
  leaveGuest(cpuMs: number): void {
    this.#store(enteredCell, outside);
    this.#store(cpuCell, cpuMs);
  }

  /** Host: the moment by which the guest has to be back; undefined while none of its code runs. */
  get deadline(): Deadline | undefined {
    const reason = reasons[this.#load(reasonCell)];
    if (this.#load(enteredCell) === outside || reason === undefined) return undefined;
    return { atMs: this.#load(deadlineCell), reason };
  }

  /** Host: time spent in the guest so far. */
  cpuMs(nowMs: number): number {
    const enteredMs = this.#load(enteredCell);
    return this.#load(cpuCell) + (enteredMs === outside ? 0 : Math.max(0, nowMs - enteredMs));
  }

  get memoryBytes(): number {
    return this.#load(memoryCell) * pageBytes;
  }

  set memoryBytes(bytes: number) {
    this.#store(memoryCell, bytes / pageBytes);
  }

  get outputBytes(): number {
    return this.#load(outputCell);
  }

  set outputBytes(bytes: number) {
    this.#store(outputCell, bytes);
  }

  requestCancel(): void {
    this.#store(cancelCell, 1);
  }

  get isCancelRequested(): boolean {
    return this.#load(cancelCell) === 1;
  }

  /** Worker: the run was stopped, for this reason before any other. */
  markStopped(reason: StopReason): void {
    this.#store(stopCell, reasons.indexOf(reason) + 1);
  }

  /** Host: why the worker stopped the run, should it have done so. */
  get stopReason(): StopReason | undefined {
    return reasons[this.#load(stopCell) - 1];
  }

  /** Host: one more batch of events is dealt with. */
  batchHandled(): void {
    Atomics.add(this.#cells, handledCell, 1);
    Atomics.notify(this.#cells, handledCell);
  }

  /** Worker: blocks its thread until so many batches are dealt with, for so long at most, or until it is cancelled. */
  waitForBatches(count: number, atMostMs: number): void {
    const untilMs = monotonicMs() + atMostMs;
    for (;;) {
      const handled = this.#load(handledCell);
      const leftMs = untilMs - monotonicMs();
      if (handled >= count || leftMs <= 0 || this.isCancelRequested) return;
      Atomics.wait(this.#cells, handledCell, handled, Math.min(leftMs, cancelPollMs));
    }
  }

  /** Host: one more answer lies in the port of calls. */
  signalAnswer(): void {
    Atomics.add(this.#cells, answerCell, 1);
    Atomics.notify(this.#cells, answerCell);
  }

  /** Worker: the guest has got one more answer, so large. */
  addTaken(kibibytes: number): void {
    Atomics.add(this.#cells, takenCell, kibibytes);
  }

  /** Host: size of the answers that the guest has got in this run. */
  get takenKibibytes(): number {
    return this.#load(takenCell);
  }

  /** Worker: how many answers there were so far. */
  get answers(): number {
    return this.#load(answerCell);
  }

  /** Worker: blocks its thread until there is one more answer than was seen, or it is time to look at the cancel flag. */
  waitForAnswer(seen: number, atMostMs: number): void {
    Atomics.wait(this.#cells, answerCell, seen, Math.min(atMostMs, cancelPollMs));
  }

  #load(cell: number): number {
    return Atomics.load(this.#cells, cell);
  }

  #store(cell: number, value: number): void {
    Atomics.store(this.#cells, cell, Math.min(Math.ceil(value), 2 ** 31 - 1));
  }
}
