/** Templates through time and from place to place, over REST: versions, restore, documents, and what sessions run under. */
import { expect, it } from 'vitest';
import type { SessionPolicyDetail } from '#shared/contract/policy';
import type { Session } from '#shared/contract/session';
import type { Capability, StartupFile, Template, TemplateDetail } from '#shared/contract/template';
import type { TemplateDocument } from '#shared/contract/template-document';
import type { Difference, TemplateVersion, TemplateVersionDetail } from '#shared/contract/template-version';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

async function newTemplate(host: TestHost, name = 'one'): Promise<string> {
  return (await host.ok<Template>('POST', '/templates', { name })).id;
}

const versionsOf = (host: TestHost, id: string) => host.ok<TemplateVersion[]>('GET', `/templates/${id}/versions`);
const detailOf = (host: TestHost, id: string) => host.ok<TemplateDetail>('GET', `/templates/${id}`);

/** A template with something in every place. */
async function fullTemplate(host: TestHost): Promise<string> {
  const id = await newTemplate(host);
  const path = `/templates/${id}`;
  await host.ok('PATCH', `${path}/settings`, { runtime: { esm: true }, limits: { cpu_ms: 77 } });
  await host.ok('POST', `${path}/modules`, { name: 'exec' });
  await host.ok('POST', `${path}/libraries`, { name: 'ramda-0.29.0' });
  await host.ok('POST', `${path}/capabilities`, { name: 'exec', config: { commands: ['git'], note: 'ours' } });
  await host.ok('POST', `${path}/capabilities`, { kind: 'env', name: 'HOME', enabled: false });
  await host.ok('POST', `${path}/startup-files`, { path: 'b.js', order_index: 2, mode: 'import' });
  await host.ok('POST', `${path}/startup-files`, { path: 'a.js', order_index: 2 });
  return id;
}

it('every change makes a version that says what was done, and what changes nothing makes none', async () => {
  const host = await startTestHost();
  const id = await newTemplate(host);
  await host.ok('PATCH', `/templates/${id}/settings`, { limits: { cpu_ms: 7 } });
  await host.ok('PATCH', `/templates/${id}/settings`, { limits: { cpu_ms: 7 } });
  await host.ok('POST', `/templates/${id}/modules`, { name: 'fs' });
  await host.ok('POST', `/templates/${id}/modules`, { name: 'fs' });
  await host.ok('PATCH', `/templates/${id}`, { name: 'renamed' });
  const versions = await versionsOf(host, id);
  expect(versions.map(({ version, change }) => `${version} ${change}`)).toEqual([
    '4 changed name',
    '3 added modules.fs',
    '2 changed settings.limits.cpu_ms',
    '1 created',
  ]);
  expect(versions[0]?.policy_hash).toBe(versions[1]?.policy_hash);
  expect(new Set(versions.map((version) => version.policy_hash)).size).toBe(3);
  expect((await detailOf(host, id)).template).toMatchObject({ version: 4, updated_at: versions[0]?.created_at });
  expect(await host.ok('GET', `/templates/${id}/versions?limit=1`)).toEqual(versions.slice(0, 1));
});

it('a version shows the template as it was, and two versions what lies between them', async () => {
  const host = await startTestHost();
  const id = await newTemplate(host);
  const before = await detailOf(host, id);
  await host.ok('PATCH', `/templates/${id}/settings`, { limits: { cpu_ms: 7 } });
  const first = await host.ok<TemplateVersionDetail>('GET', `/templates/${id}/versions/1`);
  expect(first.detail).toEqual(before);
  const forth = await host.ok<Difference[]>('GET', `/templates/${id}/versions/1/diff/2`);
  expect(forth).toEqual([{ path: 'settings.limits.cpu_ms', kind: 'changed', before: 5000, after: 7 }]);
  expect(await host.ok('GET', `/templates/${id}/versions/2/diff/1`)).toMatchObject([{ before: 7, after: 5000 }]);
  expect(await host.ok('GET', `/templates/${id}/versions/2/diff/2`)).toEqual([]);
  expect(await host.refusal('GET', `/templates/${id}/versions/3`)).toBe('404 TEMPLATE_VERSION_NOT_FOUND');
  expect(await host.refusal('GET', `/templates/${id}/versions/1/diff/3`)).toBe('404 TEMPLATE_VERSION_NOT_FOUND');
  expect(await host.refusal('GET', `/templates/${id}/versions/zero`)).toBe('400 VALIDATION_ERROR');
});

it('a version is restored to the letter, as a version of its own, also after a restart', async () => {
  const host = await startTestHost();
  const id = await fullTemplate(host);
  const before = await detailOf(host, id);
  const { version } = before.template;
  const [b] = before.startup_files;
  // Deleted and added anew it would come last: both files have one number.
  await host.ok('DELETE', `/templates/${id}/startup-files/${b?.id}`);
  await host.ok('DELETE', `/templates/${id}/capabilities/${before.capabilities[0]?.id}`);
  await host.ok('PATCH', `/templates/${id}`, { name: 'other', is_active: false });
  await host.app.close();

  const next = await startTestHost({}, host.folder);
  await next.ok('POST', `/templates/${id}/versions/${version}/restore`, {});
  const after = await detailOf(next, id);
  const { updated_at } = after.template;
  expect(after).toEqual({ ...before, template: { ...before.template, version: version + 4, updated_at } });
  expect((await versionsOf(next, id))[0]).toMatchObject({ change: `restored version ${version}` });
  await next.ok('POST', `/templates/${id}/versions/${version}/restore`);
  expect((await detailOf(next, id)).template.version).toBe(version + 4);
});

it('a version is not restored where its name is taken by now', async () => {
  const host = await startTestHost();
  const id = await newTemplate(host);
  await host.ok('PATCH', `/templates/${id}`, { name: 'renamed' });
  await newTemplate(host);
  expect(await host.refusal('POST', `/templates/${id}/versions/1/restore`)).toBe('409 TEMPLATE_NAME_TAKEN');
  expect(await versionsOf(host, id)).toHaveLength(2);
});

it('parts are changed in place and startup files put into another order', async () => {
  const host = await startTestHost();
  const id = await fullTemplate(host);
  const { capabilities, startup_files: files } = await detailOf(host, id);
  const exec = `/templates/${id}/capabilities/${capabilities[0]?.id}`;
  expect(await host.ok<Capability>('PATCH', exec, { enabled: false })).toMatchObject({
    name: 'exec',
    enabled: false,
    config: { commands: ['git'], note: 'ours' },
  });
  expect(await host.refusal('PATCH', exec, { config: { commands: 'git' } })).toBe('400 VALIDATION_ERROR');
  expect(await host.refusal('PATCH', exec, { kind: 'env' })).toBe('400 INVALID_REQUEST');
  await host.ok('POST', `/templates/${id}/capabilities`, { name: 'fs' });
  expect(await host.refusal('PATCH', exec, { name: 'fs' })).toBe('409 CAPABILITY_NAME_TAKEN');

  const first = `/templates/${id}/startup-files/${files[0]?.id}`;
  expect(await host.ok('PATCH', first, { path: 'c.js', mode: 'eval' })).toMatchObject({ path: 'c.js', mode: 'eval' });
  expect(await host.refusal('PATCH', first, { path: '../c.js' })).toBe('422 INVALID_PATH');
  expect(await host.refusal('PATCH', first, { mode: 'compile' })).toBe('422 STARTUP_MODE_UNSUPPORTED');
  const order = `/templates/${id}/startup-files/order`;
  const ids = files.map((file) => file.id).toReversed();
  const reordered = await host.ok<StartupFile[]>('PUT', order, { ids });
  expect(reordered.map((file) => file.path)).toEqual(['a.js', 'c.js']);
  expect(await host.ok('GET', `/templates/${id}/startup-files`)).toEqual(reordered);
  expect(await host.refusal('PUT', order, { ids: ids.slice(1) })).toBe('400 VALIDATION_ERROR');
});

it('a duplicate and an imported document are the same template under another name', async () => {
  const host = await startTestHost();
  const id = await fullTemplate(host);
  const document = await host.ok<TemplateDocument>('GET', `/templates/${id}/export`);
  expect(JSON.stringify(document)).not.toMatch(/[0-9a-f]{8}-|"id"|_at"/);
  const copy = await host.ok<Template>('POST', `/templates/${id}/duplicate`, { name: 'copy' });
  const other = await startTestHost();
  const imported = await other.ok<Template>('POST', '/templates/import', { template: document, name: 'copy' });
  expect(await host.ok('GET', `/templates/${copy.id}/export`)).toEqual({ ...document, name: 'copy' });
  expect(await other.ok('GET', `/templates/${imported.id}/export`)).toEqual({ ...document, name: 'copy' });
  const hashes = [await versionsOf(host, id), await versionsOf(host, copy.id), await versionsOf(other, imported.id)];
  expect(new Set(hashes.map(([newest]) => newest?.policy_hash)).size).toBe(1);
  expect(hashes.slice(1).map((versions) => versions.length)).toEqual([1, 1]);
  expect(await host.refusal('POST', '/templates/import', { template: document })).toBe('409 TEMPLATE_NAME_TAKEN');
});

it('a document that could not have been made by hand is refused', async () => {
  const host = await startTestHost();
  const id = await fullTemplate(host);
  const document = await host.ok<TemplateDocument>('GET', `/templates/${id}/export`);
  const refusalOf = async (changes: object) => {
    const body = { template: { ...document, ...changes }, name: 'other' };
    const reply = await host.call<{ error: { code: string; message: string } }>('POST', '/templates/import', { body });
    return `${reply.status} ${reply.body.error.code}: ${reply.body.error.message}`;
  };
  const [file] = document.startup_files;
  const twin = { kind: 'env', name: 'HOME', enabled: true, config: {} };
  expect(await refusalOf({ format_version: 2, colour: 'red' })).toMatch(
    /^400 VALIDATION_ERROR: .*format_version" must be 1/,
  );
  expect(await refusalOf({ format: 'docker' })).toMatch(
    /^400 VALIDATION_ERROR: .*format" must be "vm-system-template"/,
  );
  expect(await refusalOf({ colour: 'red' })).toMatch(/^400 INVALID_REQUEST: .*colour/);
  expect(await refusalOf({ settings: undefined })).toMatch(/^400 VALIDATION_ERROR: .*settings" is required/);
  expect(await refusalOf({ engine: 'v8' })).toMatch(/^422 ENGINE_UNSUPPORTED/);
  expect(await refusalOf({ modules: ['console'] })).toMatch(/^422 MODULE_NOT_ALLOWED/);
  expect(await refusalOf({ startup_files: [{ ...file, path: '../b.js' }] })).toMatch(/^422 INVALID_PATH/);
  expect(await refusalOf({ startup_files: [{ ...file, mode: 'compile' }] })).toMatch(/^422 STARTUP_MODE_UNSUPPORTED/);
  expect(await refusalOf({ capabilities: [{ ...twin, config: { value: 7 } }] })).toMatch(
    /"config.value" must be a string/,
  );
  expect(await refusalOf({ capabilities: [twin, twin] })).toMatch(/^409 CAPABILITY_NAME_TAKEN/);
  expect(await refusalOf({ capabilities: Array(1001).fill(twin) })).toMatch(/must have at most 1000 entries/);
  expect(await host.ok<Template[]>('GET', '/templates')).toHaveLength(1);
});

it('a session says under which policy it runs, and whether its template still allows that', async () => {
  const host = await startTestHost();
  const id = await newTemplate(host);
  const session = await host.session(id);
  const [created] = await versionsOf(host, id);
  const current = { hash: created?.policy_hash, template_version: 1, is_current: true };
  expect(session.policy).toEqual(current);

  await host.ok('PATCH', `/templates/${id}`, { name: 'renamed' });
  expect((await host.ok<Session>('GET', `/sessions/${session.id}`)).policy).toEqual(current);
  await host.ok('POST', `/templates/${id}/modules`, { name: 'fs' });
  const outdated = { ...current, is_current: false };
  expect((await host.ok<Session>('GET', `/sessions/${session.id}`)).policy).toEqual(outdated);
  const young = await host.session(id);
  const listed = await host.ok<Session[]>('GET', '/sessions');
  expect(listed.map(({ policy }) => [policy?.template_version, policy?.is_current])).toEqual([
    [3, true],
    [1, false],
  ]);
  const policy = await host.ok<SessionPolicyDetail>('GET', `/sessions/${session.id}/policy`);
  expect(policy).toMatchObject({ ...outdated, content: { template_name: 'one', modules: [] } });

  await host.ok('POST', `/templates/${id}/versions/1/restore`);
  expect((await host.ok<Session>('GET', `/sessions/${session.id}`)).policy).toEqual(current);
  await host.ok('DELETE', `/templates/${id}`);
  const closed = await host.ok<Session>('POST', `/sessions/${young.id}/close`);
  expect(closed.policy).toEqual({ hash: young.policy?.hash, template_version: 3 });
});
