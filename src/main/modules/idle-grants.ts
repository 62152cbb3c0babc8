/**
 * What of a template's grants has no effect on this machine: folders that cannot be used, hosts that are none, and
 * configs that say nothing. A
 * grant is stored as it comes, and a folder may be gone when a session begins; whoever starts one should hear of it
 * before a guest is refused.
 */
import { grantedCapabilities, unreadableCapabilities } from '#core/policy';
import type { GrantInspector, Policy } from '#core/ports';
import { isHostPattern } from './fetch/host-rules.ts';
import { pinGrantedFolders } from './fs/granted-folders.ts';

export const grantInspector: GrantInspector = {
  async idleGrants(policy) {
    return [...(await idleFolders(policy)), ...idleHosts(policy), ...unreadable(policy)];
  },
};

/** Without the module, nobody looks for the folders. */
async function idleFolders(policy: Policy): Promise<string[]> {
  if (!policy.modules.includes('fs')) return [];
  const { unusable } = await pinGrantedFolders(policy);
  return unusable.map(({ problem }) => problem);
}

function idleHosts(policy: Policy): string[] {
  return grantedCapabilities(policy, 'net').flatMap(({ name, config }) =>
    config.hosts
      .filter((pattern) => !isHostPattern(pattern))
      .map(
        (pattern) =>
          `the host ${JSON.stringify(pattern)} in the capability net "${name}" of the template ` +
          `"${policy.template_name}" has no effect, for it is not written as "example.org", "*.example.org" or ` +
          '"127.0.0.1:8080"',
      ),
  );
}

/** Those of kind fs are among the folders. */
function unreadable(policy: Policy): string[] {
  return (['net', 'env', 'global'] as const).flatMap((kind) =>
    unreadableCapabilities(policy, kind).map(
      ({ name }) =>
        `the capability ${kind} "${name}" of the template "${policy.template_name}" has no effect, for its config is ` +
        'not of its kind',
    ),
  );
}
