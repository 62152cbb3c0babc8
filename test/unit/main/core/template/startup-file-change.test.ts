import { describe, expect, it } from 'vitest';
import { reorderStartupFiles, updateStartupFile } from '#core/template/startup-file-change';
import { sampleId, sampleStartupFile, sampleTemplateDetail } from '../../../../support/sample-records.ts';

const [a, b, c] = ['a', 'b', 'c'].map((path, index) =>
  sampleStartupFile({ id: sampleId(21 + index), path, order_index: 10 * index }),
) as [ReturnType<typeof sampleStartupFile>, ReturnType<typeof sampleStartupFile>, ReturnType<typeof sampleStartupFile>];
const before = sampleTemplateDetail({ startup_files: [a, b, c] });

describe('a change of a startup file', () => {
  it('keeps the files in the order in which they run', () => {
    const { startup_files } = updateStartupFile(a.id, { order_index: 10, path: 'z' })(before);
    expect(startup_files.map((file) => `${file.path} ${file.order_index}`)).toEqual(['z 10', 'b 10', 'c 20']);
  });

  it('asks for esm only where it names the mode', () => {
    const imported = sampleTemplateDetail({ startup_files: [{ ...a, mode: 'import' }] });
    expect(updateStartupFile(a.id, { path: 'z' })(imported).startup_files[0]?.mode).toBe('import');
    const change = updateStartupFile(a.id, { mode: 'import' });
    expect(() => change(imported)).toThrow(expect.objectContaining({ code: 'STARTUP_MODE_UNSUPPORTED' }));
  });

  it('is refused where there is no such file', () => {
    const change = updateStartupFile(sampleId(99), { path: 'z' });
    expect(() => change(before)).toThrow(expect.objectContaining({ code: 'STARTUP_FILE_NOT_FOUND' }));
  });
});

describe('a new order of startup files', () => {
  it('numbers them anew', () => {
    const { startup_files } = reorderStartupFiles([c.id, a.id, b.id])(before);
    expect(startup_files.map((file) => `${file.path} ${file.order_index}`)).toEqual(['c 0', 'a 1', 'b 2']);
  });

  it('changes nothing where it is the order there is', () => {
    expect(reorderStartupFiles([a.id, b.id, c.id])(before)).toBe(before);
  });

  it.each([
    ['one is missing', [a.id, b.id]],
    ['one is not there', [a.id, b.id, sampleId(99)]],
    ['one is named twice', [a.id, b.id, b.id]],
    ['there is one too many', [a.id, b.id, c.id, c.id]],
  ])('is refused where %s', (_, ids) => {
    expect(() => reorderStartupFiles(ids)(before)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }));
  });
});
