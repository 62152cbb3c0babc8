/**
 * The composition root: the only place that knows which classes stand behind the ports. It builds everything in order
 * and closes it in reverse. Electron's main and the headless entry start the same app.
 */
import { randomBytes } from 'node:crypto';
import { createCore } from '#core/core';
import type { Log } from '#core/ports';
import { openApiDocument } from '#main/api/openapi';
import { type ApiRouter, createRouter } from '#main/api/router';
import { LibraryCacheFolder } from '#main/libraries/library-cache-folder';
import { NpmLibraryInstaller } from '#main/libraries/npm-library-installer';
import { databaseServices } from '#main/modules/database/database-service';
import { CommandHost } from '#main/modules/exec/command-host';
import { execServices } from '#main/modules/exec/exec-service';
import { isOfCommand } from '#main/modules/exec/linux-processes';
import { fetchServices } from '#main/modules/fetch/fetch-service';
import { isLocalAddress } from '#main/modules/fetch/local-address';
import { fsServices } from '#main/modules/fs-service';
import { GrantedServices } from '#main/modules/guest-services';
import { grantInspector } from '#main/modules/idle-grants';
import { importServices } from '#main/modules/imports/imports-service';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
import { WorktreeSources } from '#main/modules/worktree-sources';
import type { AccessMode } from '#main/rest/guard-policy';
import { proofOf } from '#main/rest/proof';
import { writeRunFile } from '#main/rest/run-file';
import { type RestServer, startRestServer } from '#main/rest/server';
import { createRuntimeHost } from '#main/runtime/runtime-host';
import { SqliteExecutionStore } from '#main/store/execution-store';
import { holdDatabase } from '#main/store/host-lock';
import { closeDatabase, openDatabase } from '#main/store/open-database';
import { SqliteOperationStore } from '#main/store/operation-store';
import { SqliteSessionStore } from '#main/store/session-store';
import { SqliteTemplateStore } from '#main/store/template-store';
import { systemClock, systemIds, systemSha256 } from '#main/system-ports';
import type { Health } from '#shared/contract/host';
import { maxSourceBytes } from '#shared/source-limits';

export interface AppConfig {
  readonly databasePath: string;
  readonly runDirectory: string;
  readonly libraryCacheDirectory: string;
  readonly hosts: readonly string[];
  /** 0 takes any free port. */
  readonly port: number;
  readonly access: AccessMode;
  readonly maxLive?: number;
  readonly version: string;
  /** The worker's entry: only an entry of the build knows what lies beside it. */
  readonly workerUrl: URL;
  /** The entry of the processes in which guests' databases are. */
  readonly databaseUrl: URL;
}

export interface App {
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** What every transport serves. */
  readonly router: ApiRouter;
  /** Ends what runs as cancelled and stores it, then closes everything. May be called twice. */
  close(): Promise<void>;
}

export async function startApp(config: AppConfig, log: Log): Promise<App> {
  const opened = new AsyncDisposableStack();
  try {
    return await open(config, log, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function open(config: AppConfig, log: Log, opened: AsyncDisposableStack): Promise<App> {
  const lock = holdDatabase(config.databasePath, { pid: process.pid });
  opened.defer(() => lock.release());
  const database = openDatabase(config.databasePath);
  opened.defer(() => closeDatabase(database));
  // The runs' folder holds the token; of a library, guests run what the cache holds.
  const protectedFiles = new ProtectedFiles(
    [...databaseFiles(config.databasePath), ...databaseFiles(database.name)],
    [
      { path: config.runDirectory, isReadable: false },
      { path: config.libraryCacheDirectory, isReadable: true },
    ],
  );
  const commands = new CommandHost(config.runDirectory, protectedFiles);
  await commands.endLeftCommands();
  opened.defer(() => commands.close());
  /** Known once the server listens, which is before any guest runs on request. */
  const listening: { port?: number } = {};
  const libraries = new LibraryCacheFolder(config.libraryCacheDirectory);
  const runtimes = createRuntimeHost({
    workerUrl: config.workerUrl,
    services: new GrantedServices({
      fetch: fetchServices({ isOwn: (address, port) => port === listening.port && isLocalAddress(address) }),
      fs: fsServices(protectedFiles),
      imports: importServices({ libraries, protectedFiles }),
      exec: execServices(commands),
      database: databaseServices({ entry: config.databaseUrl, protectedFiles }),
    }),
    log,
    ...(config.maxLive === undefined ? {} : { maxLive: config.maxLive }),
  });
  opened.defer(() => runtimes.close());
  const core = createCore({
    templates: new SqliteTemplateStore(database),
    sessions: new SqliteSessionStore(database),
    executions: new SqliteExecutionStore(database),
    runtimes,
    grants: grantInspector,
    sources: new WorktreeSources(maxSourceBytes, protectedFiles),
    libraries,
    installer: new NpmLibraryInstaller({
      folder: config.libraryCacheDirectory,
      env: process.env,
      workingFolder: process.cwd(),
    }),
    operations: new SqliteOperationStore(database),
    clock: systemClock,
    ids: systemIds,
    sha256: systemSha256,
    log,
  });
  await core.reconcile();

  const token = randomBytes(32).toString('base64url');
  const router = createRouter({
    core,
    health: healthOf(config.version),
    prove: (nonce) => proofOf(token, nonce),
    openapi: () => openApiDocument(config.version),
  });
  const { hosts, port, access } = config;
  const newRequestId = systemIds.next;
  const rest = await startRestServer({ router, hosts, port, access, token, log, newRequestId, isOfGuest: isOfCommand });
  listening.port = rest.port;
  opened.defer(() => rest.close());
  // Before the server closes, so that whoever waits for an execution gets its end.
  opened.defer(() => core.stop());
  const address = addressOf(rest);
  lock.announce(address);
  const runFile = writeRunFile(config.runDirectory, { port: rest.port, pid: process.pid, token });
  opened.defer(() => runFile.remove());
  return { address, port: rest.port, token, router, close: () => opened.disposeAsync() };
}

/** The host's own database, with what SQLite and the lock keep beside it, or would roll in if it were there. */
function databaseFiles(path: string): string[] {
  const bySqlite = ['', '-wal', '-shm', '-journal'];
  const lock = bySqlite.map((ending) => `.lock${ending}`);
  const card = ['.owner.json', `.owner.json.${process.pid}`];
  return [...bySqlite, ...lock, ...card].map((ending) => path + ending);
}

/** The first address, as clients write it. */
function addressOf({ addresses, port }: RestServer): string {
  const [host = ''] = addresses;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function healthOf(version: string): () => Health {
  const startedMs = systemClock.elapsedMs();
  return () => ({
    status: 'ok',
    version,
    pid: process.pid,
    uptime_ms: Math.round(systemClock.elapsedMs() - startedMs),
    api: 'v1',
  });
}
