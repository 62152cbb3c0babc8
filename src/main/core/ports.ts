/**
 * What the core needs of the world, in the core's own words. Adapters implement these; the core never learns which.
 * Every port is asynchronous where a second machine could stand behind it, so that none of them assumes one process.
 */
import type { AddLibrary, CatalogLibrary, InstalledLibrary } from '#shared/contract/catalog';
import type { ExceptionPayload, ExecutionEvent, GuestEvent, ValuePayload } from '#shared/contract/event';
import type { Execution, ExecutionKind, ExecutionStatus, LimitName } from '#shared/contract/execution';
import type { Operation, OperationProgress } from '#shared/contract/operation';
import type { JsonValue } from '#shared/contract/primitive';
import type { Session, SessionStatus } from '#shared/contract/session';
import type { CompletionKind, SessionVariable } from '#shared/contract/session-inspection';
import type { Limits, Settings, StartupFile, Template, TemplateDetail } from '#shared/contract/template';
import type { TemplateVersion, TemplateVersionDetail } from '#shared/contract/template-version';

export interface Clock {
  /** Wall clock as RFC 3339 in UTC with milliseconds. */
  now(): string;
  /** Milliseconds that only ever grow, for durations. */
  elapsedMs(): number;
}

export interface IdGenerator {
  next(): string;
}

/** SHA-256 of a text, as 64 lower-case hexadecimal digits: the core computes nothing that a machine does better. */
export type Sha256 = (text: string) => string;

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A state of a template to be stored as its version, with what its history says of it. */
export interface TemplateRevision {
  readonly detail: TemplateDetail;
  /** What was done, on one line. */
  readonly change: string;
  readonly policy_hash: string;
}

/**
 * Templates with all their parts and all their versions. Every method rejects with STORE_WRITE_FAILED where the store cannot write.
 */
export interface TemplateStore {
  /** Rejects with TEMPLATE_NAME_TAKEN. */
  insert(revision: TemplateRevision): Promise<void>;
  /** All templates in the order they were made. Like every list, by that order and not by times: clocks are set back. */
  list(): Promise<Template[]>;
  /** Capabilities in the order they were given, startup files by order_index, then in the order they were given. */
  find(id: string): Promise<TemplateDetail | undefined>;
  /**
   * Loads the aggregate, applies a pure change and stores the result with its version in one transaction; resolves to
   * the result, or undefined where there is no such template. A change that makes no revision stores nothing, and what
   * it throws leaves everything as it was.
   * Rejects with TEMPLATE_NAME_TAKEN or CAPABILITY_NAME_TAKEN.
   */
  modify(
    id: string,
    change: (detail: TemplateDetail) => TemplateRevision | undefined,
  ): Promise<TemplateDetail | undefined>;
  /** Newest first. */
  versions(id: string, limit: number): Promise<TemplateVersion[]>;
  version(id: string, version: number): Promise<TemplateVersionDetail | undefined>;
  /** The hash of the newest version of each of these templates that there is. */
  policyHashes(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Deletes the template, its parts and its versions; resolves to false where there is no such template. Sessions stay. */
  delete(id: string): Promise<boolean>;
}

/** What a session may do, frozen on the day it was made: a later change of the template does not reach it. */
export interface Policy {
  readonly template_name: string;
  readonly engine: Template['engine'];
  readonly settings: Omit<Settings, 'vm_id'>;
  readonly modules: readonly string[];
  readonly libraries: readonly string[];
  readonly capabilities: TemplateDetail['capabilities'];
  readonly startup_files: readonly StartupFile[];
}

/** A session as it is stored: what clients see, and the policy it runs under. */
export interface SessionRecord {
  readonly session: Session;
  readonly policy: Policy;
}

export interface SessionStore {
  insert(record: SessionRecord): Promise<void>;
  find(id: string): Promise<SessionRecord | undefined>;
  /** Newest first. */
  list(status?: SessionStatus): Promise<Session[]>;
  /** Ids of all sessions in a status, sorted. */
  listIds(status: SessionStatus): Promise<string[]>;
  /** Writes the changing fields of a session that exists: status, closed_at, last_error, runtime_meta. */
  update(session: Session): Promise<void>;
  /** Moves every `starting` session to `crashed` with this error; resolves to how many there were. */
  crashStarting(lastError: string): Promise<number>;
}

/** How much of a long list is read at once. At least one event is read, however large it is. */
export interface EventPage {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export interface ExecutionStore {
  /** Records a running execution with its first events. */
  begin(execution: Execution, events: readonly ExecutionEvent[]): Promise<void>;
  /** Adds a batch of events in one transaction. */
  append(events: readonly ExecutionEvent[]): Promise<void>;
  /** Ends an execution: its last events and its final row, in one durable transaction. */
  finish(execution: Execution, events: readonly ExecutionEvent[]): Promise<void>;
  /** Without events. */
  find(id: string): Promise<Execution | undefined>;
  /** Only the status, for who asks often. */
  statusOf(id: string): Promise<ExecutionStatus | undefined>;
  /** Newest first, without events. Rejects with PAYLOAD_TOO_LARGE where they are more than fits into one answer. */
  list(sessionId: string, limit: number): Promise<Execution[]>;
  /** The highest number of a cell in a session, 0 where none was numbered. */
  lastCell(sessionId: string): Promise<number>;
  /** Events with seq > afterSeq, ascending: the first ones, as many as the page allows. */
  events(executionId: string, afterSeq: number, page: EventPage): Promise<ExecutionEvent[]>;
  /**
   * Ends every execution that is still `running` as an error with this message and keeps its events; for the start
   * of a host, when nothing can be running. Resolves to how many there were.
   */
  interruptRunning(message: string, endedAt: string): Promise<number>;
}

/** One piece of code for a runtime. */
export interface RunRequest {
  readonly kind: ExecutionKind;
  readonly source: string;
  /** Name in stack traces: the file's path in the worktree, or `cell` and its number. */
  readonly fileName: string;
  readonly mode: 'script' | 'module';
  readonly args: JsonValue;
  readonly env: JsonValue;
  readonly limits: Limits;
}

/** How a run ended, as data: guest errors and limits are never thrown through the host. */
export type RunEnd =
  | { readonly kind: 'value'; readonly value: ValuePayload }
  | { readonly kind: 'exception'; readonly exception: ExceptionPayload }
  | { readonly kind: 'limit'; readonly limit: LimitName; readonly allowed: number }
  | { readonly kind: 'cancelled' }
  /** The engine failed beneath the guest: a trap, or a worker that went away by itself. */
  | { readonly kind: 'fault'; readonly message: string };

export interface RunOutcome {
  readonly end: RunEnd;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Bytes of guest output that were kept. */
  readonly outputBytes: number;
  /** Bytes of the runtime's memory. */
  readonly memoryBytes: number;
  /** Whether the runtime can be used again with its state. False: it is gone, and the caller opens another. */
  readonly usable: boolean;
}

/** The variables of a runtime, in the order they were made; not all of them where they are very many. */
export interface RuntimeVariables {
  readonly variables: readonly SessionVariable[];
  readonly truncated: boolean;
}

/** A name that guest code could write. */
export interface GuestName {
  readonly name: string;
  readonly kind: Exclude<CompletionKind, 'keyword' | 'module'>;
  /** 0 for the user's own names and for own members; higher for built-in names, and for members further up the chain. */
  readonly rank: number;
  readonly type?: string | undefined;
  /** Where an inherited member is from, such as `Array.prototype`. */
  readonly from?: string | undefined;
}

/** One live runtime. It runs one request at a time; its owner holds the session's lock. */
export interface Runtime {
  /** False once it is closed, lost with a run, or gone by itself while it was idle: open another one then. */
  readonly isAlive: boolean;
  /** Runs to the end. `onEvents` gets the guest's events in order, in batches, all of them before this resolves. */
  run(request: RunRequest, onEvents: (events: readonly GuestEvent[]) => void): Promise<RunOutcome>;
  /** Lists the variables without running guest code. Rejects with SESSION_BUSY while a run is in progress. */
  inspectGlobals(): Promise<RuntimeVariables>;
  /**
   * The members of what a chain of names leads to, or the names in scope after an empty one; followed over plain data,
   * without running guest code. Rejects with SESSION_BUSY while a run is in progress.
   */
  listNames(chain: readonly string[]): Promise<readonly GuestName[]>;
  /** Asks the run in progress to stop; it ends as `cancelled`, by force if it does not listen. */
  cancel(): void;
  /** Gives everything back. May be called twice. */
  close(): Promise<void>;
}

/** A script that every runtime of a session runs before anything else: a library's global build. */
export interface Preload {
  /** `id-version`, as templates name it. */
  readonly name: string;
  /** The package of npm, as `require` and `import` name it. */
  readonly id: string;
  /** The global variable that the script defines. */
  readonly global: string;
  readonly source: string;
}

export interface RuntimeSpec {
  readonly sessionId: string;
  readonly policy: Policy;
  /** The worktree, as its session names it. */
  readonly worktree: string;
}

/** The part of an AbortSignal that is needed here; the core has no DOM types. */
export interface Abort {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options: { once: true }): void;
}

/** What a guest asks of the machine: one operation of one service, such as `readFile` of `fs`. */
export interface GuestCall {
  readonly service: string;
  readonly operation: string;
  readonly argument: JsonValue;
  /** What the guest hands over that is no JSON. */
  readonly bytes?: Uint8Array;
}

export interface GuestReply {
  readonly value: JsonValue;
  readonly bytes?: Uint8Array;
  /** Bytes of a text that may be long, in UTF-8 or in the encoding that the guest has asked for and decodes. */
  readonly text?: Uint8Array;
}

/** What a service may do while it answers a call. */
export interface GuestCallContext {
  /** Aborted when nobody waits for the answer any more: the run is over or cancelled, or the runtime is closed. */
  readonly abort: Abort;
  /** Prints as an event of the run, at once. */
  print(stream: 'stdout' | 'stderr', text: string): void;
}

/**
 * The services of one live runtime: what its policy grants, and nothing else. They hold what is open on its behalf, such
 * as databases and child processes, until they are closed. Rejects with GuestError or VmError where the guest is refused.
 */
export interface GuestServices {
  call(call: GuestCall, context: GuestCallContext): Promise<GuestReply>;
  /** Undoes what a run that is over has left half done; resolves to what to tell of it. Closed services tell it too. */
  endRun(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface GuestServicesFactory {
  open(spec: RuntimeSpec): GuestServices;
}

/** Looks at what a policy grants as this machine is now. */
export interface GrantInspector {
  /** A sentence for each grant that cannot be put into effect, such as a folder that does not exist. */
  idleGrants(policy: Policy): Promise<readonly string[]>;
}

export interface RuntimeHost {
  /** Makes a fresh runtime. Rejects with SESSION_LIMIT_REACHED where no more may live at once. */
  open(spec: RuntimeSpec): Promise<Runtime>;
  /** Number of live runtimes. */
  readonly liveCount: number;
  close(): Promise<void>;
}

/** Source text in worktrees. The adapter is the only judge of paths. */
export interface SourceReader {
  /** Resolves to the real path of a worktree folder; rejects with INVALID_PATH where it is not absolute, missing or no folder. */
  verifyWorktree(path: string): Promise<string>;
  /** Refuses a path that could never name a file of a worktree; throws INVALID_PATH. */
  checkPath(path: string): void;
  /** Reads a text file of the worktree; rejects with INVALID_PATH, FILE_NOT_FOUND or PAYLOAD_TOO_LARGE. */
  read(worktree: string, path: string): Promise<string>;
}

export interface LibraryCache {
  /** The catalog with what is cached, then what was added beside it. */
  list(): Promise<CatalogLibrary[]>;
  /** A library's global build, by the name that templates use; rejects with LIBRARY_NOT_CACHED. */
  load(name: string): Promise<Preload>;
  /** Resolves to false where there is no such library. */
  remove(name: string): Promise<boolean>;
}

export interface LibraryInstaller {
  /** Brings a package into the cache. Rejects soon after it was aborted, and then the cache is as it was. */
  install(wanted: AddLibrary, context: InstallContext): Promise<InstalledLibrary>;
}

export interface InstallContext {
  readonly abort: Abort;
  report(progress: OperationProgress): void;
}

/** Records of long work. Every method rejects with STORE_WRITE_FAILED where the store cannot write. */
export interface OperationStore {
  insert(operation: Operation): Promise<void>;
  /** Writes what changes: status, progress, ended_at, result, error. */
  finish(operation: Operation): Promise<void>;
  find(id: string): Promise<Operation | undefined>;
  /** Newest first. */
  list(): Promise<Operation[]>;
  /** Ends every operation that is still `running` as an error with this message; resolves to how many there were. */
  interruptRunning(message: string, endedAt: string): Promise<number>;
  /** Forgets the ended ones but the newest so many; resolves to how many went. */
  prune(keptCount: number): Promise<number>;
}
