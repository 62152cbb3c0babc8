/** Runtimes whose templates grant the modules `exec` and `database`, in a worktree of their own, for one test. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { entriesBeside } from '#main/headless';
import { databaseServices } from '#main/modules/database/database-service';
import { CommandHost } from '#main/modules/exec/command-host';
import { execServices } from '#main/modules/exec/exec-service';
import { GrantedServices } from '#main/modules/guest-services';
import { ProtectedFiles } from '#main/modules/paths/identity';
import type { JsonValue } from '#shared/contract/primitive';
import type { Limits } from '#shared/contract/template';
import { createRealRuntimeHost, runtimeSpec } from './real-runtime-host.ts';
import { type FinishedRun, runCode } from './run-code.ts';
import { temporaryFolder } from './temp-dir.ts';

const { databaseUrl } = entriesBeside(new URL('../../src/main/headless.ts', import.meta.url).href);

export interface Grant {
  readonly name: 'exec' | 'database';
  readonly config?: { readonly [key: string]: JsonValue };
  readonly limits?: Partial<Limits>;
}

export class ModuleHost {
  readonly folder = temporaryFolder();
  readonly worktree = join(this.folder, 'worktree');
  readonly runDirectory = join(this.folder, 'run');
  /** What a host would keep in the worktree, if somebody started it there. */
  readonly hostDatabase = join(this.worktree, 'vm-system.db');
  readonly #runtimes: RuntimeHost;

  constructor() {
    mkdirSync(this.worktree);
    const commands = new CommandHost(this.runDirectory);
    const protectedFiles = new ProtectedFiles([this.hostDatabase]);
    this.#runtimes = createRealRuntimeHost({
      spareWorkers: 1,
      services: new GrantedServices({
        exec: execServices(commands),
        database: databaseServices({ entry: databaseUrl, protectedFiles }),
      }),
    });
    onTestFinished(async () => {
      await this.#runtimes.close();
      await commands.close();
    });
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

/** The JSON of a run's value, or the message of what it threw. */
export function outcomeOf({ end }: FinishedRun): unknown {
  if (end.kind === 'value') return end.value.json;
  return end.kind === 'exception' ? end.exception.message : end;
}
