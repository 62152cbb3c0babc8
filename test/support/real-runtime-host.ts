/** The real runtime host, with workers as they are built. */
import type { RuntimeHost, RuntimeSpec } from '#core/ports';
import { fsServices } from '#main/modules/fs-service';
import { GrantedServices } from '#main/modules/guest-services';
import { importServices } from '#main/modules/imports/imports-service';
import { createRuntimeHost, type RuntimeHostOptions } from '#main/runtime/runtime-host';
import {
  defaultSettings,
  type Limits,
  type RuntimeOptions,
  type Settings,
  type TemplateDetail,
} from '#shared/contract/template';
import { builtEntries } from './built-entries.ts';
import { SilentLog } from './silent-log.ts';

const { workerUrl } = builtEntries;

export function createRealRuntimeHost(options: Partial<RuntimeHostOptions> = {}): RuntimeHost {
  const services = new GrantedServices({
    fs: fsServices(),
    imports: importServices({ libraries: { list: async () => [] } }),
  });
  return createRuntimeHost({ workerUrl, services, log: new SilentLog(), ...options });
}

export interface SpecChanges {
  readonly limits?: Partial<Limits>;
  readonly runtime?: Partial<RuntimeOptions>;
  readonly modules?: readonly string[];
  readonly capabilities?: TemplateDetail['capabilities'];
  readonly resolver?: Partial<Settings['resolver']>;
  readonly worktree?: string;
}

export function runtimeSpec({
  limits,
  runtime,
  resolver,
  modules = [],
  capabilities = [],
  worktree = '/',
}: SpecChanges = {}): RuntimeSpec {
  return {
    sessionId: '00000000-0000-4000-8000-000000000001',
    worktree,
    policy: {
      template_name: 'test',
      engine: 'quickjs',
      settings: {
        ...defaultSettings,
        limits: { ...defaultSettings.limits, ...limits },
        runtime: { ...defaultSettings.runtime, ...runtime },
        resolver: { ...defaultSettings.resolver, ...resolver },
      },
      modules,
      libraries: [],
      capabilities,
      startup_files: [],
    },
  };
}
