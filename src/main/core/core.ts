/**
 * The core as one thing: services over ports, wired here and nowhere else. It never learns who calls it.
 * Transports get a Core and nothing beneath it.
 */
import { EventBus } from '#core/event-bus';
import { ExecutionPipeline } from '#core/execution/execution-pipeline';
import { ExecutionService } from '#core/execution/execution-service';
import { HostEvents } from '#core/host/host-events';
import { LibraryService } from '#core/library/library-service';
import { OperationService } from '#core/operation/operation-service';
import type {
  Clock,
  ExecutionStore,
  GrantInspector,
  IdGenerator,
  LibraryCache,
  LibraryInstaller,
  Log,
  OperationStore,
  RuntimeHost,
  SessionStore,
  Sha256,
  SourceReader,
  TemplateStore,
} from '#core/ports';
import { LiveSessions } from '#core/session/live-sessions';
import { SessionInspection } from '#core/session/session-inspection';
import { SessionLocks } from '#core/session/session-locks';
import { SessionService } from '#core/session/session-service';
import { SessionStarter } from '#core/session/session-starter';
import { TemplateHistory } from '#core/template/template-history';
import { TemplateService } from '#core/template/template-service';
import { TemplateWriter } from '#core/template/template-writer';

export interface CorePorts {
  readonly templates: TemplateStore;
  readonly sessions: SessionStore;
  readonly executions: ExecutionStore;
  readonly runtimes: RuntimeHost;
  readonly grants: GrantInspector;
  readonly sources: SourceReader;
  readonly libraries: LibraryCache;
  readonly installer: LibraryInstaller;
  readonly operations: OperationStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly sha256: Sha256;
  readonly log: Log;
}

export interface Core {
  readonly templates: TemplateService;
  readonly templateHistory: TemplateHistory;
  readonly sessions: SessionService;
  readonly sessionInspection: SessionInspection;
  readonly executions: ExecutionService;
  readonly libraries: LibraryService;
  readonly operations: OperationService;
  readonly hostEvents: HostEvents;
  /** Puts right what an earlier host left behind when it died; before anything else is called. */
  reconcile(): Promise<void>;
  /** Ends what runs as cancelled, stores it, and gives all runtimes back. May be called twice. */
  stop(): Promise<void>;
}

export function createCore(ports: CorePorts): Core {
  const { clock, ids, sha256, log, sources, libraries, runtimes, grants } = ports;
  const bus = new EventBus(log);
  const live = new LiveSessions();
  const locks = new SessionLocks();
  const pipeline = new ExecutionPipeline({ store: ports.executions, live, bus, clock, ids, log });
  const starter = new SessionStarter({ runtimes, grants, libraries, sources, pipeline, live, clock });
  const writer = new TemplateWriter({ store: ports.templates, bus, clock, sha256 });
  const templates = new TemplateService({ store: ports.templates, writer, sources, bus, clock, ids });
  const templateHistory = new TemplateHistory({ store: ports.templates, writer });
  const sessions = new SessionService({
    store: ports.sessions,
    templates,
    sources,
    starter,
    live,
    locks,
    bus,
    clock,
    ids,
    sha256,
    log,
  });
  const executions = new ExecutionService({
    store: ports.executions,
    sessions,
    starter,
    pipeline,
    sources,
    live,
    locks,
    bus,
    log,
  });
  const operations = new OperationService({ store: ports.operations, bus, clock, ids, log });
  const hostEvents = new HostEvents(bus, ids.next());
  return {
    templates,
    templateHistory,
    sessions,
    sessionInspection: new SessionInspection({ sessions, live, locks }),
    executions,
    libraries: new LibraryService({ cache: libraries, installer: ports.installer, operations }),
    operations,
    hostEvents,
    async reconcile() {
      const executionCount = await ports.executions.interruptRunning('interrupted by restart', clock.now());
      const sessionCount = await ports.sessions.crashStarting('the host was restarted while the session was starting');
      const operationCount = await operations.reconcile();
      if (executionCount + sessionCount + operationCount > 0) {
        const counts = { executions: executionCount, sessions: sessionCount, operations: operationCount };
        log.warn('an earlier host did not stop in order', counts);
      }
    },
    async stop() {
      const allFree = locks.close();
      live.cancelAll('because the host was stopped');
      await Promise.all([allFree, operations.stop()]);
      hostEvents.close();
      await pipeline.writeUnwritten().catch((error) => log.error('ends of executions could not be stored', { error }));
      await live.closeAll();
    },
  };
}
