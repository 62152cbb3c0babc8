/**
 * A session's policy: how it comes of a template, and how what it grants is read. Whoever enforces a grant asks here, so
 * that a disabled capability is nowhere looked at.
 */
import type { Policy } from '#core/ports';
import { type CapabilityConfigs, capabilityConfigs } from '#shared/contract/capability-config';
import type { Capability, TemplateDetail } from '#shared/contract/template';

export function policyOf({ template, settings, capabilities, startup_files }: TemplateDetail): Policy {
  const { limits, resolver, runtime } = settings;
  return {
    template_name: template.name,
    engine: template.engine,
    settings: { limits, resolver, runtime },
    modules: template.exposed_modules,
    libraries: template.libraries,
    capabilities,
    startup_files,
  };
}

export interface Granted<Config> {
  readonly name: string;
  readonly config: Config;
}

type KindWithConfig = Extract<keyof CapabilityConfigs, 'fs' | 'net' | 'env' | 'global'>;

/** The enabled capabilities of a kind, in the order they were added. One whose config is no such config grants nothing. */
export function grantedCapabilities<Kind extends KindWithConfig>(
  { capabilities }: Policy,
  kind: Kind,
): Granted<CapabilityConfigs[Kind]>[] {
  const schema = capabilityConfigs[kind];
  return capabilities
    .filter((capability) => capability.enabled && capability.kind === kind)
    .flatMap(({ name, config }) => {
      const { data } = schema.safeParse(config);
      return data === undefined ? [] : [{ name, config: data as CapabilityConfigs[Kind] }]; // by the schema of that kind
    });
}

/** The enabled capabilities of a kind whose config says nothing that could be granted. */
export function unreadableCapabilities({ capabilities }: Policy, kind: KindWithConfig): Pick<Capability, 'name'>[] {
  return capabilities.filter(
    (capability) =>
      capability.enabled && capability.kind === kind && !capabilityConfigs[kind].safeParse(capability.config).success,
  );
}

type ModuleWithConfig = 'exec' | 'database' | 'fs';

/** The config of a granted module: its capability's, or the defaults. Undefined where the module is not granted. */
export function moduleConfig<Name extends ModuleWithConfig>(
  { modules, capabilities }: Policy,
  name: Name,
): CapabilityConfigs[`module:${Name}`] | undefined {
  if (!modules.includes(name)) return undefined;
  const capability = capabilities.find((one) => one.kind === 'module' && one.name === name && one.enabled);
  const schema = capabilityConfigs[`module:${name}`];
  const { data = schema.parse({}) } = schema.safeParse(capability?.config ?? {});
  return data as CapabilityConfigs[`module:${Name}`]; // by the schema of that name
}
