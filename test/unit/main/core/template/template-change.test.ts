import { describe, expect, it } from 'vitest';
import { removeCapability } from '#core/template/capability-change';
import { addStartupFile, removeStartupFile } from '#core/template/startup-file-change';
import * as change from '#core/template/template-change';
import { defaultSettings, type TemplateDetail } from '#shared/contract/template';

const id = '00000000-0000-4000-8000-000000000001';
const partId = '00000000-0000-4000-8000-000000000002';
const at = '2026-11-20T10:00:00.000Z';
const detail: TemplateDetail = {
  template: {
    id,
    name: 'one',
    engine: 'quickjs',
    is_active: true,
    exposed_modules: ['fs'],
    libraries: [],
    version: 1,
    created_at: at,
    updated_at: at,
  },
  settings: { vm_id: id, ...defaultSettings },
  capabilities: [],
  startup_files: [],
};
const startupFile = (path: string, orderIndex: number, mode = 'eval') =>
  addStartupFile({ id: partId, vm_id: id, path, order_index: orderIndex, mode });
const codeOf = (code: string) => expect.objectContaining({ code });

describe('engines', () => {
  it('takes goja for quickjs, so that older scripts run', () => {
    expect(change.engineNamed('goja')).toBe('quickjs');
    expect(change.engineNamed('quickjs')).toBe('quickjs');
  });

  it.each(['v8', 'constructor', '__proto__', ''])('refuses engine %j and lists the supported ones', (name) => {
    expect(() => change.engineNamed(name)).toThrow(codeOf('ENGINE_UNSUPPORTED'));
  });
});

describe('settings', () => {
  it('changes only the fields that a patch names', () => {
    const { settings } = change.patchSettings({ limits: { cpu_ms: 7 } })(detail);
    expect(settings).toEqual({ vm_id: id, ...defaultSettings, limits: { ...defaultSettings.limits, cpu_ms: 7 } });
  });
});

describe('modules', () => {
  it('grants a module once, however often it is asked for', () => {
    const twice = change.addModule('exec')(change.addModule('exec')(detail));
    expect(twice.template.exposed_modules).toEqual(['exec', 'fs']);
  });

  it.each(['console', 'math', 'json', 'date', 'array', 'string', 'object', 'promise', 'net', 'toString'])(
    'refuses %s, which is no native module',
    (name) => {
      expect(() => change.addModule(name)(detail)).toThrow(codeOf('MODULE_NOT_ALLOWED'));
    },
  );

  it('withdraws a module, and one that is not granted without complaint', () => {
    expect(change.removeModule('fs')(detail).template.exposed_modules).toEqual([]);
    expect(change.removeModule('exec')(detail)).toEqual(detail);
  });
});

describe('startup files', () => {
  it('keeps them in their order, and in the order of arrival where that is equal', () => {
    const added = [startupFile('b', 2), startupFile('a', 1), startupFile('c', 2)].reduce(
      (now, add) => add(now),
      detail,
    );
    expect(added.startup_files.map((file) => file.path)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a mode that does not exist, and import while esm is off', () => {
    expect(() => startupFile('a', 0, 'compile')(detail)).toThrow(codeOf('STARTUP_MODE_UNSUPPORTED'));
    expect(() => startupFile('a', 0, 'import')(detail)).toThrow(codeOf('STARTUP_MODE_UNSUPPORTED'));
  });

  it('takes import when esm is on', () => {
    const withEsm = change.patchSettings({ runtime: { esm: true } })(detail);
    expect(startupFile('a', 0, 'import')(withEsm).startup_files[0]?.mode).toBe('import');
  });

  it('refuses to remove what is not there', () => {
    expect(() => removeStartupFile(partId)(detail)).toThrow(codeOf('STARTUP_FILE_NOT_FOUND'));
    expect(() => removeCapability(partId)(detail)).toThrow(codeOf('CAPABILITY_NOT_FOUND'));
  });
});
