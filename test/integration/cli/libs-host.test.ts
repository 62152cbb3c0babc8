/** `libs add --host` and `libs download --host`: a running host brings libraries into its own cache, wherever that is. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { libraryCatalog } from '#shared/contract/catalog';
import type { Operation } from '#shared/contract/operation';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { startTestHost } from '../../support/test-host.ts';
import { aModule, aPackage, startPackageRegistry } from '../main/libraries/package-registry.ts';
import { runInProcess } from './run-in-process.ts';

async function setUp() {
  const files = { 'index.js': 'module.exports = 1;', 'vanilla.js': 'exports.createStore = 1;' };
  const catalog = libraryCatalog.map(({ id, version }) => [id, aPackage(version, files)] as const);
  const registry = await startPackageRegistry({
    ...Object.fromEntries(catalog),
    one: aModule('1.5.0', 'module.exports = 7;'),
  });
  const [folder, workingFolder] = [temporaryFolder(), temporaryFolder()];
  vi.stubEnv('npm_config_registry', registry.url);
  vi.stubEnv('npm_config_cache', join(folder, 'npm'));
  vi.stubEnv('npm_config_globalconfig', join(folder, 'no-npmrc'));
  vi.stubEnv('npm_config_fetch_retries', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const host = await startTestHost({}, folder);
  const start = (...words: string[]) => ({
    words: ['libs', ...words, '--host'],
    workingFolder,
    env: { VM_SYSTEM_URL: host.app.address },
  });
  return { registry, host, start, run: (...words: string[]) => runInProcess(start(...words)), workingFolder };
}

const linesOf = (text: string) => text.split('\n').slice(0, -1);

it('adds a package to the cache of the host, which its sessions find, and to no folder of the command', async () => {
  const { host, run, workingFolder } = await setUp();
  const { code, stdout, stderr } = await run('add', 'one@^1', '--global', 'eins');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const place = `the cache of the host at ${host.app.address}`;
  const lines = linesOf(stdout);
  expect(lines[0]).toBe(`Adding a library to: ${place}`);
  expect(lines.slice(-5)).toEqual([
    'Resolved: one@^1 is 1.5.0',
    expect.stringMatching(/^one-1\.5\.0: \d+ bytes, sha256 [0-9a-f]{12}, bundled$/),
    'Added library: one-1.5.0 (global: eins)',
    `Stored in: ${place}`,
    'New sessions of this host find it, no others do',
  ]);
  const template = await host.template('with a library');
  await host.ok('POST', `/templates/${template.id}/libraries`, { name: 'one-1.5.0' });
  expect((await host.repl((await host.session(template.id)).id, 'eins')).result?.json).toBe(7);
  expect(readdirSync(workingFolder)).toEqual([]);
});

it('brings the whole catalog, and goes on after one that fails', async () => {
  const { registry, run, host } = await setUp();
  registry.packages.delete('moment');
  const { code, stdout, stderr } = await run('download', '--json');
  const { server_url, libraries } = JSON.parse(stdout);
  expect({ code, server_url }).toEqual({ code: 1, server_url: host.app.address });
  expect(libraries.map(({ name, status }: Record<string, string>) => `${name} ${status}`)).toEqual(
    libraryCatalog.map(({ id, version }) => `${id}-${version} ${id === 'moment' ? 'failed' : 'downloaded'}`),
  );
  expect(stderr).toContain('The registry does not have this package.');
  const again = await run('download');
  expect(again.stdout).toContain(`Libraries ready: 5 of 6 in the cache of the host at ${host.app.address}\n`);
  expect(again.stdout.match(/already cached/g)).toHaveLength(5);
});

it('says why a package cannot be brought, and that no host answers', async () => {
  const { run, start } = await setUp();
  const { code, stderr } = await run('add', 'nowhere@1.0.0');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^Error: nowhere@1\.0\.0 could not be added\. The registry does not have this package\./,
    ),
  });
  expect(await runInProcess({ ...start('add', 'one@1'), env: { VM_SYSTEM_URL: 'http://127.0.0.1:9' } })).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('HOST_UNREACHABLE'),
  });
});

it('cancels the work of the host at Ctrl-C', async () => {
  const { registry, start, host, workingFolder } = await setUp();
  registry.stuck.add('one');
  const { code, stderr } = await runInProcess({ ...start('add', 'one@1'), interruption: registry.hasBegun });
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: 'Cancelled. What was complete is kept; the same command goes on from there.\n',
  });
  expect((await host.ok<Operation[]>('GET', '/operations')).map(({ status }) => status)).toEqual(['cancelled']);
  expect(existsSync(join(workingFolder, '.vm-cache'))).toBe(false);
});

it('refuses a folder beside the host', async () => {
  expect(await runInProcess({ words: ['libs', 'add', 'one', '--host', '--cache-dir', 'a'] })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("'--host' cannot be used with option '--cache-dir"),
  });
});
