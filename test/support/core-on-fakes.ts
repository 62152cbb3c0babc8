/** The core on fakes of its stores and its runtimes, with real files; for what the real ones cannot be made to do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Core, createCore } from '#core/core';
import { LibraryCacheFolder } from '#main/libraries/library-cache-folder';
import { WorktreeSources } from '#main/modules/worktree-sources';
import { systemClock, systemIds, systemSha256 } from '#main/system-ports';
import { FakeLibraryInstaller } from './fake-library-installer.ts';
import { FakeRuntimeHost, type FakeRuntimeHostOptions } from './fake-runtime-host.ts';
import { MemoryOperationStore } from './memory-operation-store.ts';
import { MemoryExecutionStore, MemorySessionStore, MemoryTemplateStore } from './memory-stores.ts';
import { SilentLog } from './silent-log.ts';
import { temporaryFolder } from './temp-dir.ts';

export interface CoreOnFakes {
  readonly core: Core;
  readonly runtimes: FakeRuntimeHost;
  readonly executions: MemoryExecutionStore;
  readonly sessions: MemorySessionStore;
  readonly operations: MemoryOperationStore;
  readonly installer: FakeLibraryInstaller;
  readonly log: SilentLog;
  readonly worktree: string;
  writeFile(path: string, text: string): void;
  /** A session of a new template; the startup file is in the toy language of the fake runtime. */
  newSession(startup?: string): Promise<string>;
}

/** Stands between the core and a store's method; may throw instead of calling on. */
export type Interference = (method: string) => void;

export function coreOnFakes(
  interfere: Interference = () => undefined,
  runtimeOptions: FakeRuntimeHostOptions = {},
): CoreOnFakes {
  const worktree = temporaryFolder();
  const runtimes = new FakeRuntimeHost(runtimeOptions);
  const templates = new MemoryTemplateStore();
  const sessions = new MemorySessionStore();
  const executions = new MemoryExecutionStore();
  const operations = new MemoryOperationStore();
  const installer = new FakeLibraryInstaller();
  const log = new SilentLog();
  const core = createCore({
    templates: interfered(templates, interfere),
    sessions: interfered(sessions, interfere),
    executions: interfered(executions, interfere),
    runtimes,
    grants: { idleGrants: async () => [] },
    sources: new WorktreeSources(1024 * 1024),
    libraries: new LibraryCacheFolder(join(worktree, 'libraries')),
    installer,
    operations: interfered(operations, interfere),
    clock: systemClock,
    ids: systemIds,
    sha256: systemSha256,
    log,
  });
  const writeFile = (path: string, text: string): void => {
    mkdirSync(join(worktree, path, '..'), { recursive: true });
    writeFileSync(join(worktree, path), text);
  };
  const newSession = async (startup?: string): Promise<string> => {
    const template = await core.templates.create({ name: systemIds.next() });
    if (startup !== undefined) {
      writeFile('startup.txt', startup);
      await core.templates.addStartupFile(template.id, { path: 'startup.txt', order_index: 0, mode: 'eval' });
    }
    const fields = { template_id: template.id, workspace_id: 'w', base_commit_oid: 'c', worktree_path: worktree };
    return (await core.sessions.create(fields)).id;
  };
  return { core, runtimes, executions, sessions, operations, installer, log, worktree, writeFile, newSession };
}

/** The same object, with every method call announced first. */
function interfered<Port extends object>(port: Port, interfere: Interference): Port {
  return new Proxy(port, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        interfere(String(name));
        return Reflect.apply(value, target, args);
      };
    },
  });
}
