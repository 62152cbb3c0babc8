/** A fresh runtime for each test of a file, on one real host, with limits that single runs may change. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import type { Limits } from '#shared/contract/template';
import { createRealRuntimeHost, runtimeSpec } from './real-runtime-host.ts';
import { type FinishedRun, type RunChanges, runCode } from './run-code.ts';

export interface FreshRuntimes {
  host(): RuntimeHost;
  /** The runtime of the test that runs. */
  runtime(): Runtime;
  run(source: string, changes?: RunChanges): Promise<FinishedRun>;
}

/** Call it once at the top of a test file. */
export function freshRuntimes(limits: Partial<Limits>): FreshRuntimes {
  let host: RuntimeHost;
  let runtime: Runtime;
  beforeAll(() => {
    host = createRealRuntimeHost();
  });
  beforeEach(async () => {
    runtime = await host.open(runtimeSpec({ limits }));
    return () => runtime.close();
  });
  afterAll(() => host.close());
  return {
    host: () => host,
    runtime: () => runtime,
    run: (source, changes = {}) => runCode(runtime, source, { ...changes, limits: { ...limits, ...changes.limits } }),
  };
}
