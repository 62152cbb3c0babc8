/** Warns of what in the configs of capabilities will do nothing, once the host has taken them. */
import type { Capability } from '#shared/contract/template';
import type { Cli } from './cli.ts';

/** The schemas are loaded here, so that `--help` does not wait for zod. */
export async function warnOfConfig(
  cli: Cli,
  capabilities: readonly Pick<Capability, 'kind' | 'name' | 'config'>[],
): Promise<void> {
  const { configWarnings } = await import('#shared/config-warnings');
  for (const capability of capabilities) for (const warning of configWarnings(capability)) cli.warn(warning);
}
