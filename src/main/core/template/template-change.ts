/**
 * What can be done to a template, as pure functions on the whole aggregate: `detail → detail`, or a refusal.
 * Whoever stores the result gives it its version; nothing here knows of clocks, ids or stores. What can be done to the
 * parts is in the files beside this one.
 */
import { checkRoots } from '#core/template/resolver-roots';
import { VmError } from '#core/vm-error';
import { builtInNames, moduleCatalog } from '#shared/contract/catalog';
import {
  type Engine,
  engineAliases,
  type PatchSettings,
  type PutSettings,
  type TemplateDetail,
  type UpdateTemplate,
} from '#shared/contract/template';

export type TemplateChange = (detail: TemplateDetail) => TemplateDetail;

/** One change after the other. */
export const inSequence =
  (changes: readonly TemplateChange[]): TemplateChange =>
  (detail) =>
    changes.reduce((changed, change) => change(changed), detail);

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
  (detail) => {
    checkRoots(settings.resolver.roots);
    return withSettings(detail, settings);
  };

export const patchSettings =
  (patch: PatchSettings): TemplateChange =>
  (detail) => {
    // Only what is said now: settings of before this check can still be changed otherwise.
    checkRoots(patch.resolver?.roots ?? []);
    const { limits, resolver, runtime } = detail.settings;
    return withSettings(detail, {
      limits: { ...limits, ...withoutUndefined(patch.limits) },
      resolver: { ...resolver, ...withoutUndefined(patch.resolver) },
      runtime: { ...runtime, ...withoutUndefined(patch.runtime) },
    });
  };

function withSettings(detail: TemplateDetail, settings: PutSettings): TemplateDetail {
  return { ...detail, settings: { vm_id: detail.template.id, ...settings } };
}

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

/** A patch names a field to change it; a field that is there but undefined is not named. */
function withoutUndefined<Fields extends object>(
  fields: Fields | undefined,
): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const entries = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: NonNullable<Fields[Key]> };
}
