// Builds out/ when a source is newer than the last build, so that "npm start" is one command and a second start is quick.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'out', '.built');
/** Names the process that builds, or uses what must not be built anew meanwhile. */
const turn = join(root, 'out', '.building');
const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

function newestChangeMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const children = readdirSync(path).map((name) => newestChangeMs(join(path, name)));
  return Math.max(stats.mtimeMs, ...children);
}

/** Builds, then does what must happen before anybody else builds in this checkout: a build begins by deleting the last. */
export function buildIfNeeded(whenBuilt = () => {}) {
  takeTurn();
  try {
    const newestMs = Math.max(...inputs.map((input) => newestChangeMs(join(root, input))));
    if (!existsSync(stamp) || statSync(stamp).mtimeMs <= newestMs) build();
    whenBuilt();
  } finally {
    rmSync(turn, { force: true });
  }
}

/** Waits while a living process builds. */
function takeTurn() {
  mkdirSync(dirname(turn), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(turn, `${process.pid}`, { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isLiving(holderOfTurn())) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      else rmSync(turn, { force: true });
    }
  }
}

/** The one whose turn it is has not written its id yet where there is none. */
function holderOfTurn() {
  try {
    return Number(readFileSync(turn, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

export function isLiving(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function build() {
  // Taken before the build: what changes while it runs is newer.
  const startedMs = Date.now();
  console.error('Building vm-system (once per change of the sources) …');
  const packageFile = createRequire(import.meta.url).resolve('electron-vite/package.json');
  const builder = join(dirname(packageFile), 'bin', 'electron-vite.js');
  const { status } = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    rmSync(turn, { force: true });
    console.error('The build failed. Run "npm run build" to see all of its output.');
    process.exit(1);
  }
  writeFileSync(stamp, '');
  utimesSync(stamp, startedMs / 1000, startedMs / 1000);
}
