/** Sessions: made from a template whose policy is frozen into them, listed, closed. */
import type { EventBus } from '#core/event-bus';
import { policyOf } from '#core/policy';
import type {
  Clock,
  IdGenerator,
  Log,
  Policy,
  Runtime,
  SessionRecord,
  SessionStore,
  Sha256,
  SourceReader,
} from '#core/ports';
import type { LiveSessions } from '#core/session/live-sessions';
import type { SessionLocks } from '#core/session/session-locks';
import type { SessionStarter } from '#core/session/session-starter';
import { moveSession, notReady, type SessionCommand } from '#core/session/session-state';
import { policyHash } from '#core/template/policy-hash';
import type { TemplateService } from '#core/template/template-service';
import { VmError } from '#core/vm-error';
import type { SessionPolicy } from '#shared/contract/policy';
import type { CreateSession, Session, SessionStatus } from '#shared/contract/session';
import type { TemplateDetail } from '#shared/contract/template';

export interface SessionServiceParts {
  readonly store: SessionStore;
  readonly templates: TemplateService;
  readonly sources: SourceReader;
  readonly starter: SessionStarter;
  readonly live: LiveSessions;
  readonly locks: SessionLocks;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly sha256: Sha256;
  readonly log: Log;
}

export class SessionService {
  readonly #parts: SessionServiceParts;

  constructor(parts: SessionServiceParts) {
    this.#parts = parts;
  }

  async create(request: CreateSession): Promise<Session> {
    const detail = await this.#activeTemplate(request.template_id);
    await this.#parts.sources.verifyWorktree(request.worktree_path);
    const record = this.#newRecord(request, detail);
    const release = await this.#parts.locks.lock(record.session.id);
    try {
      // A host without room refuses before anything is written.
      const runtime = await this.#parts.starter.allocate(record);
      await this.#insert(record);
      return await this.#asOfNow(await this.#start(record, runtime));
    } finally {
      release();
    }
  }

  async list(status?: SessionStatus): Promise<Session[]> {
    const sessions = await this.#parts.store.list(status);
    const hashes = await this.#parts.templates.policyHashes([...new Set(sessions.map(({ vm_id: id }) => id))]);
    return sessions.map((session) => withCurrency(session, hashes));
  }

  /** Ids of the sessions that can be used, asleep or awake, sorted. */
  activeIds(): Promise<string[]> {
    return this.#parts.store.listIds('ready');
  }

  async get(id: string): Promise<Session> {
    return this.#asOfNow((await this.find(id)).session);
  }

  /** What the session may do; a policy never changes within a session. */
  async policy(id: string): Promise<SessionPolicy & { content: Policy }> {
    const { session, policy: content } = await this.find(id);
    const { policy = { hash: policyHash(content, this.#parts.sha256) } } = await this.#asOfNow(session);
    return { ...policy, content };
  }

  /** The session with its policy; rejects with SESSION_NOT_FOUND. */
  async find(id: string): Promise<SessionRecord> {
    return (await this.#parts.store.find(id)) ?? missing(id);
  }

  /** Stops what runs in the session, gives its runtime back and closes it; its executions stay readable. */
  async close(id: string): Promise<Session> {
    const { session } = await this.find(id);
    if (session.status !== 'ready') throw notReady(session);
    const letRun = this.#parts.live.cancelIn(id, 'because its session was closed');
    const release = await this.#parts.locks.lock(id).finally(letRun);
    try {
      const { session: current } = await this.find(id);
      const closed = await this.#move(current, { kind: 'close', at: this.#parts.clock.now() });
      await this.#parts.live.detach(id);
      return await this.#asOfNow(closed);
    } finally {
      release();
    }
  }

  async #activeTemplate(id: string): Promise<TemplateDetail> {
    const detail = await this.#parts.templates.get(id);
    if (detail.template.is_active) return detail;
    throw new VmError(
      'TEMPLATE_INACTIVE',
      `Template "${detail.template.name}" is not active, so no session can be made from it. Set is_active to true first.`,
      { details: { template_id: id } },
    );
  }

  #newRecord(request: CreateSession, detail: TemplateDetail): SessionRecord {
    const policy = policyOf(detail);
    const session: Session = {
      id: this.#parts.ids.next(),
      vm_id: request.template_id,
      workspace_id: request.workspace_id,
      base_commit_oid: request.base_commit_oid,
      worktree_path: request.worktree_path,
      status: 'starting',
      created_at: this.#parts.clock.now(),
      runtime_meta: { engine: detail.template.engine, template_name: detail.template.name },
      policy: { hash: policyHash(policy, this.#parts.sha256), template_version: detail.template.version },
    };
    return { session, policy };
  }

  async #asOfNow(session: Session): Promise<Session> {
    return withCurrency(session, await this.#parts.templates.policyHashes([session.vm_id]));
  }

  async #insert(record: SessionRecord): Promise<void> {
    try {
      await this.#parts.store.insert(record);
    } catch (error) {
      await this.#parts.live.detach(record.session.id);
      throw error;
    }
    this.#parts.bus.publish({ type: 'session_changed', session: record.session });
  }

  async #start(record: SessionRecord, runtime: Runtime): Promise<Session> {
    try {
      await this.#parts.starter.prepare(record, runtime);
      return await this.#move(record.session, { kind: 'started' });
    } catch (error) {
      await this.#parts.live.detach(record.session.id);
      await this.#crash(record.session, error);
      throw error;
    }
  }

  /** The reason of the crash is what the caller has to see, even where the crash itself cannot be stored. */
  async #crash(session: Session, reason: unknown): Promise<void> {
    const lastError = reason instanceof Error ? reason.message : String(reason);
    try {
      await this.#move(session, { kind: 'crash', lastError });
    } catch (error) {
      this.#parts.log.error('a crashed session could not be stored', { sessionId: session.id, error });
    }
  }

  async #move(session: Session, command: SessionCommand): Promise<Session> {
    const moved = moveSession(session, command);
    await this.#parts.store.update(moved);
    this.#parts.bus.publish({ type: 'session_changed', session: moved });
    return moved;
  }
}

/** Says of a session whether its template still allows what it allowed. */
function withCurrency({ policy, ...session }: Session, hashes: ReadonlyMap<string, string>): Session {
  if (policy === undefined) return session;
  const newest = hashes.get(session.vm_id);
  return { ...session, policy: newest === undefined ? policy : { ...policy, is_current: policy.hash === newest } };
}

function missing(id: string): never {
  throw new VmError('SESSION_NOT_FOUND', `There is no session ${id}. List them with: vm-system session list`, {
    details: { session_id: id },
  });
}
