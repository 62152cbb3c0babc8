// "npm test": builds the product, checks the sources, then runs every test against the sources and against the build.
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildIfNeeded } from './build-if-needed.mjs';

const root = join(import.meta.dirname, '..');
const steps = [
  ['npm', ['run', '--silent', 'check']],
  [process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]],
];

buildIfNeeded();
for (const [command, args] of steps) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
