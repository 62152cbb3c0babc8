/** Runtimes whose templates grant the modules `exec` and `database`, in a worktree of their own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { databaseServices } from '#main/modules/database/database-service';
import { CommandHost } from '#main/modules/exec/command-host';
import { execServices } from '#main/modules/exec/exec-service';
import { GrantedServices } from '#main/modules/guest-services';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
import type { JsonValue } from '#shared/contract/primitive';
import type { Limits } from '#shared/contract/template';
import { builtEntries } from './built-entries.ts';
import { createRealRuntimeHost, runtimeSpec } from './real-runtime-host.ts';
import { type FinishedRun, runCode } from './run-code.ts';
import { temporaryFolder } from './temp-dir.ts';

const { databaseUrl } = builtEntries;

export interface Grant {
  readonly name: 'exec' | 'database';
  readonly config?: { readonly [key: string]: JsonValue };
  readonly limits?: Partial<Limits>;
}

export class ModuleHost {
  readonly folder: string;
  readonly worktree: string;
  /** What a host keeps in the worktree where somebody started it there. */
  readonly hostDatabase: string;
  readonly #commands: CommandHost;
  readonly #runtimes: RuntimeHost;

  constructor(folder: string) {
    this.folder = folder;
    this.worktree = join(folder, 'worktree');
    this.hostDatabase = join(this.worktree, 'vm-system.db');
    mkdirSync(this.worktree);
    const commands = new CommandHost(join(folder, 'run'));
    this.#commands = commands;
    const protectedFiles = new ProtectedFiles([this.hostDatabase]);
    this.#runtimes = createRealRuntimeHost({
      spareWorkers: 1,
      services: new GrantedServices({
        exec: execServices(commands),
        database: databaseServices({ entry: databaseUrl, protectedFiles }),
      }),
    });
  }

  async close(): Promise<void> {
    await this.#runtimes.close();
    await this.#commands.close();
  }

  open({ name, config, limits = {} }: Grant): Promise<Runtime> {
    const capability = { id: '', vm_id: '', kind: 'module', name, enabled: true } as const;
    const capabilities = config === undefined ? [] : [{ ...capability, config }];
    return this.#runtimes.open(runtimeSpec({ modules: [name], capabilities, worktree: this.worktree, limits }));
  }

  /** Runs code in a session of its own; resolves to how it ended and what it printed. */
  async run(grant: Grant, source: string): Promise<FinishedRun> {
    const runtime = await this.open(grant);
    try {
      return await runCode(runtime, source, { limits: grant.limits ?? {} });
    } finally {
      await runtime.close();
    }
  }
}

/** A host for one test. */
export function newModuleHost(): ModuleHost {
  const host = new ModuleHost(temporaryFolder());
  onTestFinished(() => host.close());
  return host;
}

/** A host for all tests of a file. */
export function sharedModuleHost(): () => ModuleHost {
  let host: ModuleHost;
  beforeAll(() => {
    host = new ModuleHost(mkdtempSync(join(realpathSync(tmpdir()), 'vm-system-')));
  });
  afterAll(async () => {
    await host.close();
    rmSync(host.folder, { recursive: true });
  });
  return () => host;
}

/** The JSON of a run's value, or the message of what it threw. */
export function outcomeOf({ end }: FinishedRun): unknown {
  if (end.kind === 'value') return end.value.json;
  return end.kind === 'exception' ? end.exception.message : end;
}
