/**
 * The folders of a template's capabilities of kind `fs`: pinned where they can be used, and with the reason where not.
 * One that cannot be used grants nothing, which whoever relied on it is told: here stands how.
 */
import { isAbsolute, resolve } from 'node:path';
import { grantedCapabilities, unreadableCapabilities } from '#core/policy';
import type { Policy } from '#core/ports';
import { isVmError } from '#core/vm-error';
import type { FsRootConfig } from '#shared/contract/capability-config';
import { toSlashes } from '../paths/path-text.ts';
import { Root } from '../paths/root.ts';

interface GrantedFolder {
  readonly name: string;
  readonly mode: FsRootConfig['mode'];
  readonly root: Root;
}

export interface UnusableFolder {
  /** Says which capability has no effect, and why; without its path, which is the host's. */
  readonly problem: string;
  /** Whether the capability may have been meant for an absolute path with slashes. */
  covers(path: string): boolean;
}

interface GrantedFolders {
  readonly usable: readonly GrantedFolder[];
  readonly unusable: readonly UnusableFolder[];
}

export async function pinGrantedFolders(policy: Policy): Promise<GrantedFolders> {
  const folders = await Promise.all(
    grantedCapabilities(policy, 'fs').map((granted) => pinFolder(granted, policy.template_name)),
  );
  const unreadable = unreadableCapabilities(policy, 'fs').map(({ name }) =>
    unusable({ name, reason: 'it is not given as {"path":"/srv/data","mode":"ro"}' }, policy.template_name),
  );
  return {
    usable: folders.filter((folder) => 'root' in folder),
    unusable: [...folders.filter((folder) => 'problem' in folder), ...unreadable],
  };
}

/** What a refusal says of a path that leaves a folder; `label` is that of the folder. */
export function leavingRule(label: string, templateName: string): string {
  return `it leaves the ${label}, which the template "${templateName}" does not let fs do. ${howToGrant}`;
}

export const howToGrant =
  'To grant new sessions one more folder, by absolute paths: vm-system template add-capability TEMPLATE --kind fs ' +
  `--name data --config '{"path":"/srv/data","mode":"ro"}'`;

async function pinFolder(
  { name, config: { path, mode } }: { readonly name: string; readonly config: FsRootConfig },
  templateName: string,
): Promise<GrantedFolder | UnusableFolder> {
  const label = `folder of "${name}"`;
  try {
    return { name, mode, root: await Root.pin(path, { label, leaving: leavingRule(label, templateName) }) };
  } catch (error) {
    if (!isVmError(error)) throw error;
    return unusable({ name, path, reason: String(error.details?.reason) }, templateName);
  }
}

interface Unusable {
  readonly name: string;
  readonly path?: string;
  readonly reason: string;
}

function unusable({ name, path, reason }: Unusable, templateName: string): UnusableFolder {
  const folder = path === undefined || !isAbsolute(path) ? '/' : toSlashes(resolve(path));
  return {
    problem: `the path in the capability fs "${name}" of the template "${templateName}" has no effect, for ${reason}`,
    covers: (other) => other === folder || other.startsWith(folder === '/' ? folder : `${folder}/`),
  };
}
