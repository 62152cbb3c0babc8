/**
 * What can be done to a template, as pure functions on the whole aggregate: `detail → detail`, or a refusal.
 * The service stores the result; nothing here knows of clocks, ids or stores.
 */
import { VmError } from '#core/vm-error';
import { builtInNames, moduleCatalog } from '#shared/contract/catalog';
import {
  type Capability,
  type Engine,
  engineAliases,
  type PatchSettings,
  type PutSettings,
  type StartupFile,
  startupModeSchema,
  type TemplateDetail,
  type UpdateTemplate,
} from '#shared/contract/template';

export type TemplateChange = (detail: TemplateDetail) => TemplateDetail;

/** The engine behind a name that a client sent; throws ENGINE_UNSUPPORTED. */
export function engineNamed(name: string): Engine {
  const engine = Object.hasOwn(engineAliases, name) ? engineAliases[name] : undefined;
  if (engine !== undefined) return engine;
  const supported = Object.keys(engineAliases);
  throw new VmError('ENGINE_UNSUPPORTED', `Engine "${name}" is not supported. Use one of: ${supported.join(', ')}.`, {
    details: { engine: name, supported },
  });
}

export const updateTemplate =
  ({ name, is_active: isActive }: UpdateTemplate): TemplateChange =>
  (detail) => ({
    ...detail,
    template: {
      ...detail.template,
      ...(name === undefined ? {} : { name }),
      ...(isActive === undefined ? {} : { is_active: isActive }),
    },
  });

export const putSettings =
  (settings: PutSettings): TemplateChange =>
  (detail) => ({ ...detail, settings: { vm_id: detail.template.id, ...settings } });

export const patchSettings =
  (patch: PatchSettings): TemplateChange =>
  (detail) => {
    const { limits, resolver, runtime } = detail.settings;
    return putSettings({
      limits: { ...limits, ...withoutUndefined(patch.limits) },
      resolver: { ...resolver, ...withoutUndefined(patch.resolver) },
      runtime: { ...runtime, ...withoutUndefined(patch.runtime) },
    })(detail);
  };

export const addCapability =
  (capability: Capability): TemplateChange =>
  (detail) => ({ ...detail, capabilities: [...detail.capabilities, capability] });

export const removeCapability =
  (id: string): TemplateChange =>
  (detail) => ({
    ...detail,
    capabilities: without(detail.capabilities, { id, templateId: detail.template.id, code: 'CAPABILITY_NOT_FOUND' }),
  });

/** A startup file as a client asks for it: its mode is not yet known to be one. */
export type StartupFileRequest = Omit<StartupFile, 'mode'> & { readonly mode: string };

export const addStartupFile =
  ({ mode, ...file }: StartupFileRequest): TemplateChange =>
  (detail) => {
    const added: StartupFile = { ...file, mode: startupModeNamed(mode, detail.settings.runtime.esm) };
    const files = [...detail.startup_files, added].sort((one, other) => one.order_index - other.order_index);
    return { ...detail, startup_files: files };
  };

export const removeStartupFile =
  (id: string): TemplateChange =>
  (detail) => ({
    ...detail,
    startup_files: without(detail.startup_files, {
      id,
      templateId: detail.template.id,
      code: 'STARTUP_FILE_NOT_FOUND',
    }),
  });

/** Grants a native module; a second grant changes nothing. Throws MODULE_NOT_ALLOWED. */
export const addModule =
  (name: string): TemplateChange =>
  (detail) => {
    refuseUnknownModule(name);
    const modules = new Set([...detail.template.exposed_modules, name]);
    return { ...detail, template: { ...detail.template, exposed_modules: [...modules].sort() } };
  };

export const removeModule =
  (name: string): TemplateChange =>
  (detail) => ({
    ...detail,
    template: {
      ...detail.template,
      exposed_modules: detail.template.exposed_modules.filter((module) => module !== name),
    },
  });

export const addLibrary =
  (name: string): TemplateChange =>
  (detail) => {
    const libraries = new Set([...detail.template.libraries, name]);
    return { ...detail, template: { ...detail.template, libraries: [...libraries] } };
  };

export const removeLibrary =
  (name: string): TemplateChange =>
  (detail) => ({
    ...detail,
    template: { ...detail.template, libraries: detail.template.libraries.filter((library) => library !== name) },
  });

function startupModeNamed(mode: string, isEsmOn: boolean): StartupFile['mode'] {
  const parsed = startupModeSchema.safeParse(mode);
  if (!parsed.success) {
    throw new VmError('STARTUP_MODE_UNSUPPORTED', `Startup mode "${mode}" is not supported. Use "eval" or "import".`, {
      details: { mode, supported: startupModeSchema.options },
    });
  }
  if (parsed.data === 'import' && !isEsmOn) {
    throw new VmError(
      'STARTUP_MODE_UNSUPPORTED',
      'Startup mode "import" needs the runtime setting "esm" to be on. Turn it on first, or use mode "eval".',
      { details: { mode } },
    );
  }
  return parsed.data;
}

function refuseUnknownModule(name: string): void {
  const allowed = moduleCatalog.map((module) => module.name);
  if (allowed.includes(name)) return;
  const reason = builtInNames.includes(name)
    ? `"${name}" is part of JavaScript and always there; it cannot be granted`
    : `There is no native module "${name}"`;
  throw new VmError('MODULE_NOT_ALLOWED', `${reason}. Native modules are: ${allowed.join(', ')}.`, {
    details: { name, allowed },
  });
}

interface Removal {
  readonly id: string;
  readonly templateId: string;
  readonly code: 'CAPABILITY_NOT_FOUND' | 'STARTUP_FILE_NOT_FOUND';
}

function without<Part extends { readonly id: string }>(
  parts: readonly Part[],
  { id, templateId, code }: Removal,
): Part[] {
  const rest = parts.filter((part) => part.id !== id);
  if (rest.length < parts.length) return rest;
  const [noun, field] =
    code === 'CAPABILITY_NOT_FOUND' ? ['capability', 'capability_id'] : ['startup file', 'startup_file_id'];
  throw new VmError(code, `Template ${templateId} has no ${noun} ${id}.`, {
    details: { template_id: templateId, [field]: id },
  });
}

/** A patch names a field to change it; a field that is there but undefined is not named. */
function withoutUndefined<Fields extends object>(
  fields: Fields | undefined,
): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const entries = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: NonNullable<Fields[Key]> };
}
