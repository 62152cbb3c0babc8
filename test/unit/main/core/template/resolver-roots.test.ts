import { describe, expect, test } from 'vitest';
import { checkRoots } from '#core/template/resolver-roots';
import { patchSettings, putSettings } from '#core/template/template-change';
import { defaultSettings, type TemplateDetail } from '#shared/contract/template';
import { sampleTemplateDetail } from '../../../../support/sample-records.ts';

const settingsWith = (...roots: string[]) => ({
  ...defaultSettings,
  resolver: { ...defaultSettings.resolver, roots },
});

const detailWith = (...roots: string[]): TemplateDetail => {
  const detail = sampleTemplateDetail();
  return { ...detail, settings: { vm_id: detail.template.id, ...settingsWith(...roots) } };
};

const refusalOf = (...paths: string[]) =>
  expect.objectContaining({
    code: 'VALIDATION_ERROR',
    details: { fields: paths.map((path) => ({ path, message: expect.stringContaining('folder of the worktree') })) },
  });

describe('a root of imports', () => {
  test.each(['src', '.', './src', 'src/', 'a/../b', 'a/b/../..', '..src', 'node_modules', 'ordner ü'])(
    'may be the folder %j of the worktree',
    (root) => {
      expect(() => checkRoots([root])).not.toThrow();
    },
  );

  test.each(['..', '../x', 'a/../../b', './..', '/srv/lib', '/', 'C:/lib', 'c:lib', '..\\x', 'src\\lib'])(
    'may not be %j',
    (root) => {
      expect(() => checkRoots(['src', root])).toThrow(refusalOf('resolver.roots.1'));
    },
  );

  test('is refused by whichever way settings are set', () => {
    expect(() => putSettings(settingsWith('../x', 'src', '/y'))(detailWith())).toThrow(
      refusalOf('resolver.roots.0', 'resolver.roots.2'),
    );
    expect(() => patchSettings({ resolver: { roots: ['../x'] } })(detailWith())).toThrow(refusalOf('resolver.roots.0'));
  });

  test('that was stored before stays, and keeps nobody from changing something else', () => {
    const { settings } = patchSettings({ limits: { cpu_ms: 7 } })(detailWith('../x'));
    expect(settings).toMatchObject({ limits: { cpu_ms: 7 }, resolver: { roots: ['../x'] } });
  });
});
