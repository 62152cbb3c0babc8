/**
 * One run of code in an instance, from its source to its end as data.
 *
 * It ends when its main code has settled and no one-shot timer is pending, as when Node runs a file. Intervals do not
 * hold it open: they tick while something else does, and stay armed for the next run. An exception, thrown by the main
 * code or uncaught in a callback, ends it at once; what is queued then, or was scheduled by getters while the value was
 * shown, is dropped but for intervals, and a limit or a cancel drops those too. So no guest code ever runs outside a run.
 * Scripts are global code with top-level await: what one run declares, the next one sees.
 */
import type { RunEnd, RunRequest } from '#core/ports';
import type { ExceptionPayload } from '#shared/contract/event';
import type { ExecutionKind } from '#shared/contract/execution';
import { monotonicMs } from '../monotonic-clock.ts';
import type { RunOrder, WorkerOutcome } from '../protocol.ts';
import type { StopReason } from '../run-meter.ts';
import type { CallResult } from './guest.ts';
import { settleCall } from './guest-call-operations.ts';
import type { HostCalls } from './host-calls.ts';
import type { Instance } from './instance.ts';
import { MainCode } from './main-code.ts';
import { maxEventBytes, type Output } from './output.ts';
import { describeException, describeValue } from './report.ts';
import type { RunBudget } from './run-budget.ts';
import { sizeProblem } from './size-problem.ts';
import type { TimerQueue } from './timer-queue.ts';
import { GuestHeapFull } from './wasm-instance.ts';

const jobBatch = 100;

export interface RunParts {
  readonly instance: Instance;
  readonly timers: TimerQueue;
  readonly calls: HostCalls;
  readonly budget: RunBudget;
  readonly output: Output;
}

export class Run {
  readonly budget: RunBudget;
  readonly output: Output;
  readonly #instance: Instance;
  readonly #timers: TimerQueue;
  readonly #calls: HostCalls;
  #uncaught: ExceptionPayload | undefined;
  #wake: () => void = () => undefined;

  constructor({ instance, timers, calls, budget, output }: RunParts) {
    this.budget = budget;
    this.output = output;
    this.#instance = instance;
    this.#timers = timers;
    this.#calls = calls;
  }

  /** A host exception out of the engine leaves the instance in an unknown state: it is not usable any more. */
  async toEnd(order: RunOrder): Promise<Pick<WorkerOutcome, 'end' | 'usable'>> {
    const { budget } = this;
    try {
      const end = await this.#execute(order);
      this.#tellRejections();
      if (budget.stopped === undefined) return { end, usable: this.#dropRest() };
      return { end: endOf(budget.stopped, budget), usable: budget.cleanUp((hasTime) => this.#unwind(hasTime)) };
    } catch (error) {
      if (error instanceof GuestHeapFull) budget.stop('mem_mb');
      const end = budget.stopped === undefined ? faultOf(error) : endOf(budget.stopped, budget);
      return { end, usable: false };
    } finally {
      this.output.flush();
    }
  }

  /** A callback threw, and nobody was there to catch it. */
  fail(exception: ExceptionPayload): void {
    this.#uncaught ??= exception;
  }

  /** Looks at the cancel flag now, should the run be waiting. */
  wake(): void {
    this.#wake();
  }

  async #execute({ request, strict }: RunOrder): Promise<RunEnd> {
    const tooLarge = sizeProblem(request);
    if (tooLarge !== undefined) return exceptionOf(tooLarge);
    const obstacle = this.#give(request);
    if (obstacle !== undefined) return { kind: 'exception', exception: obstacle };
    const parts = { instance: this.#instance, budget: this.budget, strict };
    const main = this.budget.enter(() => MainCode.start(request, parts));
    try {
      await this.#settle(main);
      return this.#conclude(main, request.kind);
    } finally {
      main.dispose();
    }
  }

  /** Gives the guest what it has to know of its run; returns what is in the way of that. */
  #give(request: RunRequest): ExceptionPayload | undefined {
    const given = this.budget.enter(() => this.#instance.guest.call('beginRun', JSON.stringify(givenTo(request))));
    if (given.kind === 'returned') return undefined;
    const obstacle = describeException(this.#instance, this.budget, given.error);
    given.error.dispose();
    return obstacle;
  }

  /** Runs jobs and timers until nothing can change any more. */
  async #settle(main: MainCode): Promise<void> {
    for (;;) {
      this.#runJobs();
      const { kind } = main.settlement;
      if (this.budget.stopped !== undefined) return;
      this.#noteRejections(main);
      if (this.#uncaught !== undefined || kind === 'threw') return;
      if (kind === 'value' && this.#timers.oneShots === 0 && this.#calls.pending === 0) return;
      if (!(await this.#takeStep())) return;
    }
  }

  /** Does what is next: settles a call, fires a timer, or waits for either. False where there is nothing to wait for. */
  async #takeStep(): Promise<boolean> {
    const settled = this.#calls.takeSettled();
    const timer = settled === undefined ? this.#timers.takeDue(monotonicMs()) : undefined;
    if (settled !== undefined) this.#enterGuest(() => settleCall(this.#instance.guest, settled));
    else if (timer !== undefined) this.#enterGuest(() => this.#instance.guest.call('fireTimer', timer.id));
    else if (this.#calls.pending === 0 && this.#timers.next === undefined) return false;
    else await this.#wait(this.#timers.next?.dueMs ?? Number.POSITIVE_INFINITY);
    return true;
  }

  #runJobs(): void {
    const { runtime } = this.#instance.engine.context;
    while (this.budget.stopped === undefined && this.#uncaught === undefined && runtime.hasPendingJob()) {
      this.budget.enter(() => runtime.executePendingJobs(jobBatch).dispose());
      this.output.flushIfDue(this.budget.nowMs);
    }
  }

  /** While nothing can run; for the end, when whoever will handle a rejection has done so. */
  #noteRejections({ settlement }: MainCode): void {
    const told = settlement.kind === 'threw' ? settlement.handle : undefined;
    this.#instance.engine.noteRejections(
      told,
      (reason) => describeException(this.#instance, this.budget, reason).stack,
    );
  }

  /** One warning, where Node would end the process: whoever forgot an `await` learns of it. */
  #tellRejections(): void {
    const { note, count } = this.#instance.engine.takeRejections();
    if (count === 0) return;
    if (note === undefined) this.output.warn(`Promises that were rejected and handled by nobody: ${count}`);
    else this.output.warn(`Unhandled promise rejection: ${note}`, count === 1 ? '' : `\n… and ${count - 1} more`);
  }

  /** Runs a callback of the guest; what it throws is uncaught. */
  #enterGuest(call: () => CallResult): void {
    const result = this.budget.enter(call);
    if (result.kind === 'returned') return;
    if (this.budget.stopped === undefined) this.fail(describeException(this.#instance, this.budget, result.error));
    result.error.dispose();
  }

  /** Waits outside the guest until a timer is due, a call has settled, the wall clock has run out, or the run is cancelled. */
  async #wait(dueMs: number): Promise<void> {
    const { budget } = this;
    this.output.flush();
    const leftMs = Math.min(dueMs - monotonicMs(), budget.limits.wall_ms - budget.nowMs + 1);
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, Math.max(0, leftMs));
      this.#wake = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
    budget.check();
  }

  #conclude(main: MainCode, kind: ExecutionKind): RunEnd {
    const { budget } = this;
    if (budget.stopped !== undefined) return endOf(budget.stopped, budget);
    if (this.#uncaught !== undefined) return { kind: 'exception', exception: this.#uncaught };
    const { settlement } = main;
    if (settlement.kind === 'pending') return unsettled;
    if (settlement.kind === 'threw') {
      return { kind: 'exception', exception: describeException(this.#instance, budget, settlement.handle) };
    }
    if (kind === 'repl') budget.enter(() => this.#instance.guest.ask('keepValue', settlement.handle));
    return { kind: 'value', value: describeValue(this.#instance, budget, settlement.handle) };
  }

  /** Leaves nothing for the next run but intervals; a promise that waits for the host never settles. Tells whether that worked. */
  #dropRest(): boolean {
    const { engine, declarations } = this.#instance;
    this.#dropOneShots();
    this.#dropCalls();
    this.budget.enter(() => declarations.end());
    if (!engine.context.runtime.hasPendingJob()) return true;
    return this.budget.cleanUp((hasTime) => engine.dropJobs(hasTime));
  }

  #dropOneShots(): void {
    if (this.#timers.oneShots === 0) return;
    this.#timers.drop('one-shots');
    this.budget.enter(() => this.#instance.guest.ask('dropTimers', true));
  }

  #dropCalls(): void {
    if (this.#calls.pending > 0) this.budget.enter(() => this.#instance.guest.ask('dropCalls'));
  }

  /** After a stop: gives back what the guest has scheduled and holds. Tells whether it can be used again. */
  #unwind(hasTime: () => boolean): boolean {
    const { engine, guest, memory, declarations } = this.#instance;
    const hasMemory = !memory.isExceeded || memory.recover();
    this.#timers.drop('all');
    guest.ask('dropTimers', false);
    guest.ask('dropCalls');
    declarations.end();
    return engine.dropJobs(hasTime) && hasMemory;
  }
}

const unsettled = exceptionOf(
  'Error: The code waits for a promise that nothing can settle any more: no timer and no job is left',
);

function exceptionOf(message: string): RunEnd {
  return { kind: 'exception', exception: { message, stack: message } };
}

/** What the guest has to know of its run. */
function givenTo({ args, env, limits, fileName }: RunRequest) {
  return { args, env, fileName, maxTextBytes: Math.min(limits.max_output_kb * 1024, maxEventBytes) };
}

function endOf(reason: StopReason, { limits }: RunBudget): RunEnd {
  if (reason === 'cancelled') return { kind: 'cancelled' };
  return { kind: 'limit', limit: reason, allowed: limits[reason] };
}

function faultOf(error: unknown): RunEnd {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'fault', message: `The engine failed beneath the guest (${text}); its state is lost` };
}
