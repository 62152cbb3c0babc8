/** What can be done to the startup files of a template. They are always in the order in which they run. */
import type { TemplateChange } from '#core/template/template-change';
import { type PartKey, withoutPart, withPart } from '#core/template/template-parts';
import { VmError } from '#core/vm-error';
import {
  type StartupFile,
  startupModeSchema,
  type TemplateDetail,
  type UpdateStartupFile,
} from '#shared/contract/template';

/** A startup file as a client asks for it: its mode is not yet known to be one. */
export type StartupFileRequest = Omit<StartupFile, 'mode'> & { readonly mode: string };

export const addStartupFile =
  ({ mode, ...file }: StartupFileRequest): TemplateChange =>
  (detail) => {
    const added: StartupFile = { ...file, mode: startupModeNamed(mode, detail) };
    return { ...detail, startup_files: inOrder([...detail.startup_files, added]) };
  };

export const updateStartupFile =
  (id: string, { path, mode, order_index }: UpdateStartupFile): TemplateChange =>
  (detail) => {
    const change = (file: StartupFile): StartupFile => ({
      ...file,
      path: path ?? file.path,
      mode: mode === undefined ? file.mode : startupModeNamed(mode, detail),
      order_index: order_index ?? file.order_index,
    });
    return { ...detail, startup_files: inOrder(withPart(detail.startup_files, keyOf(id, detail), change)) };
  };

export const removeStartupFile =
  (id: string): TemplateChange =>
  (detail) => ({ ...detail, startup_files: withoutPart(detail.startup_files, keyOf(id, detail)) });

/** Numbers the files anew in the order of the ids. Throws VALIDATION_ERROR unless they are the template's, each once. */
export const reorderStartupFiles =
  (ids: readonly string[]): TemplateChange =>
  (detail) => {
    const files = detail.startup_files;
    refuseOtherIds(ids, files);
    if (files.every((file, index) => file.id === ids[index])) return detail;
    const numbered = files.map((file) => ({ ...file, order_index: ids.indexOf(file.id) }));
    return { ...detail, startup_files: inOrder(numbered) };
  };

/** The sort keeps what has one number in the order of arrival. */
function inOrder(files: readonly StartupFile[]): StartupFile[] {
  return files.toSorted((one, other) => one.order_index - other.order_index);
}

function keyOf(id: string, { template }: TemplateDetail): PartKey {
  return { id, templateId: template.id, code: 'STARTUP_FILE_NOT_FOUND' };
}

function refuseOtherIds(ids: readonly string[], files: readonly StartupFile[]): void {
  const isExact = ids.length === files.length && files.every((file) => ids.includes(file.id));
  if (isExact) return;
  const message = `must name each of the template's ${files.length} startup files once`;
  throw new VmError('VALIDATION_ERROR', `"ids" ${message}. List them with: vm-system template list-startup ID`, {
    details: { fields: [{ path: 'ids', message }] },
  });
}

function startupModeNamed(mode: string, { settings }: TemplateDetail): StartupFile['mode'] {
  const parsed = startupModeSchema.safeParse(mode);
  if (!parsed.success) {
    throw new VmError('STARTUP_MODE_UNSUPPORTED', `Startup mode "${mode}" is not supported. Use "eval" or "import".`, {
      details: { mode, supported: startupModeSchema.options },
    });
  }
  if (parsed.data === 'import' && !settings.runtime.esm) {
    throw new VmError(
      'STARTUP_MODE_UNSUPPORTED',
      'Startup mode "import" needs the runtime setting "esm" to be on. Turn it on first, or use mode "eval".',
      { details: { mode } },
    );
  }
  return parsed.data;
}
