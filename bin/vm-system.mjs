#!/usr/bin/env node
/**
 * Launcher of the CLI. It must run on any Node a machine happens to have: the CLI needs Node 24, which `npm ci` brings
 * along as an ordinary package, so on an older Node this starts that one with the same arguments and gets out of the way.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const neededMajor = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'out', 'main', 'cli.js');

if (!existsSync(cli)) fail(`vm-system is not built yet: run "npm run build" in ${root}.`);
else if (Number.parseInt(process.versions.node, 10) >= neededMajor) await import(pathToFileURL(cli).href);
else runWith(findNode());

function fail(message) {
  process.stderr.write(`Error: ${message}\n`);
  process.exitCode = 1;
}

/** The packages of tools/node-runtime, whose names are those of their publishers. */
function findNode() {
  const { platform, arch } = process;
  const system = platform === 'win32' ? 'win' : platform;
  const binary = join('bin', platform === 'win32' ? 'node.exe' : 'node');
  for (const name of [`node-${system}-${arch}`, `node-bin-${system}-${arch}`]) {
    try {
      const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
      if (existsSync(join(folder, binary))) return join(folder, binary);
    } catch {
      // Not installed: perhaps the other name is.
    }
  }
  return undefined;
}

function runWith(node) {
  if (node === undefined) {
    fail(
      `vm-system needs Node ${neededMajor}, but this is ${process.version}. Run "npm ci" in ${root}: it brings Node along.`,
    );
    return;
  }
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; a second copy would count as the second Ctrl-C.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node ${neededMajor} at ${node} could not be started: ${error.message}.`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}
