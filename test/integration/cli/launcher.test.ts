/** bin/vm-system.mjs, in an installation of its own with a stand-in for the built CLI. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Prints what it got, then ends as it is told. */
const standIn = `
const [first, ...words] = process.argv.slice(2);
if (first === 'wait') {
  process.on('SIGTERM', () => { process.exitCode = 41; clearInterval(timer); });
  const timer = setInterval(() => {}, 1000);
  console.log('waiting');
} else {
  console.log(JSON.stringify({ major: Number.parseInt(process.versions.node, 10), words }));
  process.exitCode = Number(first);
}
`;

interface Installation {
  readonly launcher: string;
  readonly folder: string;
}

function install({ isBuilt = true, hasPackages = true } = {}): Installation {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'out', 'main'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copyFileSync(join(root, 'bin', 'vm-system.mjs'), join(folder, 'bin', 'vm-system.mjs'));
  if (isBuilt) writeFileSync(join(folder, 'out', 'main', 'cli.js'), standIn);
  if (hasPackages) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { launcher: join(folder, 'bin', 'vm-system.mjs'), folder };
}

function launch(node: string, { launcher }: Installation, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [launcher, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('on the Node that the CLI needs', () => {
  it('runs the built CLI with the same words and exit code', () => {
    const stdout = `{"major":24,"words":["a b","--c"]}\n`;
    expect(launch(process.execPath, install(), '7', 'a b', '--c')).toEqual({ status: 7, stdout, stderr: '' });
  });

  it('says how to build what is not built', () => {
    const installation = install({ isBuilt: false });
    expect(launch(process.execPath, installation, '0')).toEqual({
      status: 1,
      stdout: '',
      stderr: `Error: vm-system is not built yet: run "npm run build" in ${installation.folder}.\n`,
    });
  });
});

/** A Node of the machine itself that is too old for the CLI, where there is one. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) =>
    existsSync(path) && Number.parseInt(spawnSync(path, ['-p', 'process.versions.node']).stdout.toString(), 10) < 24,
);

describe.runIf(oldNode !== undefined)('on an older Node', () => {
  const old = oldNode ?? '';

  it('runs the built CLI on the Node of the packages', () => {
    const stdout = `{"major":24,"words":["a b","--c"]}\n`;
    expect(launch(old, install(), '7', 'a b', '--c')).toEqual({ status: 7, stdout, stderr: '' });
  });

  it('says how to get the Node it needs', () => {
    const { status, stderr } = launch(old, install({ hasPackages: false }), '0');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Error: vm-system needs Node 24, but this is v\d+\.\d+\.\d+\. Run "npm ci" in .*\n$/);
  });

  it('hands signals on and ends as the CLI ends', async () => {
    const child = spawn(old, [install().launcher, 'wait']);
    const complaints = text(child.stderr);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect({ code, stderr: await complaints }).toEqual({ code: 41, stderr: '' });
  });
});
