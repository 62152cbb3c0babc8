import { describe, expect, it } from 'vitest';
import { policyOf } from '#core/policy';
import { canonicalJson, policyHash } from '#core/template/policy-hash';
import { systemSha256 } from '#main/system-ports';
import type { Capability, Template, TemplateDetail } from '#shared/contract/template';
import {
  sampleCapability,
  sampleId,
  sampleStartupFile,
  sampleTemplateDetail,
} from '../../../../support/sample-records.ts';

const parts = {
  exposed_modules: ['exec', 'fs'],
  libraries: ['ramda-0.29.0', 'lodash-4.17.21'],
  capabilities: [
    sampleCapability({ config: { read_only: true, max_entries: 3 } }),
    sampleCapability({ id: sampleId(12), kind: 'env', name: 'HOME', config: { value: 'x' } }),
    sampleCapability({ id: sampleId(13), kind: 'net', name: 'away', enabled: false }),
  ],
  startup_files: [sampleStartupFile(), sampleStartupFile({ id: sampleId(22), path: 'b.js', order_index: 5 })],
};

const original = sampleTemplateDetail(parts);
const hashOf = (detail: TemplateDetail) => policyHash(policyOf(detail), systemSha256);
const withTemplate = (changes: Partial<Template>): TemplateDetail => ({
  ...original,
  template: { ...original.template, ...changes },
});

describe('the hash of a policy', () => {
  it('is the same for ever: stored hashes are compared with new ones', () => {
    expect(hashOf(original)).toBe('876572c87cf4aad6c7bf3ed6d4fc509fd37527561912ed0425890cd61883127b');
  });

  it.each<[string, TemplateDetail]>([
    ['the name, the version and the times', withTemplate({ name: 'other', version: 9, updated_at: 'later' })],
    ['being active', withTemplate({ is_active: false })],
    ['the order of modules', withTemplate({ exposed_modules: ['fs', 'exec'] })],
    ['the order of capabilities', { ...original, capabilities: original.capabilities.toReversed() }],
    ['a disabled capability', { ...original, capabilities: original.capabilities.slice(0, 2) }],
    [
      'ids, and in which order the fields of a config were written',
      {
        ...original,
        capabilities: [
          sampleCapability({ id: sampleId(77), config: { max_entries: 3, read_only: true } }),
          ...original.capabilities.slice(1),
        ],
      },
    ],
    [
      'numbers of startup files that run in the same order',
      { ...original, startup_files: original.startup_files.map((file, index) => ({ ...file, order_index: index })) },
    ],
  ])('does not depend on %s', (_, detail) => {
    expect(hashOf(detail)).toBe(hashOf(original));
  });

  it.each<[string, TemplateDetail]>([
    [
      'a limit',
      { ...original, settings: { ...original.settings, limits: { ...original.settings.limits, cpu_ms: 7 } } },
    ],
    ['a module', withTemplate({ exposed_modules: ['fs'] })],
    ['the order of libraries', withTemplate({ libraries: parts.libraries.toReversed() })],
    ['what a capability says', { ...original, capabilities: [sampleCapability(), ...original.capabilities.slice(1)] }],
    ['a capability that is switched on', { ...original, capabilities: original.capabilities.map(switchedOn) }],
    ['the order of startup files', { ...original, startup_files: original.startup_files.toReversed() }],
  ])('depends on %s', (_, detail) => {
    expect(hashOf(detail)).not.toBe(hashOf(original));
  });
});

function switchedOn(capability: Capability): Capability {
  return { ...capability, enabled: true };
}

describe('canonical JSON', () => {
  it('sorts the fields of every object, and no list', () => {
    expect(canonicalJson({ b: [{ z: 1, y: 2 }, 1, 0], a: null })).toBe('{"a":null,"b":[{"y":2,"z":1},1,0]}');
  });

  it('keeps fields whose names mean something to JavaScript', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1},"b":1}');
  });
});
