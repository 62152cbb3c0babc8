/** A program that the guest's own `fs` can rewrite would be any program: so it is not run. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { GuestError } from '#core/guest-error';
import { grantedCapabilities, moduleConfig } from '#core/policy';
import type { RuntimeSpec } from '#core/ports';

/** Rejects with GuestError where a program lies in a folder that the policy lets `fs` write to. */
export async function refuseWritable(program: string, { policy, worktree }: RuntimeSpec): Promise<void> {
  const fs = moduleConfig(policy, 'fs');
  if (fs === undefined || fs.read_only) return;
  const roots = grantedCapabilities(policy, 'fs').filter(({ config }) => config.mode === 'rw');
  // Where it is named, and where a link leads: the guest could change either.
  const named = join(await realpath(dirname(program)).catch(() => dirname(program)), basename(program));
  const paths = [named, await realpath(program).catch(() => program)];
  for (const folder of [worktree, ...roots.map(({ config }) => config.path)]) {
    const root = await realpath(folder).catch(() => folder);
    if (!paths.some((path) => isBeneath(path, root))) continue;
    throw new GuestError(
      `The program ${JSON.stringify(program)} lies in a folder that this session may write to, so it could be any ` +
        'program; let the template allow one that lies elsewhere, or grant fs as read_only',
      { code: 'COMMAND_NOT_ALLOWED', command: program },
    );
  }
}

function isBeneath(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}
