// Builds out/ when a source is newer than the last build, so that "npm start" is one command and a second start is quick.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'out', '.built');
const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

function newestChangeMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const children = readdirSync(path).map((name) => newestChangeMs(join(path, name)));
  return Math.max(stats.mtimeMs, ...children);
}

export function buildIfNeeded() {
  const newestMs = Math.max(...inputs.map((input) => newestChangeMs(join(root, input))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newestMs) return;
  console.error('Building vm-system (once per change of the sources) …');
  const packageFile = createRequire(import.meta.url).resolve('electron-vite/package.json');
  const builder = join(dirname(packageFile), 'bin', 'electron-vite.js');
  const { status } = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    console.error('The build failed. Run "npm run build" to see all of its output.');
    process.exit(1);
  }
  writeFileSync(stamp, '');
}
