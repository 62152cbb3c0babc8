/**
 * Brings a session's runtime to life from its policy: fresh runtime → libraries → startup files in order.
 * Used when a session is created and when a `ready` one without runtime is woken, so that both are the same thing.
 * This is the seam where a checkpoint will be restored instead.
 */
import type { ExecutionPipeline } from '#core/execution/execution-pipeline';
import type {
  Clock,
  GrantInspector,
  LibraryCache,
  Preload,
  Runtime,
  RuntimeHost,
  SessionRecord,
  SourceReader,
} from '#core/ports';
import type { LiveSessions } from '#core/session/live-sessions';
import { WarnedRuntime } from '#core/session/warned-runtime';
import { isVmError, VmError } from '#core/vm-error';
import type { ExecutionError } from '#shared/contract/execution';
import type { Session } from '#shared/contract/session';
import type { StartupFile } from '#shared/contract/template';

export interface SessionStarterParts {
  readonly runtimes: RuntimeHost;
  readonly grants: GrantInspector;
  readonly libraries: LibraryCache;
  readonly sources: SourceReader;
  readonly pipeline: ExecutionPipeline;
  readonly live: LiveSessions;
  readonly clock: Clock;
}

export class SessionStarter {
  readonly #parts: SessionStarterParts;

  constructor(parts: SessionStarterParts) {
    this.#parts = parts;
  }

  /** Starts the runtime of a session whose lock the caller holds; on failure nothing stays alive. */
  async start(record: SessionRecord): Promise<Runtime> {
    const runtime = await this.allocate(record);
    return this.prepare(record, runtime);
  }

  /** Makes a fresh runtime. Rejects with SESSION_LIMIT_REACHED where there is no room for one. */
  async allocate({ session, policy }: SessionRecord): Promise<Runtime> {
    const spec = { sessionId: session.id, policy, worktree: session.worktree_path };
    const runtime = await this.#parts.runtimes.open(spec);
    this.#parts.live.attach(session.id, runtime);
    return runtime;
  }

  /** Brings a fresh runtime to where the session can be used, and resolves to it; on failure it is given back. */
  async prepare(record: SessionRecord, fresh: Runtime): Promise<Runtime> {
    const { live, libraries } = this.#parts;
    const { session, policy } = record;
    try {
      const preloads = await Promise.all(policy.libraries.map((name) => libraries.load(name)));
      for (const preload of preloads) await this.#runLibrary(record, fresh, preload);
      const runtime = await this.#warned(record, fresh);
      for (const file of policy.startup_files) await this.#runStartupFile(record, runtime, file);
      return runtime;
    } catch (error) {
      await live.detach(session.id, 'the session could not be started again');
      throw withSession(error, session.id);
    }
  }

  /** What is granted and has no effect is told when anything runs that a person sees. */
  async #warned({ session, policy }: SessionRecord, runtime: Runtime): Promise<Runtime> {
    const { grants, live, clock } = this.#parts;
    const warnings = await grants.idleGrants(policy);
    if (warnings.length === 0) return runtime;
    const warned = new WarnedRuntime(runtime, warnings, clock);
    live.attach(session.id, warned);
    return warned;
  }

  async #runLibrary({ session, policy }: SessionRecord, runtime: Runtime, { name, source }: Preload): Promise<void> {
    const { limits } = policy.settings;
    const run = { kind: 'startup', source, fileName: name, mode: 'script', args: {}, env: {}, limits } as const;
    const ended = runtime.run(run, () => undefined);
    this.#parts.live.setRunning(session.id, { executionId: name, cancel: () => runtime.cancel(), ended });
    const { end } = await ended;
    if (end.kind === 'value') return;
    const message = end.kind === 'exception' ? end.exception.message : `ended as ${end.kind}`;
    throw startupFailed(session.id, `library ${name}`, { message, stack: '' });
  }

  async #read({ worktree_path: worktree }: Session, file: StartupFile): Promise<string> {
    try {
      return await this.#parts.sources.read(worktree, file.path);
    } catch (error) {
      throw wantedAtStart(error, file);
    }
  }

  async #runStartupFile(record: SessionRecord, runtime: Runtime, file: StartupFile): Promise<void> {
    const { session, policy } = record;
    const { path, mode } = file;
    const source = await this.#read(session, file);
    const { ended } = await this.#parts.pipeline.start({
      record,
      runtime,
      path,
      keepsEvents: false,
      run: {
        kind: 'startup',
        source,
        fileName: path,
        mode: mode === 'import' ? 'module' : 'script',
        args: {},
        env: {},
        limits: policy.settings.limits,
      },
    });
    const execution = await ended;
    if (execution.error !== undefined) throw startupFailed(session.id, path, execution.error);
  }
}

/** Whoever opens a session may not know which files its template wants. */
function wantedAtStart(error: unknown, { path, order_index: order }: StartupFile): unknown {
  if (!isVmError(error)) return error;
  const message = `${error.message} The template wants "${path}" at start (order ${order}).`;
  return new VmError(error.code, message, { details: { ...error.details, file: path }, cause: error.cause ?? error });
}

function startupFailed(sessionId: string, file: string, { message, stack }: ExecutionError): VmError {
  return new VmError('STARTUP_FAILED', `Startup of session ${sessionId} failed in ${file}: ${message}`, {
    details: { session_id: sessionId, file, message, stack },
  });
}

/** A refusal from below says which path or library; here it also learns for which session. */
function withSession(error: unknown, sessionId: string): unknown {
  if (!isVmError(error)) return error;
  return new VmError(error.code, error.message, {
    details: { ...error.details, session_id: sessionId },
    cause: error.cause ?? error,
  });
}
