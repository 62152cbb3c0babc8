/** `libs add` and `libs remove` against a registry of the test's own: what is printed, what a kill and Ctrl-C leave. */
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { aModule, startPackageRegistry } from '../main/libraries/package-registry.ts';
import { runCliProcess, startCli } from './run-cli-process.ts';
import { runInProcess } from './run-in-process.ts';

async function setUp() {
  const registry = await startPackageRegistry({
    '@scope/pair': [
      aModule('1.0.0', 'module.exports = 1;'),
      aModule('1.1.0', 'module.exports = require("one");', { one: '*' }),
    ],
    one: aModule('1.5.0', `module.exports = 1;//${'x'.repeat(5000)}`),
  });
  const workingFolder = temporaryFolder();
  const temporary = temporaryFolder();
  const env = {
    npm_config_registry: registry.url,
    npm_config_cache: join(workingFolder, 'npm'),
    npm_config_globalconfig: join(workingFolder, 'no-npmrc'),
    npm_config_fetch_retries: '0',
    TMPDIR: temporary,
  };
  const start = (...words: string[]) => ({ words: ['libs', ...words], workingFolder, env });
  const folder = join(workingFolder, '.vm-cache', 'libraries');
  const files = () => (existsSync(folder) ? readdirSync(folder).sort() : []);
  return { registry, folder, files, start, temporary, run: (...words: string[]) => runCliProcess(start(...words)) };
}

const both = ['@scope+pair-1.1.0.js', '@scope+pair-1.1.0.json'];
const linesOf = (text: string) => text.split('\n').slice(0, -1);
const size = expect.stringMatching(/^@scope\/pair-1\.1\.0: \d+ bytes, sha256 [0-9a-f]{12}, bundled$/);

it('says which version a range stands for, how far it is, and under which global the library is there', async () => {
  const { run, files, folder } = await setUp();
  const { code, stdout, stderr } = await run('add', '@scope/pair@^1', '--global', 'two');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(linesOf(stdout)).toEqual([
    'Adding a library to: .vm-cache/libraries',
    'Resolving: @scope/pair@^1',
    'Fetching: @scope/pair@^1',
    'Bundling: @scope/pair@^1',
    'Storing: @scope/pair@^1',
    'Resolved: @scope/pair@^1 is 1.1.0',
    size,
    'Added library: @scope/pair-1.1.0 (global: two)',
    `Stored in: ${folder}`,
    'vm-system serve in this folder reads it',
    'For a host that runs elsewhere, repeat this with --host',
  ]);
  expect(files()).toEqual(both);
});

it('takes a name alone for its latest version, and what is there for what it is', async () => {
  const { run, registry } = await setUp();
  expect((await run('add', '@scope/pair')).stdout).toContain('Resolved: @scope/pair@latest is 1.1.0');
  registry.asked.length = 0;
  const { code, stdout } = await run('add', '@scope/pair@1.1.0');
  expect(code).toBe(0);
  expect(stdout).toContain(', already cached\nAdded library: @scope/pair-1.1.0 (global: pair)\n');
  expect(registry.asked).toEqual([]);
});

it('gives one object with --json', async () => {
  const { run, folder } = await setUp();
  const { stdout } = await run('add', 'one@1', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    folder,
    library: { name: 'one-1.5.0', global: 'one', source: 'bundled' },
  });
});

it('exits with 1 and says why where a package cannot be brought', async () => {
  const { run, files } = await setUp();
  const { code, stderr } = await run('add', 'nowhere@1.0.0');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Error: nowhere@1\.0\.0 could not be added\. The registry does not have this package\..*\(LIBRARY_DOWNLOAD_FAILED\)/,
  );
  expect(files()).toEqual([]);
});

it('refuses what names no package', async () => {
  expect((await runInProcess({ words: ['libs', 'add', '@'] })).code).toBe(2);
});

it('removes a library, and says where there is none', async () => {
  const { run, files } = await setUp();
  await run('add', '@scope/pair@1.1.0');
  expect(await run('remove', '@scope/pair-1.1.0')).toMatchObject({ stdout: 'Removed library: @scope/pair-1.1.0\n' });
  expect(files()).toEqual([]);
  const { code, stderr } = await run('remove', '@scope/pair-1.1.0');
  expect(code).toBe(4);
  expect(stderr).toContain('LIBRARY_NOT_FOUND');
});

it('lists without a host what lies in the folder, and what of it is damaged', async () => {
  const { run, folder } = await setUp();
  await run('add', '@scope/pair@1.1.0');
  await run('add', 'one@1.5.0');
  writeFileSync(join(folder, 'one-1.5.0.js'), 'damaged');
  const { stdout } = await run('list', '--cache-dir', folder);
  expect(linesOf(stdout).slice(-2)).toEqual(['@scope/pair-1.1.0  pair     yes', 'one-1.5.0          one      damaged']);
  const info = linesOf((await run('cache-info')).stdout);
  expect(info[1]).toBe('Cached libraries: 2');
  expect(info.at(-1)).toBe('  one-1.5.0 (7 bytes, damaged: it does not have its digest)');
  const { stdout: alone, stderr } = await run('list', '--server-url', 'http://127.0.0.1:9');
  expect(alone).toBe(stdout);
  expect(stderr).toContain('No host answers at http://127.0.0.1:9');
});

it('mends with a download what was added and is damaged', async () => {
  const { run, folder } = await setUp();
  await run('add', 'one@1.5.0', '--global', 'eins');
  writeFileSync(join(folder, 'one-1.5.0.js'), 'damaged');
  expect((await run('download')).stdout).toMatch(/^one-1\.5\.0: \d+ bytes, sha256 [0-9a-f]{12}, bundled$/m);
  expect(readFileSync(join(folder, 'one-1.5.0.js'), 'utf8')).toContain('globalThis["eins"]');
});

it('shows one line that changes on a terminal, and takes it away', async () => {
  const { start } = await setUp();
  const { words, env, workingFolder } = start('add', '@scope/pair@^1');
  const { stdout, stderr } = await runInProcess({ words, env, workingFolder, isTerminal: true });
  expect(linesOf(stdout).filter((line) => /^(Resolving|Fetching)/.test(line))).toEqual([]);
  expect(stderr.startsWith('\r\u001b[2K@scope/pair@^1: resolving')).toBe(true);
  expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
  expect(stderr).not.toContain('\n');
});

it('ends at Ctrl-C, leaves nothing half done, and exits with 130', async () => {
  const { registry, start, files, temporary } = await setUp();
  registry.stuck.add('one');
  const child = startCli(start('add', '@scope/pair@^1'));
  void registry.hasBegun.then(() => child.kill('SIGINT'));
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: 'Cancelled. What was complete is kept; the same command goes on from there.\n',
  });
  expect(files()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

it('goes on after kill -9 with what had come, and sweeps away what was left', async () => {
  const { registry, start, run, files, temporary } = await setUp();
  registry.stuck.add('one');
  const child = startCli(start('add', '@scope/pair@^1'));
  await registry.hasBegun;
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(files()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^vm-system-library\.\d+\..*\.tmp$/)]);
  registry.stuck.clear();
  registry.asked.length = 0;
  const { code } = await run('add', '@scope/pair@^1');
  expect(code).toBe(0);
  expect(registry.asked.filter((path) => path.endsWith('.tgz'))).toEqual(['/one/1.5.0.tgz']);
  expect(files()).toEqual(both);
  expect(readdirSync(temporary)).toEqual([]);
});

it('lets two commands at once bring the same library', async () => {
  const { run, files } = await setUp();
  const runs = await Promise.all([run('add', '@scope/pair@^1'), run('add', '@scope/pair@^1'), run('add', 'one')]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(files()).toEqual([...both, 'one-1.5.0.js', 'one-1.5.0.json']);
});
