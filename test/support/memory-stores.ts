/**
 * The stores' ports in memory, held to the same contract suites as the real ones. They keep copies, as a database does.
 * What they do not check is that a session exists for an execution; a foreign key does that in SQLite.
 */
import type {
  EventPage,
  ExecutionStore,
  SessionRecord,
  SessionStore,
  TemplateRevision,
  TemplateStore,
} from '#core/ports';
import { VmError } from '#core/vm-error';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution, ExecutionStatus } from '#shared/contract/execution';
import type { Session, SessionStatus } from '#shared/contract/session';
import type { Template, TemplateDetail } from '#shared/contract/template';
import type { TemplateVersion, TemplateVersionDetail } from '#shared/contract/template-version';

export class MemoryTemplateStore implements TemplateStore {
  readonly #details = new Map<string, TemplateDetail>();
  /** Newest first. */
  readonly #versions = new Map<string, TemplateVersionDetail[]>();

  async insert(revision: TemplateRevision): Promise<void> {
    const { id } = revision.detail.template;
    if (this.#details.has(id)) throw new Error(`Template ${id} exists already.`);
    this.#save(revision);
  }

  async list(): Promise<Template[]> {
    return [...this.#details.values()].map((detail) => structuredClone(detail.template));
  }

  async find(id: string): Promise<TemplateDetail | undefined> {
    return structuredClone(this.#details.get(id));
  }

  async modify(
    id: string,
    change: (detail: TemplateDetail) => TemplateRevision | undefined,
  ): Promise<TemplateDetail | undefined> {
    const before = await this.find(id);
    const revision = before && change(before);
    if (revision !== undefined) this.#save(revision);
    return this.find(id);
  }

  async versions(id: string, limit: number): Promise<TemplateVersion[]> {
    return (this.#versions.get(id) ?? []).slice(0, limit).map(({ detail: _, ...version }) => version);
  }

  async version(id: string, version: number): Promise<TemplateVersionDetail | undefined> {
    return structuredClone(this.#versions.get(id)?.find((one) => one.version === version));
  }

  async policyHashes(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const newest = ids.map((id) => [id, this.#versions.get(id)?.[0]?.policy_hash] as const);
    return new Map(newest.flatMap(([id, hash]) => (hash === undefined ? [] : [[id, hash]])));
  }

  async delete(id: string): Promise<boolean> {
    this.#versions.delete(id);
    return this.#details.delete(id);
  }

  #save({ detail, change, policy_hash }: TemplateRevision): void {
    this.#refuseTakenNames(detail);
    const { id, version, updated_at: created_at } = detail.template;
    const earlier = this.#versions.get(id) ?? [];
    if (earlier.some((one) => one.version === version)) throw new Error(`Version ${version} of ${id} exists already.`);
    const startup_files = detail.startup_files.toSorted((a, b) => a.order_index - b.order_index);
    this.#details.set(id, structuredClone({ ...detail, startup_files }));
    this.#versions.set(id, [structuredClone({ version, created_at, change, policy_hash, detail }), ...earlier]);
  }

  #refuseTakenNames({ template: { id, name }, capabilities }: TemplateDetail): void {
    const others = [...this.#details.values()].filter((other) => other.template.id !== id);
    if (others.some((other) => other.template.name === name)) {
      throw new VmError('TEMPLATE_NAME_TAKEN', `A template named "${name}" exists already.`, { details: { name } });
    }
    const taken = capabilities.find((one) => capabilities.some((other) => other !== one && isSameName(one, other)));
    if (taken === undefined) return;
    const details = { kind: taken.kind, name: taken.name };
    throw new VmError('CAPABILITY_NAME_TAKEN', `The capability ${taken.kind}:${taken.name} is there already.`, {
      details,
    });
  }
}

export class MemorySessionStore implements SessionStore {
  readonly #records = new Map<string, SessionRecord>();

  async insert(record: SessionRecord): Promise<void> {
    if (this.#records.has(record.session.id)) throw new Error(`Session ${record.session.id} exists already.`);
    this.#records.set(record.session.id, structuredClone(record));
  }

  async find(id: string): Promise<SessionRecord | undefined> {
    return structuredClone(this.#records.get(id));
  }

  async list(status?: SessionStatus): Promise<Session[]> {
    const sessions = [...this.#records.values()].map((record) => structuredClone(record.session)).reverse();
    return sessions.filter((session) => status === undefined || session.status === status);
  }

  async listIds(status: SessionStatus): Promise<string[]> {
    return (await this.list(status)).map((session) => session.id).sort();
  }

  async update({ id, status, closed_at, last_error, runtime_meta }: Session): Promise<void> {
    const record = this.#records.get(id);
    if (record === undefined) throw new VmError('SESSION_NOT_FOUND', `There is no session ${id}.`);
    const { closed_at: _closed, last_error: _error, runtime_meta: _meta, ...fixed } = record.session;
    const changing = {
      status,
      ...(closed_at !== undefined && { closed_at }),
      ...(last_error !== undefined && { last_error }),
      ...(runtime_meta !== undefined && { runtime_meta }),
    };
    this.#records.set(id, structuredClone({ ...record, session: { ...fixed, ...changing } }));
  }

  async crashStarting(last_error: string): Promise<number> {
    const starting = await this.list('starting');
    for (const session of starting) await this.update({ ...session, status: 'crashed', last_error });
    return starting.length;
  }
}

export class MemoryExecutionStore implements ExecutionStore {
  readonly #executions = new Map<string, Execution>();
  readonly #events = new Map<string, Map<number, ExecutionEvent>>();

  async begin({ events: _, ...execution }: Execution, events: readonly ExecutionEvent[]): Promise<void> {
    if (this.#executions.has(execution.id)) throw new Error(`Execution ${execution.id} exists already.`);
    this.#executions.set(execution.id, structuredClone(execution));
    this.#events.set(execution.id, new Map());
    try {
      this.#add(events);
    } catch (error) {
      this.#executions.delete(execution.id);
      this.#events.delete(execution.id);
      throw error;
    }
  }

  async append(events: readonly ExecutionEvent[]): Promise<void> {
    this.#add(events);
  }

  async finish(execution: Execution, events: readonly ExecutionEvent[]): Promise<void> {
    const begun = this.#executions.get(execution.id);
    if (begun === undefined) throw new VmError('EXECUTION_NOT_FOUND', `There is no execution ${execution.id} to end.`);
    this.#add(events);
    const { status, ended_at, result, error, metrics } = execution;
    const end = { status, metrics, ...(ended_at && { ended_at }), ...(result && { result }), ...(error && { error }) };
    this.#executions.set(execution.id, structuredClone({ ...begun, ...end }));
  }

  async find(id: string): Promise<Execution | undefined> {
    return structuredClone(this.#executions.get(id));
  }

  async list(sessionId: string, limit: number): Promise<Execution[]> {
    const executions = structuredClone([...this.#executions.values()].reverse());
    return executions.filter((execution) => execution.session_id === sessionId).slice(0, limit);
  }

  async lastCell(sessionId: string): Promise<number> {
    const executions = await this.list(sessionId, Number.POSITIVE_INFINITY);
    return Math.max(0, ...executions.map((execution) => execution.cell ?? 0));
  }

  async statusOf(id: string): Promise<ExecutionStatus | undefined> {
    return this.#executions.get(id)?.status;
  }

  async events(executionId: string, afterSeq: number, { maxEvents, maxBytes }: EventPage): Promise<ExecutionEvent[]> {
    const events = [...(this.#events.get(executionId)?.values() ?? [])];
    const later = events.filter((event) => event.seq > afterSeq).sort((a, b) => a.seq - b.seq);
    let bytes = 0;
    const full = later.findIndex((event) => {
      bytes += JSON.stringify(event.payload).length;
      return bytes >= maxBytes;
    });
    return structuredClone(later.slice(0, Math.min(maxEvents, full < 0 ? later.length : full + 1)));
  }

  async interruptRunning(message: string, ended_at: string): Promise<number> {
    const running = [...this.#executions.values()].filter((execution) => execution.status === 'running');
    for (const execution of running) {
      const metrics = { ...execution.metrics, events: this.#events.get(execution.id)?.size ?? 0 };
      await this.finish({ ...execution, status: 'error', ended_at, error: { message, stack: '' }, metrics }, []);
    }
    return running.length;
  }

  /** All of the batch or nothing of it. */
  #add(events: readonly ExecutionEvent[]): void {
    const places = new Set(events.map(placeOf));
    const taken = events.find((event) => this.#events.get(event.execution_id)?.has(event.seq) ?? true);
    if (taken || places.size < events.length) throw new Error('An event has no execution, or its number is taken.');
    for (const event of events) this.#events.get(event.execution_id)?.set(event.seq, structuredClone(event));
  }
}

function placeOf(event: ExecutionEvent): string {
  return `${event.execution_id}/${event.seq}`;
}

function isSameName(a: { kind: string; name: string }, b: { kind: string; name: string }): boolean {
  return a.kind === b.kind && a.name === b.name;
}
