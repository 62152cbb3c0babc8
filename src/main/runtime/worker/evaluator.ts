/**
 * An instance and what runs in it, one run at a time. It routes what the guest causes to the run in progress; while
 * there is none, the guest does not run and nothing can be caused.
 *
 * Who owns whom in a worker:
 *   entry          one evaluator at a time, and the messages to and from the host
 *   evaluator      the instance, the guest's timers, and the run in progress
 *   instance       engine (QuickJS), guest (the prelude as typed calls), memory (how much may be held)
 *   run            its budget (when it must stop), its output, and its main code
 */
import type { ConsoleLevel, ConsoleTable, DisplayPayload, ExceptionPayload, GuestEvent } from '#shared/contract/event';
import { monotonicMs } from '../monotonic-clock.ts';
import type { OutputJournal } from '../output-journal.ts';
import type { GuestSetup, RunOrder, WorkerOutcome } from '../protocol.ts';
import type { RunMeter } from '../run-meter.ts';
import type { CallRequest, HostCalls, SettledCall } from './host-calls.ts';
import { Inspector } from './inspector.ts';
import { type BootSetup, bootInstance, type GuestListener, type Instance } from './instance.ts';
import { Output } from './output.ts';
import { Run } from './run.ts';
import { RunBudget } from './run-budget.ts';
import { TimerQueue } from './timer-queue.ts';

export interface EvaluatorShared {
  readonly meter: RunMeter;
  readonly journal: OutputJournal;
  readonly calls: HostCalls;
}

export type SendEvents = (events: readonly GuestEvent[]) => void;

export class Evaluator implements GuestListener {
  readonly #shared: EvaluatorShared;
  readonly #timers = new TimerQueue();
  #booted: Instance | undefined;
  #inspector: Inspector | undefined;
  #current: Run | undefined;

  private constructor(shared: EvaluatorShared) {
    this.#shared = shared;
  }

  static async boot(setup: BootSetup, shared: EvaluatorShared): Promise<Evaluator> {
    const evaluator = new Evaluator(shared);
    const instance = await bootInstance(setup, evaluator);
    evaluator.#booted = instance;
    evaluator.#inspector = new Inspector(instance);
    return evaluator;
  }

  /**
   * Puts in place what a session gives its guest; called once, before the first run. Returns the name of a global that
   * cannot be put in place, or an empty text.
   */
  open(setup: GuestSetup): string {
    this.#instance.modules.open(setup);
    const opened = this.#instance.guest.call('open', JSON.stringify(setup));
    if (opened.kind === 'threw') throw new Error('The instance could not be opened for its session');
    return opened.text;
  }

  async run(order: RunOrder, send: SendEvents): Promise<WorkerOutcome> {
    const instance = this.#instance;
    const run = this.#begin(order, instance, send);
    const { budget, output } = run;
    const { calls } = this.#shared;
    this.#current = run;
    calls.begin(
      (stream, text) => output.print(stream, text),
      () => run.wake(),
    );
    instance.modules.beginRun(order);
    const outcome = await run.toEnd(order);
    instance.modules.endRun(outcome.end.kind === 'value');
    calls.forget();
    this.#current = undefined;
    return { ...outcome, cpuMs: budget.cpuMs, outputBytes: output.bytes, memoryBytes: instance.memory.bytes };
  }

  /** For looking into the instance while nothing runs. */
  get inspector(): Inspector {
    if (this.#inspector === undefined) throw new Error('The instance is not booted');
    return this.#inspector;
  }

  /** Looks at the cancel flag now, should the run be waiting. */
  cancel(): void {
    this.#current?.wake();
  }

  shouldInterrupt(): boolean {
    if (this.#current === undefined) return this.#inspector?.isOverdue ?? false;
    const { budget, output } = this.#current;
    output.flushIfDue(budget.nowMs);
    return budget.mustStop(budget.nowMs);
  }

  onConsole(level: ConsoleLevel, text: string, table?: ConsoleTable): void {
    this.#current?.output.console(level, this.#instance.modules.positions.restore(text), table);
  }

  onDisplay(payload: DisplayPayload): void {
    this.#current?.output.display(payload);
  }

  onUncaught({ message, stack }: ExceptionPayload): void {
    const { positions } = this.#instance.modules;
    this.#current?.fail({ message: positions.restore(message), stack: positions.restore(stack) });
  }

  armTimer(id: number, delayMs: number, repeats: boolean): void {
    this.#timers.arm({ id, delayMs, repeats, dueMs: monotonicMs() + delayMs });
  }

  disarmTimer(id: number): void {
    this.#timers.disarm(id);
  }

  askHost(request: CallRequest): SettledCall | undefined {
    if (this.#current === undefined) return undefined;
    const { budget, output } = this.#current;
    if (budget.stopped !== undefined) return undefined;
    output.flush();
    let answer: SettledCall | undefined;
    budget.pause((atMostMs) => {
      answer = this.#shared.calls.ask(request, atMostMs);
    });
    if (answer === undefined) budget.check();
    return answer;
  }

  startHostCall(request: CallRequest): number {
    return this.#shared.calls.start(request);
  }

  get #instance(): Instance {
    if (this.#booted === undefined) throw new Error('The instance is not booted');
    return this.#booted;
  }

  #begin({ request, startedMs }: RunOrder, instance: Instance, send: SendEvents): Run {
    const { meter, journal, calls } = this.#shared;
    const budget = new RunBudget({ limits: request.limits, startedMs, meter, memory: instance.memory });
    const output = new Output({ budget, journal, meter, send });
    return new Run({ instance, timers: this.#timers, calls, budget, output });
  }
}
