/** `libs download` as a process of its own, against a registry of the test's own: what is printed, and what survives. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { libraryCatalog } from '#shared/contract/catalog';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { aPackage, type PackageRegistry, startPackageRegistry } from '../main/libraries/package-registry.ts';
import { runCliProcess, startCli } from './run-cli-process.ts';

const names = libraryCatalog.map(({ id, version }) => `${id}-${version}`);
const cacheFolder = join('.vm-cache', 'libraries');

/** Every library of the catalog as a package of one line, and a folder to work in. */
async function setUp() {
  const packages = libraryCatalog.map(({ id, version, global }) => [id, aPackage(version, filesOf(global))] as const);
  const registry = await startPackageRegistry(Object.fromEntries(packages));
  const workingFolder = temporaryFolder();
  const start = (...words: string[]) => ({ words, workingFolder, env: npmEnvironment(registry, workingFolder) });
  const run = (...words: string[]) => runCliProcess(start('libs', 'download', ...words));
  const cached = () => readdirSync(join(workingFolder, cacheFolder)).sort();
  return { registry, workingFolder, start, run, cached };
}

function filesOf(global: string): Record<string, string> {
  return { 'index.js': `var ${global} = 1;`, 'vanilla.js': 'exports.createStore = 1;' };
}

function npmEnvironment({ url }: PackageRegistry, folder: string): Record<string, string> {
  const globalConfig = join(folder, 'no-npmrc');
  return {
    npm_config_registry: url,
    npm_config_cache: join(folder, 'npm'),
    npm_config_globalconfig: globalConfig,
    npm_config_fetch_retries: '0',
  };
}

const linesOf = (text: string) => text.split('\n').slice(0, -1);
const allFiles = names.flatMap((name) => [`${name}.js`, `${name}.json`]).sort();

it('says where it downloads to, a line for each library, and what came of all', async () => {
  const { run, cached, workingFolder } = await setUp();
  const { code, stdout, stderr } = await run();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const taken = libraryCatalog.slice(0, -1).map(({ global }, index) => {
    const script = `var ${global} = 1;`;
    const digest = createHash('sha256').update(script).digest('hex').slice(0, 12);
    return `${names[index]}: ${script.length} bytes, sha256 ${digest}, from index.js`;
  });
  expect(linesOf(stdout)).toEqual([
    'Downloading libraries to: .vm-cache/libraries',
    ...taken,
    expect.stringMatching(/^zustand-4\.4\.7: \d+ bytes, sha256 [0-9a-f]{12}, bundled$/),
    `Libraries ready: 6 of 6 in ${join(workingFolder, cacheFolder)}`,
    'vm-system serve in this folder reads it',
    'For a host that runs elsewhere, repeat this with --host',
  ]);
  expect(cached()).toEqual(allFiles);
});

it('fetches only what is missing or damaged', async () => {
  const { registry, run, workingFolder } = await setUp();
  await run();
  writeFileSync(join(workingFolder, cacheFolder, 'ramda-0.29.0.js'), 'damaged');
  registry.asked.length = 0;
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(linesOf(stdout).filter((line) => line.endsWith(', already cached'))).toHaveLength(5);
  expect(stdout).toContain(', from index.js');
  expect(registry.asked.filter((path) => path.endsWith('.tgz') || !path.startsWith('/ramda'))).toEqual([]);
  registry.asked.length = 0;
  expect((await run()).stdout.match(/already cached/g)).toHaveLength(6);
  expect(registry.asked).toEqual([]);
});

it('goes on after one that fails, names the reason, and exits with 1', async () => {
  const { registry, run, cached, workingFolder } = await setUp();
  registry.packages.delete('moment');
  const { code, stdout, stderr } = await run('--cache-dir', cacheFolder);
  expect(code).toBe(1);
  expect(linesOf(stdout)).toContain('moment-2.29.4: failed');
  expect(linesOf(stdout)).toContain(`Libraries ready: 5 of 6 in ${join(workingFolder, cacheFolder)}`);
  expect(stderr).toMatch(/^Error: Only 5 of 6 libraries are ready\. .* \(LIBRARY_DOWNLOAD_FAILED\)\n/);
  expect(stderr).toContain('  moment-2.29.4: The registry does not have this package.');
  expect(cached()).toEqual(allFiles.filter((file) => !file.startsWith('moment')));
});

it('says how a host is started that reads another folder', async () => {
  const { run, workingFolder } = await setUp();
  const { stdout } = await run('--cache-dir', 'my cache');
  const folder = join(workingFolder, 'my cache');
  expect(linesOf(stdout).slice(-3)).toEqual([
    `Libraries ready: 6 of 6 in ${folder}`,
    `A host reads this folder when it is started with: vm-system serve --cache-dir "${folder}"`,
    'For a host that runs elsewhere, repeat this with --host',
  ]);
});

it('gives one object with --json, also where one fails', async () => {
  const { registry, run, workingFolder } = await setUp();
  registry.packages.delete('dayjs');
  const { code, stdout, stderr } = await run('--json', '--cache-dir', 'cache');
  const { folder, libraries } = JSON.parse(stdout);
  expect({ code, folder }).toEqual({ code: 1, folder: join(workingFolder, 'cache') });
  expect(libraries.map(({ name, status }: Record<string, string>) => [name, status])).toEqual(
    names.map((name) => [name, name.startsWith('dayjs') ? 'failed' : 'downloaded']),
  );
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'LIBRARY_DOWNLOAD_FAILED' });
});

it('leaves nothing half done when it is killed, and goes on from there', async () => {
  const { registry, start, run, cached } = await setUp();
  registry.stuck.add('zustand');
  const child = startCli(start('libs', 'download'));
  for await (const chunk of child.stdout) if (String(chunk).includes('dayjs')) child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  expect(cached()).toEqual(allFiles.filter((file) => !file.startsWith('zustand')));
  registry.stuck.clear();
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout.match(/already cached/g)).toHaveLength(5);
  expect(cached()).toEqual(allFiles);
});

it('says what is wrong with a folder that cannot be written', async () => {
  const { run, workingFolder } = await setUp();
  writeFileSync(join(workingFolder, 'file'), '');
  const { code, stderr } = await run('--cache-dir', 'file/inside');
  expect(code).toBe(1);
  expect(stderr).toContain('ENOTDIR');
});
