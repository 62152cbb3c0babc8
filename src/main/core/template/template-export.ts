/**
 * A template as a document, and a document as the changes that make a new template of it. These go through the same
 * refusals as a client's single steps, so a document can bring in nothing that could not be made by hand.
 */
import { addCapability } from '#core/template/capability-change';
import { addStartupFile } from '#core/template/startup-file-change';
import {
  addLibrary,
  addModule,
  inSequence,
  putSettings,
  type TemplateChange,
  updateTemplate,
} from '#core/template/template-change';
import type { TemplateDetail } from '#shared/contract/template';
import { type TemplateDocument, templateFormat, templateFormatVersion } from '#shared/contract/template-document';

export function documentOf({ template, settings, capabilities, startup_files }: TemplateDetail): TemplateDocument {
  const { limits, resolver, runtime } = settings;
  return {
    format: templateFormat,
    format_version: templateFormatVersion,
    name: template.name,
    engine: template.engine,
    is_active: template.is_active,
    settings: { limits, resolver, runtime },
    modules: template.exposed_modules,
    libraries: template.libraries,
    capabilities: capabilities.map(({ kind, name, enabled, config }) => ({ kind, name, enabled, config })),
    startup_files: startup_files.map(({ path, order_index, mode }) => ({ path, order_index, mode })),
  };
}

/** What makes an empty template equal to another. It refuses nothing: what is there already may be there twice. */
export const copyOf =
  (
    { template: original, settings, capabilities, startup_files }: TemplateDetail,
    nextId: () => string,
  ): TemplateChange =>
  ({ template }) => {
    const { engine, is_active, exposed_modules, libraries } = original;
    const owned = <Part extends object>(part: Part) => ({ ...part, id: nextId(), vm_id: template.id });
    return {
      template: { ...template, engine, is_active, exposed_modules, libraries },
      settings: { ...settings, vm_id: template.id },
      capabilities: capabilities.map(owned),
      startup_files: startup_files.map(owned),
    };
  };

/** What fills an empty template; each part gets an id of its own. */
export const fillFrom =
  (document: TemplateDocument, nextId: () => string): TemplateChange =>
  (detail) => {
    const owned = <Part extends object>(part: Part) => ({ ...part, id: nextId(), vm_id: detail.template.id });
    return inSequence([
      updateTemplate({ is_active: document.is_active }),
      putSettings(document.settings),
      ...document.modules.map((name) => addModule(name.toLowerCase())),
      ...document.libraries.map((name) => addLibrary(name.toLowerCase())),
      ...document.capabilities.map((capability) => addCapability(owned(capability))),
      // Settings come first: whether a file may be imported depends on them.
      ...document.startup_files.map((file) => addStartupFile(owned(file))),
    ])(detail);
  };
