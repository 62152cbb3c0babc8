/** What every TemplateStore does, whatever it stands on. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TemplateStore } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { TemplateDetail } from '#shared/contract/template';
import {
  sampleCapability,
  sampleId,
  sampleRevision,
  sampleStartupFile,
  sampleTemplateDetail,
  sampleTime,
} from '../../support/sample-records.ts';

const unknownId = sampleId(99);

export function describeTemplateStore(adapter: string, open: () => TemplateStore): void {
  describe(`TemplateStore ${adapter}`, () => {
    let templates: TemplateStore;
    beforeEach(() => {
      templates = open();
    });

    const insert = (detail: TemplateDetail) => templates.insert(sampleRevision(detail));
    /** Stores the change as the next version. */
    const modify = (id: string, change: (detail: TemplateDetail) => TemplateDetail) =>
      templates.modify(id, (detail) => sampleRevision(asNext(change(detail)), { change: 'changed' }));

    it('gives a template back with all its parts as it was stored', async () => {
      const detail = fullTemplate();
      await insert(detail);
      expect(await templates.find(detail.template.id)).toStrictEqual(detail);
    });

    it('finds nothing under an unknown id', async () => {
      expect(await templates.find(unknownId)).toBeUndefined();
    });

    it('lists templates in the order they were made, whatever the clock said', async () => {
      await insert(sampleTemplateDetail({ id: sampleId(5), name: 'young', created_at: sampleTime(9) }));
      await insert(sampleTemplateDetail({ id: sampleId(4), name: 'old, first', created_at: sampleTime(1) }));
      await insert(sampleTemplateDetail({ id: sampleId(3), name: 'old, second', created_at: sampleTime(1) }));
      const names = (await templates.list()).map((template) => template.name);
      expect(names).toEqual(['young', 'old, first', 'old, second']);
    });

    it('keeps its own copy of what it was given', async () => {
      const detail = fullTemplate();
      await insert(detail);
      detail.template.libraries.push('moment-2.29.4');
      expect((await templates.find(detail.template.id))?.template.libraries).toEqual(['lodash-4.17.21']);
    });

    it('refuses a second template of one name and keeps the first', async () => {
      await insert(sampleTemplateDetail({ name: 'taken' }));
      const second = sampleTemplateDetail({ id: sampleId(2), name: 'taken' });
      await expect(insert(second)).rejects.toMatchObject({
        code: 'TEMPLATE_NAME_TAKEN',
        details: { name: 'taken' },
      });
      expect(await templates.find(sampleId(2))).toBeUndefined();
      expect(await templates.list()).toHaveLength(1);
    });

    it('stores a change of every part and resolves to the result', async () => {
      await insert(fullTemplate());
      const changed = await modify(sampleId(1), changeEverything);
      expect(changed).toStrictEqual(asNext(changeEverything(fullTemplate())));
      expect(await templates.find(sampleId(1))).toStrictEqual(changed);
    });

    it('resolves to undefined for a change of an unknown template, and does not ask for it', async () => {
      const ask = () => {
        throw new Error('was asked');
      };
      expect(await modify(unknownId, ask)).toBeUndefined();
    });

    it('leaves everything as it was where the change throws', async () => {
      await insert(fullTemplate());
      const refuse = (detail: TemplateDetail) => {
        detail.template.name = 'half done';
        throw new VmError('CAPABILITY_NOT_FOUND', 'no such capability');
      };
      await expect(modify(sampleId(1), refuse)).rejects.toMatchObject({ code: 'CAPABILITY_NOT_FOUND' });
      expect(await templates.find(sampleId(1))).toStrictEqual(fullTemplate());
    });

    it('refuses to give a template the name of another', async () => {
      await insert(sampleTemplateDetail({ name: 'taken' }));
      await insert(sampleTemplateDetail({ id: sampleId(2), name: 'free' }));
      const rename = (detail: TemplateDetail) => ({ ...detail, template: { ...detail.template, name: 'taken' } });
      await expect(modify(sampleId(2), rename)).rejects.toMatchObject({
        code: 'TEMPLATE_NAME_TAKEN',
        details: { name: 'taken' },
      });
      expect((await templates.find(sampleId(2)))?.template.name).toBe('free');
    });

    it('refuses a second capability of one kind and name, and stores nothing else of that change', async () => {
      await insert(fullTemplate());
      const twin = sampleCapability({ id: sampleId(13), kind: 'fs', name: 'data' });
      const addTwin = (detail: TemplateDetail) => ({
        ...detail,
        template: { ...detail.template, is_active: false },
        capabilities: [...detail.capabilities, twin],
      });
      await expect(modify(sampleId(1), addTwin)).rejects.toMatchObject({
        code: 'CAPABILITY_NAME_TAKEN',
        details: { kind: 'fs', name: 'data' },
      });
      expect(await templates.find(sampleId(1))).toStrictEqual(fullTemplate());
    });

    it('allows one capability name under two kinds, and in two templates', async () => {
      const capabilities = [sampleCapability({ kind: 'module' }), sampleCapability({ id: sampleId(12), kind: 'env' })];
      await insert(sampleTemplateDetail({ capabilities }));
      const other = sampleTemplateDetail({
        id: sampleId(2),
        name: 'other',
        capabilities: [sampleCapability({ id: sampleId(13) })],
      });
      await insert(other);
      expect(await templates.find(sampleId(2))).toStrictEqual(other);
    });

    it('frees the name of a capability that goes in the same change', async () => {
      await insert(sampleTemplateDetail({ capabilities: [sampleCapability()] }));
      const replacement = sampleCapability({ id: sampleId(12), enabled: false });
      const replace = (detail: TemplateDetail) => ({ ...detail, capabilities: [replacement] });
      expect((await modify(sampleId(1), replace))?.capabilities).toEqual([replacement]);
    });

    it('keeps capabilities in the order in which a change gives them', async () => {
      const [first, second, third] = ['b', 'a', 'c'].map((name, index) =>
        sampleCapability({ id: sampleId(30 - index), name }),
      );
      const capabilities = [first, second].filter((one) => one !== undefined);
      await insert(sampleTemplateDetail({ capabilities }));
      const shuffle = (detail: TemplateDetail) => ({
        ...detail,
        capabilities: [third, ...detail.capabilities.toReversed()].filter((one) => one !== undefined),
      });
      await modify(sampleId(1), shuffle);
      expect((await templates.find(sampleId(1)))?.capabilities.map((one) => one.name)).toEqual(['c', 'a', 'b']);
    });

    it('sorts startup files by order_index, then in the order in which they are given', async () => {
      const file = (number: number, order_index: number) =>
        sampleStartupFile({ id: sampleId(number), path: `${number}.js`, order_index });
      await insert(sampleTemplateDetail({ startup_files: [file(49, 5), file(48, 0), file(47, 5)] }));
      const add = (detail: TemplateDetail) => ({
        ...detail,
        startup_files: [...detail.startup_files, file(46, -1), file(45, 0)],
      });
      await modify(sampleId(1), add);
      const paths = (await templates.find(sampleId(1)))?.startup_files.map((startupFile) => startupFile.path);
      expect(paths).toEqual(['46.js', '48.js', '45.js', '49.js', '47.js']);
    });

    it('deletes a template with its parts, and nothing of another', async () => {
      const other = sampleTemplateDetail({ id: sampleId(2), name: 'other', startup_files: [sampleStartupFile()] });
      await insert(other);
      const capabilities = [sampleCapability()];
      await insert(sampleTemplateDetail({ capabilities }));
      expect(await templates.delete(sampleId(1))).toBe(true);
      expect(await templates.find(sampleId(1))).toBeUndefined();
      expect(await templates.find(sampleId(2))).toStrictEqual(other);
      await insert(sampleTemplateDetail({ capabilities }));
      expect(await templates.find(sampleId(1))).toStrictEqual(sampleTemplateDetail({ capabilities }));
    });

    it('keeps every version whole, and lists them newest first', async () => {
      await insert(fullTemplate());
      await modify(sampleId(1), changeEverything);
      const hash = 'cd'.repeat(32);
      const rename = (detail: TemplateDetail) =>
        sampleRevision(asNext(detail), { change: 'renamed', policy_hash: hash });
      await templates.modify(sampleId(1), rename);
      const [first, third] = [await templates.version(sampleId(1), 1), await templates.version(sampleId(1), 3)];
      const created = { version: 1, created_at: sampleTime(), change: 'created', policy_hash: 'ab'.repeat(32) };
      expect(first).toStrictEqual({ ...created, detail: fullTemplate() });
      expect(third?.detail).toStrictEqual(await templates.find(sampleId(1)));
      expect(await templates.versions(sampleId(1), 50)).toStrictEqual([
        { version: 3, created_at: sampleTime(60), change: 'renamed', policy_hash: hash },
        { version: 2, created_at: sampleTime(60), change: 'changed', policy_hash: 'ab'.repeat(32) },
        created,
      ]);
      expect(await templates.versions(sampleId(1), 1)).toMatchObject([{ version: 3 }]);
      expect(await templates.policyHashes([sampleId(1), unknownId])).toEqual(new Map([[sampleId(1), hash]]));
    });

    it('makes no version where a change makes no revision, or is refused', async () => {
      await insert(fullTemplate());
      expect(await templates.modify(sampleId(1), () => undefined)).toStrictEqual(fullTemplate());
      const clash = [sampleCapability(), sampleCapability({ id: sampleId(12) })];
      await expect(modify(sampleId(1), (detail) => ({ ...detail, capabilities: clash }))).rejects.toThrow();
      expect(await templates.versions(sampleId(1), 50)).toHaveLength(1);
    });

    it('knows no version of what is not there', async () => {
      await insert(fullTemplate());
      expect(await templates.version(sampleId(1), 2)).toBeUndefined();
      expect(await templates.version(unknownId, 1)).toBeUndefined();
      expect(await templates.versions(unknownId, 50)).toEqual([]);
      expect(await templates.policyHashes([])).toEqual(new Map());
    });

    it('deletes the versions of a template with it', async () => {
      await insert(fullTemplate());
      await templates.delete(sampleId(1));
      expect(await templates.versions(sampleId(1), 50)).toEqual([]);
      await insert(fullTemplate());
      expect(await templates.versions(sampleId(1), 50)).toHaveLength(1);
    });

    it('says that there was nothing to delete', async () => {
      expect(await templates.delete(unknownId)).toBe(false);
    });
  });
}

function fullTemplate(): TemplateDetail {
  return sampleTemplateDetail({
    name: 'Größe "1"; DROP TABLE template;--',
    exposed_modules: ['fs', 'exec'],
    libraries: ['lodash-4.17.21'],
    capabilities: [
      sampleCapability({ kind: 'fs', name: 'data', enabled: false, config: { root: 'data', depth: [1, null, 'ü'] } }),
      sampleCapability({ id: sampleId(12), kind: 'env', name: 'HOME', config: null }),
    ],
    startup_files: [sampleStartupFile({ mode: 'import', order_index: -3 })],
  });
}

function asNext({ template, ...parts }: TemplateDetail): TemplateDetail {
  return { ...parts, template: { ...template, version: template.version + 1 } };
}

function changeEverything({ template, settings, capabilities }: TemplateDetail): TemplateDetail {
  return {
    template: { ...template, name: 'renamed', is_active: false, libraries: [], updated_at: sampleTime(60) },
    settings: { ...settings, limits: { ...settings.limits, cpu_ms: 1 }, runtime: { ...settings.runtime, esm: true } },
    capabilities: [...capabilities.slice(1), sampleCapability({ id: sampleId(14), kind: 'net', name: 'example.org' })],
    startup_files: [],
  };
}
