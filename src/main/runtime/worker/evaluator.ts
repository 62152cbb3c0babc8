/**
 * Runs one piece of code in an instance, from its source to its end as data.
 *
 * An execution ends when its main code has settled and no one-shot timer is pending, as when Node runs a file. Intervals
 * do not hold it open: they tick while something else does, and stay armed for the next run. An exception, thrown by the
 * main code or uncaught in a callback, ends it at once and drops its one-shot timers; a limit or a cancel drops every
 * timer and every queued job. So no guest code ever runs outside an execution.
 * Scripts are global code with top-level await: what one run declares, the next one sees.
 */
import type { RunEnd, RunRequest } from '#core/ports';
import type { ExceptionPayload, GuestEvent } from '#shared/contract/event';
import { monotonicMs } from '../monotonic-clock.ts';
import type { OutputJournal } from '../output-journal.ts';
import type { RunOrder, WorkerOutcome } from '../protocol.ts';
import type { RunMeter, StopReason } from '../run-meter.ts';
import { type BootSetup, bootInstance, type ConsoleLevel, type GuestListener, type Instance } from './instance.ts';
import { MainCode } from './main-code.ts';
import { Output } from './output.ts';
import { describeException, describeValue } from './report.ts';
import { RunBudget } from './run-budget.ts';
import { TimerQueue } from './timer-queue.ts';
import { GuestHeapFull } from './wasm-instance.ts';

const jobBatch = 100;
const maxSourceBytes = 4 * 1024 * 1024;
const maxInputBytes = 16 * 1024 * 1024;

export interface EvaluatorShared {
  readonly meter: RunMeter;
  readonly journal: OutputJournal;
}

/** The run in progress. */
interface Run {
  readonly budget: RunBudget;
  readonly output: Output;
  uncaught: ExceptionPayload | undefined;
}

type Send = (events: readonly GuestEvent[]) => void;

export class Evaluator implements GuestListener {
  readonly #shared: EvaluatorShared;
  readonly #timers = new TimerQueue();
  #booted: Instance | undefined;
  #run: Run | undefined;
  #wake: () => void = () => undefined;

  private constructor(shared: EvaluatorShared) {
    this.#shared = shared;
  }

  static async boot(setup: BootSetup, shared: EvaluatorShared): Promise<Evaluator> {
    const evaluator = new Evaluator(shared);
    evaluator.#booted = await bootInstance(setup, evaluator);
    return evaluator;
  }

  get #instance(): Instance {
    if (this.#booted === undefined) throw new Error('The instance is not booted');
    return this.#booted;
  }

  async run(order: RunOrder, send: Send): Promise<WorkerOutcome> {
    const run = this.#begin(order, send);
    const { budget, output } = run;
    const outcome = await this.#runGuarded(run, order);
    output.flush();
    this.#run = undefined;
    return {
      ...outcome,
      cpuMs: budget.cpuMs,
      outputBytes: output.bytes,
      memoryBytes: this.#instance.memory.bytes,
    };
  }

  /** Looks at the cancel flag now, should the run be waiting. */
  cancel(): void {
    this.#wake();
  }

  shouldInterrupt(): boolean {
    if (this.#run === undefined) return false;
    const { budget, output } = this.#run;
    const { nowMs } = budget;
    output.flushIfDue(nowMs);
    return budget.mustStop(nowMs);
  }

  onConsole(level: ConsoleLevel, text: string): void {
    this.#run?.output.console(level, text);
  }

  onUncaught(exceptionJson: string): void {
    if (this.#run !== undefined) this.#run.uncaught ??= JSON.parse(exceptionJson);
  }

  armTimer(id: number, delayMs: number, repeats: boolean): void {
    this.#timers.arm({ id, delayMs, repeats, dueMs: monotonicMs() + delayMs });
  }

  disarmTimer(id: number): void {
    this.#timers.disarm(id);
  }

  #begin({ request, startedMs }: RunOrder, send: Send): Run {
    const { meter, journal } = this.#shared;
    const budget = new RunBudget({ limits: request.limits, startedMs, meter, memory: this.#instance.memory });
    this.#run = { budget, output: new Output({ budget, journal, meter, send }), uncaught: undefined };
    return this.#run;
  }

  /** A host exception out of the engine leaves the instance in an unknown state: it is never used again. */
  async #runGuarded(run: Run, order: RunOrder): Promise<Pick<WorkerOutcome, 'end' | 'usable'>> {
    const { budget } = run;
    try {
      const end = await this.#execute(run, order);
      if (end.kind === 'exception') this.#dropOneShots(run);
      const { stopped } = budget;
      if (stopped === undefined) return { end, usable: true };
      return { end: endOf(stopped, budget), usable: budget.cleanUp((hasTime) => this.#unwind(hasTime)) };
    } catch (error) {
      if (error instanceof GuestHeapFull) budget.stop('mem_mb');
      const end = budget.stopped === undefined ? faultOf(error) : endOf(budget.stopped, budget);
      return { end, usable: false };
    }
  }

  async #execute(run: Run, { request, strict }: RunOrder): Promise<RunEnd> {
    const tooLarge = sizeProblem(request);
    if (tooLarge !== undefined) return tooLarge;
    const { engine, guest } = this.#instance;
    const main = run.budget.enter(() => {
      guest.ask('beginRun', JSON.stringify({ args: request.args, env: request.env }));
      return MainCode.start(engine.context, request, strict);
    });
    try {
      await this.#settle(run, main);
      return run.budget.stopped === undefined ? this.#conclude(run, main) : endOf(run.budget.stopped, run.budget);
    } finally {
      main.dispose();
    }
  }

  /** Runs jobs and timers until nothing can change any more. */
  async #settle(run: Run, main: MainCode): Promise<void> {
    const { budget } = run;
    for (;;) {
      this.#runJobs(run);
      if (budget.stopped !== undefined || run.uncaught !== undefined) return;
      const { kind } = main.settlement;
      this.#tellRejections(run, main);
      if (kind === 'threw' || (kind === 'value' && this.#timers.oneShots === 0)) return;
      const { next } = this.#timers;
      if (next === undefined) return;
      const timer = this.#timers.takeDue(monotonicMs());
      if (timer === undefined) await this.#wait(run, next.dueMs);
      else this.#fire(run, timer.id);
    }
  }

  #runJobs(run: Run): void {
    const { runtime } = this.#instance.engine.context;
    while (run.budget.stopped === undefined && run.uncaught === undefined && runtime.hasPendingJob()) {
      run.budget.enter(() => runtime.executePendingJobs(jobBatch).dispose());
      run.output.flushIfDue(run.budget.nowMs);
    }
  }

  /** As Node does, but without ending the run: whoever forgot an `await` learns it from a warning. */
  #tellRejections(run: Run, main: MainCode): void {
    const { settlement } = main;
    const told = settlement.kind === 'threw' ? settlement.handle : undefined;
    const untold = this.#instance.engine.takeRejections(told, (reason) => {
      const { stack } = describeException(this.#instance, run.budget, reason);
      run.output.warn(`Unhandled promise rejection: ${stack}`);
    });
    if (untold > 0) run.output.warn(`${untold} more promises were rejected and handled by nobody`);
  }

  #fire(run: Run, id: number): void {
    const result = run.budget.enter(() => this.#instance.guest.call('fireTimer', id));
    if (result.kind === 'returned') return;
    if (run.budget.stopped === undefined) {
      run.uncaught = describeException(this.#instance, run.budget, result.error);
    }
    result.error.dispose();
  }

  /** Waits outside the guest until a timer is due, the wall clock has run out, or the run is cancelled. */
  async #wait(run: Run, dueMs: number): Promise<void> {
    const { budget, output } = run;
    output.flush();
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

  #conclude(run: Run, main: MainCode): RunEnd {
    if (run.uncaught !== undefined) return { kind: 'exception', exception: run.uncaught };
    const { settlement } = main;
    if (settlement.kind === 'pending') return unsettled;
    return settlement.kind === 'value'
      ? { kind: 'value', value: describeValue(this.#instance, run.budget, settlement.handle) }
      : { kind: 'exception', exception: describeException(this.#instance, run.budget, settlement.handle) };
  }

  #dropOneShots(run: Run): void {
    if (this.#timers.oneShots === 0) return;
    this.#timers.drop('one-shots');
    run.budget.enter(() => this.#instance.guest.ask('dropTimers', true));
  }

  /** After a stop: gives back what the guest has scheduled and holds. Tells whether it can be used again. */
  #unwind(hasTime: () => boolean): boolean {
    const { engine, guest, memory } = this.#instance;
    const hasMemory = !memory.isExceeded || memory.recover();
    this.#timers.drop('all');
    guest.ask('dropTimers', false);
    return engine.dropJobs(hasTime) && hasMemory;
  }
}

const unsettled: RunEnd = exceptionOf(
  'Error: The code waits for a promise that nothing can settle any more: no timer and no job is left',
);

function exceptionOf(message: string): RunEnd {
  return { kind: 'exception', exception: { message, stack: message } };
}

/** Refuses what is too large for the guest's heap before any of it is allocated there. */
function sizeProblem({ source, args, env }: RunRequest): RunEnd | undefined {
  const sourceBytes = Buffer.byteLength(source);
  if (sourceBytes > maxSourceBytes) {
    return exceptionOf(`RangeError: The source has ${sourceBytes} bytes; at most ${maxSourceBytes} can be run at once`);
  }
  const inputBytes = JSON.stringify(args).length + JSON.stringify(env).length;
  if (inputBytes <= maxInputBytes) return undefined;
  return exceptionOf(
    `RangeError: args and env have ${inputBytes} bytes together; at most ${maxInputBytes} are allowed`,
  );
}

function endOf(reason: StopReason, { limits }: RunBudget): RunEnd {
  if (reason === 'cancelled') return { kind: 'cancelled' };
  if (reason === 'preview') return { kind: 'fault', message: 'Showing the value took too long' };
  return { kind: 'limit', limit: reason, allowed: limits[reason] };
}

function faultOf(error: unknown): RunEnd {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'fault', message: `The engine failed beneath the guest (${text}); its state is lost` };
}
