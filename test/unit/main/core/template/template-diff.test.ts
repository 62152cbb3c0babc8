import { describe, expect, it } from 'vitest';
import { describeDifferences, diffTemplates } from '#core/template/template-diff';
import type { TemplateDetail } from '#shared/contract/template';
import {
  sampleCapability,
  sampleId,
  sampleStartupFile,
  sampleTemplateDetail,
} from '../../../../support/sample-records.ts';

const a = sampleStartupFile({ path: 'a.js' });
const b = sampleStartupFile({ id: sampleId(22), path: 'lib/b.js', order_index: 5 });
const home = sampleCapability({ id: sampleId(12), kind: 'env', name: 'HOME', config: { value: 'x' } });
const before = sampleTemplateDetail({
  exposed_modules: ['fs'],
  libraries: ['ramda-0.29.0', 'lodash-4.17.21'],
  capabilities: [home],
  startup_files: [a, b],
});

const with_ = (changes: Partial<TemplateDetail>): TemplateDetail => ({ ...before, ...changes });
const template = (changes: Partial<TemplateDetail['template']>) =>
  with_({ template: { ...before.template, ...changes } });

describe('the differences of two states of a template', () => {
  it.each<[string, TemplateDetail, unknown[]]>([
    ['nothing', before, []],
    ['times, version and ids', template({ updated_at: 'later', version: 7, id: sampleId(9) }), []],
    ['ids of parts', with_({ capabilities: [{ ...home, id: sampleId(99) }] }), []],
    ['a name', template({ name: 'b' }), [{ path: 'name', kind: 'changed', before: 'sample', after: 'b' }]],
    [
      'a limit, deep inside',
      with_({ settings: { ...before.settings, limits: { ...before.settings.limits, cpu_ms: 7 } } }),
      [{ path: 'settings.limits.cpu_ms', kind: 'changed', before: 5000, after: 7 }],
    ],
    ['a module', template({ exposed_modules: [] }), [{ path: 'modules.fs', kind: 'removed', before: 'fs' }]],
    [
      'the order of libraries',
      template({ libraries: before.template.libraries.toReversed() }),
      [
        {
          path: 'libraries',
          kind: 'changed',
          before: ['ramda-0.29.0', 'lodash-4.17.21'],
          after: ['lodash-4.17.21', 'ramda-0.29.0'],
        },
      ],
    ],
    [
      'a library more, in front of the others',
      template({ libraries: ['dayjs-1.11.10', ...before.template.libraries] }),
      [{ path: 'libraries["dayjs-1.11.10"]', kind: 'added', after: 'dayjs-1.11.10' }],
    ],
    [
      'a capability whose place changed as well',
      with_({ capabilities: [sampleCapability(), { ...home, config: { value: 'y', more: [1] } }] }),
      [
        { path: 'capabilities["env:HOME"].config.value', kind: 'changed', before: 'x', after: 'y' },
        { path: 'capabilities["env:HOME"].config.more', kind: 'added', after: [1] },
        { path: 'capabilities["module:fs"]', kind: 'added', after: { enabled: true, config: {} } },
      ],
    ],
    [
      'a startup file that moved to the front',
      with_({ startup_files: [{ ...b, order_index: -1 }, a] }),
      [
        { path: 'startup_files["lib/b.js"].order_index', kind: 'changed', before: 5, after: -1 },
        { path: 'startup_files', kind: 'changed', before: ['a.js', 'lib/b.js'], after: ['lib/b.js', 'a.js'] },
      ],
    ],
    [
      'one path twice',
      with_({ startup_files: [a, { ...a, id: sampleId(23), mode: 'import' }, b] }),
      [{ path: 'startup_files["a.js (2)"]', kind: 'added', after: { mode: 'import', order_index: 0 } }],
    ],
    [
      'one capability twice, for the store to refuse',
      with_({ capabilities: [home, { ...home, id: sampleId(13) }] }),
      [{ path: 'capabilities["env:HOME (2)"]', kind: 'added', after: { enabled: true, config: { value: 'x' } } }],
    ],
    [
      'a field whose name means something to JavaScript',
      with_({ capabilities: [{ ...home, config: JSON.parse('{"value":"x","__proto__":{"b":1}}') }] }),
      [{ path: 'capabilities["env:HOME"].config.__proto__', kind: 'added', after: { b: 1 } }],
    ],
    [
      'a config that is a list now',
      with_({ capabilities: [{ ...home, config: [] }] }),
      [{ path: 'capabilities["env:HOME"].config', kind: 'changed', before: { value: 'x' }, after: [] }],
    ],
  ])('tell %s', (_, after, expected) => {
    expect(diffTemplates(before, after)).toEqual(expected);
  });

  it('are told on one line that does not grow without end', () => {
    const one = { path: 'modules.fs', kind: 'added', after: 'fs' } as const;
    expect(describeDifferences([one])).toBe('added modules.fs');
    expect(describeDifferences([one, one, one, one, one])).toBe(`${'added modules.fs, '.repeat(3)}2 more`);
    expect(describeDifferences([{ ...one, path: 'x'.repeat(5000) }])).toHaveLength(300);
    expect(describeDifferences(diffTemplates(before, with_({ startup_files: [a, b, { ...a, path: 'c\nd' }] })))).toBe(
      'added startup_files["c\\nd"]',
    );
  });
});
