/** Executions: the gate in front of the pipeline, and everything that reads what it left behind. */

import type { EventBus } from '#core/event-bus';
import type { ExecutionPipeline, PipelineRequest, StartedExecution } from '#core/execution/execution-pipeline';
import { streamExecution } from '#core/execution/execution-stream';
import type { Abort, ExecutionStore, Log, RunRequest, Runtime, SessionRecord, SourceReader } from '#core/ports';
import type { LiveSessions } from '#core/session/live-sessions';
import type { SessionLocks } from '#core/session/session-locks';
import type { SessionService } from '#core/session/session-service';
import type { SessionStarter } from '#core/session/session-starter';
import { notReady } from '#core/session/session-state';
import { isVmError, VmError } from '#core/vm-error';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { JsonValue } from '#shared/contract/primitive';
import { maxSourceBytes } from '#shared/source-limits';

/** What one answer with events may hold in memory; the limits of a template allow more, which streams can carry. */
const maxEventsBytes = 64 * 1024 * 1024;

export interface ExecutionServiceParts {
  readonly store: ExecutionStore;
  readonly sessions: SessionService;
  readonly starter: SessionStarter;
  readonly pipeline: ExecutionPipeline;
  readonly sources: SourceReader;
  readonly live: LiveSessions;
  readonly locks: SessionLocks;
  readonly bus: EventBus;
  readonly log: Log;
}

export interface Repl {
  readonly session_id: string;
  readonly input: string;
}

export interface RunFile {
  readonly session_id: string;
  readonly path: string;
  readonly args: JsonValue;
  readonly env: JsonValue;
}

/** How the caller wants the end of an execution told. */
export type StartOptions = Pick<PipelineRequest, 'keepsEvents'>;

type Source = Pick<PipelineRequest, 'cell' | 'input' | 'path'> & { readonly run: Omit<RunRequest, 'limits' | 'mode'> };

export class ExecutionService {
  readonly #parts: ExecutionServiceParts;

  constructor(parts: ExecutionServiceParts) {
    this.#parts = parts;
  }

  /** Starts a REPL snippet. */
  repl({ session_id: sessionId, input }: Repl, options: StartOptions): Promise<StartedExecution> {
    return this.#start(sessionId, options, async () => {
      refuseLongSource(input, 'The snippet');
      const cell = 1 + (await this.#parts.store.lastCell(sessionId));
      return { cell, input, run: { kind: 'repl', source: input, fileName: `cell ${cell}`, args: {}, env: {} } };
    });
  }

  /** Starts a file of the session's worktree. */
  runFile({ session_id: sessionId, path, args, env }: RunFile, options: StartOptions): Promise<StartedExecution> {
    return this.#start(sessionId, options, async ({ session }) => {
      const source = await this.#parts.sources.read(session.worktree_path, path);
      refuseLongSource(source, `The file ${path}`);
      return { path, run: { kind: 'run_file', source, fileName: path, args, env } };
    });
  }

  async list(sessionId: string, limit: number): Promise<Execution[]> {
    await this.#parts.sessions.find(sessionId);
    const executions = await this.#parts.store.list(sessionId, limit);
    return Promise.all(executions.map((execution) => this.#asEnded(execution)));
  }

  async get(id: string): Promise<Execution> {
    return this.#asEnded((await this.#parts.store.find(id)) ?? missing(id));
  }

  /** Events with seq > afterSeq, ascending, `limit` at most. Rejects with PAYLOAD_TOO_LARGE where they are too many. */
  async events(id: string, afterSeq: number, limit = Number.POSITIVE_INFINITY): Promise<ExecutionEvent[]> {
    await this.get(id);
    const events = await this.#parts.store.events(id, afterSeq, { maxEvents: limit, maxBytes: maxEventsBytes });
    if (events.length >= limit) return events;
    const more = await this.#parts.store.events(id, events.at(-1)?.seq ?? afterSeq, { maxEvents: 1, maxBytes: 1 });
    if (more.length > 0) throw tooManyEvents(id, events.length);
    return events;
  }

  /** Follows an execution from `afterSeq` on; see execution-stream. */
  async stream(id: string, afterSeq: number, abort?: Abort): Promise<AsyncGenerator<ExecutionEvent, Execution>> {
    await this.get(id);
    const { store, bus } = this.#parts;
    return streamExecution({ store, bus, executionId: id, afterSeq, abort });
  }

  /** Stops an execution and resolves to it as it ended; one that has ended already is left as it is. */
  async cancel(id: string): Promise<Execution> {
    const execution = await this.get(id);
    const running = this.#parts.live.runningIn(execution.session_id);
    if (running?.executionId === id) {
      running.cancel('on request');
      await running.ended;
    }
    return this.get(id);
  }

  /** A reader gets the truth of an execution whose end the store has refused, and the store another chance. */
  async #asEnded(execution: Execution): Promise<Execution> {
    const { pipeline } = this.#parts;
    const ended = pipeline.unwrittenEnd(execution.id);
    if (ended === undefined) return execution;
    await pipeline.writeUnwritten().catch(() => undefined);
    return ended;
  }

  async #start(
    sessionId: string,
    options: StartOptions,
    readSource: (record: SessionRecord) => Promise<Source>,
  ): Promise<StartedExecution> {
    const release = this.#parts.locks.tryLock(sessionId) ?? (await this.#refuseBusy(sessionId));
    try {
      const record = await this.#parts.sessions.find(sessionId);
      if (record.session.status !== 'ready') throw notReady(record.session);
      const source = await readSource(record);
      const { runtime, notice } = await this.#awake(record);
      const { limits } = record.policy.settings;
      const started = await this.#parts.pipeline.start({
        ...source,
        ...options,
        record,
        runtime,
        run: { ...source.run, mode: modeOf(source, record), limits },
        ...(notice === undefined ? {} : { notice }),
      });
      void started.ended.catch((error) => this.#logFailure(started.execution.id, error)).finally(release);
      return started;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Nobody may be waiting; an output limit is in the record, but a store that failed is not. */
  #logFailure(executionId: string, error: unknown): void {
    if (isVmError(error) && error.code === 'OUTPUT_LIMIT_EXCEEDED') return;
    this.#parts.log.error('an execution could not be stored', { executionId, error });
  }

  /** The runtime of a session, started again from its template where it has none. */
  async #awake(record: SessionRecord): Promise<{ runtime: Runtime; notice?: string }> {
    const { live, starter } = this.#parts;
    const runtime = live.runtimeOf(record.session.id);
    if (runtime !== undefined) return { runtime };
    const loss = live.lossOf(record.session.id);
    return {
      runtime: await starter.start(record),
      notice: `the session was started again from its template and its earlier state is lost: ${loss}`,
    };
  }

  /** Somebody holds the lock. Says the most useful truth: no such session, not ready, or busy. */
  async #refuseBusy(sessionId: string): Promise<never> {
    const { session } = await this.#parts.sessions.find(sessionId);
    if (session.status !== 'ready') throw notReady(session);
    const executionId = this.#parts.live.runningIn(sessionId)?.executionId;
    throw new VmError(
      'SESSION_BUSY',
      `Session ${sessionId} is running an execution. Wait for its end, or stop it with: vm-system exec cancel ${executionId ?? 'ID'}`,
      { details: { session_id: sessionId, ...(executionId === undefined ? {} : { execution_id: executionId }) } },
    );
  }
}

/** Some endings say by themselves that a file is a module. */
function modeOf({ path, run }: Source, { policy }: SessionRecord): RunRequest['mode'] {
  if (run.kind !== 'run_file') return 'script';
  return policy.settings.runtime.esm || /\.m[jt]s$/.test(path ?? '') ? 'module' : 'script';
}

function refuseLongSource(source: string, what: string): void {
  // Three bytes is the most that one UTF-16 unit can take, so most sources need no count at all.
  if (source.length * 3 <= maxSourceBytes) return;
  const bytes = utf8Length(source);
  if (bytes <= maxSourceBytes) return;
  throw new VmError('PAYLOAD_TOO_LARGE', `${what} has ${bytes} bytes; a source may have ${maxSourceBytes}.`, {
    details: { bytes, allowed: maxSourceBytes },
  });
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function tooManyEvents(id: string, count: number): VmError {
  const message = `The events of execution ${id} are too large for one answer. Ask with limit=${count}, or follow its stream.`;
  return new VmError('PAYLOAD_TOO_LARGE', message, { details: { execution_id: id, limit: count } });
}

function missing(id: string): never {
  throw new VmError('EXECUTION_NOT_FOUND', `There is no execution ${id}. List them with: vm-system exec list SESSION`, {
    details: { execution_id: id },
  });
}
