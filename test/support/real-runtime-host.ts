/** The real runtime host on the worker's source, as Node runs it by stripping its types. */
import type { RuntimeHost, RuntimeSpec } from '#core/ports';
import { createRuntimeHost, type RuntimeHostOptions } from '#main/runtime/runtime-host';
import { defaultSettings, type Limits, type RuntimeOptions } from '#shared/contract/template';
import { SilentLog } from './silent-log.ts';

const workerUrl = new URL('../../src/main/runtime/worker/entry.ts', import.meta.url);

export function createRealRuntimeHost(options: Partial<RuntimeHostOptions> = {}): RuntimeHost {
  return createRuntimeHost({ workerUrl, log: new SilentLog(), ...options });
}

export interface SpecChanges {
  readonly limits?: Partial<Limits>;
  readonly runtime?: Partial<RuntimeOptions>;
  readonly modules?: readonly string[];
}

export function runtimeSpec({ limits, runtime, modules = [] }: SpecChanges = {}): RuntimeSpec {
  return {
    sessionId: '00000000-0000-4000-8000-000000000001',
    policy: {
      template_name: 'test',
      engine: 'quickjs',
      settings: {
        ...defaultSettings,
        limits: { ...defaultSettings.limits, ...limits },
        runtime: { ...defaultSettings.runtime, ...runtime },
      },
      modules,
      libraries: [],
      capabilities: [],
      startup_files: [],
    },
  };
}
