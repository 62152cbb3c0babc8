/**
 * The one way that code runs: record `running` → run → collect events → end in one transaction. REPL, run-file and
 * startup differ only in their source. Whoever calls holds the session's lock from before until the end.
 * A failed write is an error here, never a log line: the caller gets it and the execution is not reported ok.
 */
import type { EventBus } from '#core/event-bus';
import { EventRecorder } from '#core/execution/event-recorder';
import { type CancelReason, endOfRun, outputLimitExceeded } from '#core/execution/execution-end';
import { hintForException } from '#core/execution/hint-for-exception';
import type {
  Clock,
  ExecutionStore,
  IdGenerator,
  Log,
  RunEnd,
  RunOutcome,
  RunRequest,
  Runtime,
  SessionRecord,
} from '#core/ports';
import type { LiveSessions } from '#core/session/live-sessions';
import type { EventDraft, ExecutionEvent } from '#shared/contract/event';
import type { Execution, ExecutionSummary } from '#shared/contract/execution';

export interface ExecutionPipelineParts {
  readonly store: ExecutionStore;
  readonly live: LiveSessions;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly log: Log;
}

/** What to run, where, and how it is recorded. */
export interface PipelineRequest {
  readonly record: SessionRecord;
  readonly runtime: Runtime;
  readonly run: RunRequest;
  /** The number of a REPL cell within its session; stack traces name it. */
  readonly cell?: number;
  readonly input?: string;
  readonly path?: string;
  /** Told to the user as a system event before the run, such as that earlier state was lost. */
  readonly notice?: string;
  /** Whether `ended` carries the events; where nobody waits for them, they need not stay in memory. */
  readonly keepsEvents: boolean;
}

export interface StartedExecution {
  /** The execution as recorded: running. */
  readonly execution: Execution;
  /**
   * The ended execution, with its events where the request keeps them. Rejects with OUTPUT_LIMIT_EXCEEDED where an output limit stopped it, and with
   * STORE_WRITE_FAILED where it could not be stored.
   */
  readonly ended: Promise<Execution>;
}

/** One execution on its way through the pipeline. */
interface Passage {
  readonly request: PipelineRequest;
  /** As recorded when it began. */
  readonly execution: Execution;
  readonly recorder: EventRecorder;
  /** Why it was cancelled, once somebody did. */
  cancelReason?: CancelReason;
}

interface UnwrittenEnd {
  readonly execution: Execution;
  readonly events: readonly ExecutionEvent[];
}

export class ExecutionPipeline {
  readonly #parts: ExecutionPipelineParts;
  /** Ends that the store refused; written before anything new is recorded, so that no row stays `running` for ever. */
  readonly #unwritten = new Map<string, UnwrittenEnd>();
  /** Many may ask at once; each end is written once. */
  #writing: Promise<void> | undefined;

  constructor(parts: ExecutionPipelineParts) {
    this.#parts = parts;
  }

  async start(request: PipelineRequest): Promise<StartedExecution> {
    await this.writeUnwritten();
    const passage = await this.#begin(request);
    const { execution } = passage;
    const ended = this.#run(passage);
    this.#parts.live.setRunning(execution.session_id, {
      executionId: execution.id,
      cancel: (reason) => {
        passage.cancelReason ??= reason;
        request.runtime.cancel();
      },
      ended: ended.catch(() => undefined),
    });
    return { execution, ended };
  }

  /** The end of an execution that the store has refused so far; what is stored of it still says `running`. */
  unwrittenEnd(executionId: string): Execution | undefined {
    return this.#unwritten.get(executionId)?.execution;
  }

  /** Stores the ends that could not be stored when they came; rejects while the store still refuses. */
  async writeUnwritten(): Promise<void> {
    if (this.#unwritten.size === 0) return;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (const [id, { execution, events }] of this.#unwritten) {
      await this.#parts.store.finish(execution, events);
      this.#unwritten.delete(id);
      this.#tellEnd(execution);
    }
  }

  async #begin(request: PipelineRequest): Promise<Passage> {
    const { store, bus } = this.#parts;
    const execution = this.#newExecution(request);
    const recorder = new EventRecorder({
      store,
      bus,
      executionId: execution.id,
      keepsEvents: request.keepsEvents,
      onFailure: () => request.runtime.cancel(),
    });
    recorder.number(openingEvents(request, execution.started_at));
    await store.begin(execution, recorder.unstored);
    recorder.markStored();
    bus.publish({ type: 'execution_changed', execution: summaryOf(execution) });
    return { request, execution, recorder };
  }

  #newExecution({ record, run, cell, input, path }: PipelineRequest): Execution {
    return {
      id: this.#parts.ids.next(),
      session_id: record.session.id,
      kind: run.kind,
      ...(cell === undefined ? {} : { cell }),
      ...(input === undefined ? {} : { input }),
      ...(path === undefined ? {} : { path }),
      args: run.args,
      env: run.env,
      status: 'running',
      started_at: this.#parts.clock.now(),
      metrics: { wall_ms: 0, cpu_ms: 0, events: 0, output_bytes: 0, memory_bytes: 0 },
    };
  }

  async #run(passage: Passage): Promise<Execution> {
    const { request, execution, recorder } = passage;
    const outcome = await this.#runGuest(passage);
    await recorder.settled();
    if (!outcome.usable) {
      await this.#parts.live.detach(
        execution.session_id,
        `the runtime was stopped by force in execution ${execution.id}`,
      );
    }
    const ended = await this.#finish(passage, outcome);
    if (recorder.failure !== undefined) throw recorder.failure;
    const refusal = outputLimitExceeded(ended);
    if (refusal !== undefined) throw refusal;
    return request.keepsEvents ? { ...ended, events: [...recorder.kept] } : ended;
  }

  /** The port promises never to reject; if an adapter does, that is a fault of the runtime and not of the guest. */
  async #runGuest({ request: { runtime, run }, recorder }: Passage): Promise<RunOutcome> {
    const startedMs = this.#parts.clock.elapsedMs();
    try {
      return await runtime.run(run, (events) => recorder.record(events));
    } catch (error) {
      this.#parts.log.error('a runtime broke its contract and rejected', { error });
      const message = error instanceof Error ? error.message : String(error);
      const wallMs = this.#parts.clock.elapsedMs() - startedMs;
      return { end: { kind: 'fault', message }, cpuMs: 0, wallMs, outputBytes: 0, memoryBytes: 0, usable: false };
    }
  }

  async #finish({ request, execution, recorder, cancelReason }: Passage, outcome: RunOutcome): Promise<Execution> {
    const endedAt = this.#parts.clock.now();
    const end = recorder.failure === undefined ? outcome.end : notStored;
    const { usable } = outcome;
    const told = { ts: endedAt, templateId: request.record.session.vm_id, hint: hintFor(request, end), cancelReason };
    const { events: lastEvents, ...fields } = endOfRun({ end, usable, ...told });
    recorder.number(lastEvents);
    const metrics = metricsOf(outcome, recorder.count);
    const ended: Execution = { ...execution, ...fields, ended_at: endedAt, metrics };
    const { unstored } = recorder;
    try {
      await this.#parts.store.finish(ended, unstored);
    } catch (error) {
      this.#unwritten.set(ended.id, { execution: ended, events: unstored });
      throw error;
    }
    recorder.markStored();
    this.#tellEnd(ended);
    return ended;
  }

  #tellEnd(execution: Execution): void {
    this.#parts.bus.publish({ type: 'execution_ended', execution_id: execution.id });
    this.#parts.bus.publish({ type: 'execution_changed', execution: summaryOf(execution) });
  }
}

/** Whatever the guest did, an execution whose events the store refused has failed. */
const notStored: RunEnd = { kind: 'fault', message: 'its events could not be stored, so it was stopped' };

function hintFor({ run, record: { session, policy } }: PipelineRequest, end: RunEnd): string | undefined {
  if (end.kind !== 'exception') return undefined;
  const { capabilities } = policy;
  return hintForException({ exception: end.exception, run, templateId: session.vm_id, capabilities });
}

/** What the host's stream tells: it is kept for readers that come back, so it must stay small. */
function summaryOf({ id, session_id, kind, status, started_at, ended_at }: Execution): ExecutionSummary {
  const summary = { id, session_id, kind, status, started_at };
  return ended_at === undefined ? summary : { ...summary, ended_at };
}

function openingEvents({ run, input, notice }: PipelineRequest, ts: string): EventDraft[] {
  const echo: EventDraft[] =
    run.kind === 'repl' ? [{ type: 'input_echo', ts, payload: { text: input ?? run.source } }] : [];
  return notice === undefined ? echo : [...echo, { type: 'system', ts, payload: { message: notice, level: 'warn' } }];
}

function metricsOf({ wallMs, cpuMs, outputBytes, memoryBytes }: RunOutcome, events: number): Execution['metrics'] {
  return { wall_ms: wallMs, cpu_ms: cpuMs, events, output_bytes: outputBytes, memory_bytes: memoryBytes };
}
