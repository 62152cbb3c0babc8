import { describe, expect, it } from 'vitest';
import { addCapability, updateCapability } from '#core/template/capability-change';
import type { Capability } from '#shared/contract/template';
import { sampleCapability, sampleId, sampleTemplateDetail } from '../../../../support/sample-records.ts';

const detail = sampleTemplateDetail();
const refusal = (message: string) =>
  expect.objectContaining({ code: 'VALIDATION_ERROR', message: expect.stringContaining(message) });

describe('the config of a capability', () => {
  it.each<[Partial<Capability>, string]>([
    [{ kind: 'module', name: 'exec', config: { commands: 'git' } }, '"config.commands" must be a list'],
    [{ kind: 'module', name: 'exec', config: { commands: ['git', 7] } }, '"config.commands.1" must be a string'],
    [{ kind: 'module', name: 'database', config: { max_rows: 0 } }, '"config.max_rows" must be at least 1'],
    [{ kind: 'module', name: 'fs', config: { read_only: 'yes' } }, '"config.read_only" must be true or false'],
    [{ kind: 'fs', name: 'data', config: { mode: 'rwx' } }, '"config.mode" must be one of ro, rw'],
    [{ kind: 'net', name: 'api', config: { hosts: null } }, '"config.hosts" must be a list'],
    [
      { kind: 'net', name: 'api', config: { hosts: ['a.example', 'http://b.example'] } },
      '"config.hosts.1" must be a host without scheme and path, such as "api.example.org"',
    ],
    [{ kind: 'net', name: 'api', config: { hosts: ['b.example/v1'] } }, '"config.hosts.0" must be a host'],
    [{ kind: 'env', name: 'HOME', config: { value: 7 } }, '"config.value" must be a string'],
  ])('is refused where a known field is of another kind: %j', (changes, message) => {
    expect(() => addCapability(sampleCapability(changes))(detail)).toThrow(refusal(message));
  });

  it.each<Partial<Capability>>([
    { kind: 'module', name: 'exec', config: { commands: [], colour: 'red' } },
    { kind: 'module', name: 'my-module', config: { commands: 'git' } },
    { kind: 'fs', name: 'workspace', config: {} },
    { kind: 'global', name: 'config', config: { value: { deep: [null] } } },
    { kind: 'env', name: 'HOME', config: 'whatever older clients say' },
    { kind: 'net', name: 'api', config: [1, null] },
  ])('is taken as it comes otherwise: %j', (changes) => {
    const capability = sampleCapability(changes);
    expect(addCapability(capability)(detail).capabilities).toEqual([capability]);
  });
});

describe('a change of a capability', () => {
  const broken = sampleCapability({ name: 'exec', config: { commands: 'git' } });
  const other = sampleCapability({ id: sampleId(12), name: 'database' });
  const before = sampleTemplateDetail({ capabilities: [broken, other] });

  it('changes what it names, and no other capability', () => {
    const { capabilities } = updateCapability(other.id, { config: { max_rows: 1 }, enabled: false })(before);
    expect(capabilities).toEqual([broken, { ...other, config: { max_rows: 1 }, enabled: false }]);
  });

  it('switches off one whose config was stored before configs were checked', () => {
    expect(updateCapability(broken.id, { enabled: false })(before).capabilities[0]?.enabled).toBe(false);
  });

  it('checks the config under the new name', () => {
    const rename = updateCapability(other.id, { name: 'exec', config: { commands: 7 } });
    expect(() => rename(before)).toThrow(refusal('Of the capability module:exec, "config.commands"'));
  });

  it('is refused where there is no such capability', () => {
    const change = updateCapability(sampleId(99), { enabled: false });
    expect(() => change(before)).toThrow(expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND' }));
  });
});
