/** A POSIX shell as users have it: the command on the PATH, and a host that it finds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { launcher, startHostProcess } from './host-process.ts';
import { temporaryFolder } from './temp-dir.ts';

/** Runs a script with `vm-system` on its PATH and a fresh host behind it; whatever it makes temporary is removed. */
export async function runShell(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const home = temporaryFolder();
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'vm-system'), `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
  chmodSync(join(bin, 'vm-system'), 0o755);
  const work = join(home, 'work');
  mkdirSync(work);
  const host = await startHostProcess(home);
  const child = spawn('sh', ['-eu', '-c', script], {
    cwd: work,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      VM_SYSTEM_HOME: home,
      VM_SYSTEM_URL: host.address,
      TMPDIR: home,
      NO_COLOR: '1',
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}
