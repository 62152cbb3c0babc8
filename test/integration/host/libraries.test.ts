/** Libraries and long work over REST, with a registry of the test's own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '#main/store/open-database';
import { SqliteOperationStore } from '#main/store/operation-store';
import type { CatalogLibrary } from '#shared/contract/catalog';
import type { Operation } from '#shared/contract/operation';
import { endedOperation } from '../../support/ended-operation.ts';
import { sampleOperation } from '../../support/sample-operation.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { startTestHost } from '../../support/test-host.ts';
import { aModule, startPackageRegistry } from '../main/libraries/package-registry.ts';

/** A host whose user has this registry in their npm configuration. */
async function hostWithRegistry() {
  const registry = await startPackageRegistry({
    '@scope/pair': aModule('1.0.0', 'module.exports = require("one") + 1;', { one: '^1' }),
    one: aModule('1.5.0', 'module.exports = 1;'),
  });
  const folder = temporaryFolder();
  vi.stubEnv('npm_config_registry', registry.url);
  vi.stubEnv('npm_config_cache', join(folder, 'npm'));
  vi.stubEnv('npm_config_globalconfig', join(folder, 'no-npmrc'));
  vi.stubEnv('npm_config_fetch_retries', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  return { registry, host: await startTestHost({}, folder) };
}

const name = '@scope/pair-1.0.0';
const wanted = { name: '@scope/pair', version: '^1' };

it('brings a package of a scope, grants it, uses it, and removes it again', async () => {
  const { host } = await hostWithRegistry();
  expect(await endedOperation(host, wanted)).toMatchObject({
    kind: 'library_install',
    subject: '@scope/pair@^1',
    status: 'ok',
    progress: { phase: 'storing', done: 2, total: 2 },
    result: { name, id: '@scope/pair', version: '1.0.0', global: 'pair', status: 'downloaded' },
  });
  const template = await host.template('with a library');
  await host.ok('POST', `/templates/${template.id}/libraries`, { name });
  expect((await host.repl((await host.session(template.id)).id, 'pair')).result?.json).toBe(2);
  const encoded = encodeURIComponent(name);
  expect(await host.ok('DELETE', `/templates/${template.id}/libraries/${encoded}`)).toMatchObject({ name });
  await host.ok('POST', `/templates/${template.id}/libraries`, { name });
  expect(await host.ok('DELETE', `/libraries/${encoded}`)).toEqual({ status: 'ok', name });
  expect(await host.refusal('DELETE', `/libraries/${encoded}`)).toBe('404 LIBRARY_NOT_FOUND');
  expect((await host.ok<CatalogLibrary[]>('GET', '/libraries')).map(({ added }) => added)).not.toContain(true);
  await expect(host.session(template.id)).rejects.toThrow('libs add @scope/pair@1.0.0');
});

it('answers 202 at once, and cancels what hangs', async () => {
  const { host, registry } = await hostWithRegistry();
  registry.stuck.add('one');
  const { status, body } = await host.call<Operation>('POST', '/libraries', { body: wanted });
  expect({ status, state: body.status }).toEqual({ status: 202, state: 'running' });
  await registry.hasBegun;
  expect(await host.ok('GET', `/operations/${body.id}`)).toMatchObject({
    status: 'running',
    progress: { phase: 'fetching', done: 1, total: 2 },
  });
  const cancelled = await host.ok<Operation>('POST', `/operations/${body.id}/cancel`);
  expect(cancelled).toMatchObject({ status: 'cancelled', ended_at: expect.any(String) });
  expect(await host.ok('GET', '/operations')).toEqual([cancelled]);
});

it('stores how long work went: a host that stops cancels it', async () => {
  const { host, registry } = await hostWithRegistry();
  registry.stuck.add('one');
  const { id } = await host.ok<Operation>('POST', '/libraries', wanted);
  await registry.hasBegun;
  await host.app.close();
  const next = await startTestHost({}, host.folder);
  expect(await next.ok('GET', `/operations/${id}`)).toMatchObject({ status: 'cancelled' });
});

it('ends what a host that died left running', async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const database = openDatabase(join(folder, 'test.db'));
  await new SqliteOperationStore(database).insert(sampleOperation());
  database.close();
  const host = await startTestHost({}, folder);
  expect(await host.ok('GET', '/operations')).toMatchObject([
    { id: sampleOperation().id, status: 'error', error: { message: 'interrupted by restart' } },
  ]);
});

it('refuses a session whose library is damaged, says how to mend it, and mends it', async () => {
  const { host } = await hostWithRegistry();
  await endedOperation(host, wanted);
  const template = await host.template('with a library');
  await host.ok('POST', `/templates/${template.id}/libraries`, { name });
  writeFileSync(join(host.folder, 'libraries', '@scope+pair-1.0.0.js'), 'damaged');
  await expect(host.session(template.id)).rejects.toThrow(/LIBRARY_NOT_CACHED.*is damaged.*Mend it with/);
  expect(await endedOperation(host, { name: '@scope/pair', version: '1.0.0' })).toMatchObject({ status: 'ok' });
  expect((await host.repl((await host.session(template.id)).id, 'pair')).result?.json).toBe(2);
});

it.for([
  [{}, '400 VALIDATION_ERROR'],
  [{ name: 'a' }, '400 VALIDATION_ERROR'],
  [{ name: 'a', version: '' }, '400 VALIDATION_ERROR'],
  [{ name: 'a', version: '1', global: 7 }, '400 VALIDATION_ERROR'],
  [{ name: 'a', version: '1', path: '/' }, '400 INVALID_REQUEST'],
] as const)('refuses %j', async ([body, refusal]) => {
  const host = await startTestHost();
  expect(await host.refusal('POST', '/libraries', body)).toBe(refusal);
});
