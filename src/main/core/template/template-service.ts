/** Templates: what clients ask for becomes a pure change, and the writer stores it. */
import type { EventBus } from '#core/event-bus';
import type { Clock, IdGenerator, SourceReader, TemplateStore } from '#core/ports';
import { addCapability, removeCapability, updateCapability } from '#core/template/capability-change';
import {
  addStartupFile,
  removeStartupFile,
  reorderStartupFiles,
  updateStartupFile,
} from '#core/template/startup-file-change';
import * as change from '#core/template/template-change';
import { copyOf, documentOf, fillFrom } from '#core/template/template-export';
import { missingTemplate, type TemplateWriter } from '#core/template/template-writer';
import type {
  AddCapability,
  AddStartupFile,
  Capability,
  CreateTemplate,
  PatchSettings,
  PutSettings,
  Settings,
  StartupFile,
  Template,
  TemplateDetail,
  UpdateCapability,
  UpdateStartupFile,
  UpdateTemplate,
} from '#shared/contract/template';
import { defaultSettings } from '#shared/contract/template';
import type { ImportTemplate, TemplateDocument } from '#shared/contract/template-document';

export interface TemplateServiceParts {
  readonly store: TemplateStore;
  readonly writer: TemplateWriter;
  readonly sources: SourceReader;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export class TemplateService {
  readonly #parts: TemplateServiceParts;

  constructor(parts: TemplateServiceParts) {
    this.#parts = parts;
  }

  create({ name, engine = 'quickjs' }: CreateTemplate): Promise<Template> {
    return this.#insert(this.#empty(name, engine), 'created');
  }

  /** Another template of the same content, with a history of its own. */
  async duplicate(id: string, name: string): Promise<Template> {
    const original = await this.get(id);
    const { engine, version } = original.template;
    const copy = copyOf(original, () => this.#parts.ids.next());
    return this.#insert(copy(this.#empty(name, engine)), `duplicated from version ${version} of template ${id}`);
  }

  async export(id: string): Promise<TemplateDocument> {
    return documentOf(await this.get(id));
  }

  async import({ template: document, name = document.name }: ImportTemplate): Promise<Template> {
    for (const { path } of document.startup_files) this.#parts.sources.checkPath(path);
    const fill = fillFrom(document, () => this.#parts.ids.next());
    return this.#insert(fill(this.#empty(name, document.engine)), 'imported');
  }

  list(): Promise<Template[]> {
    return this.#parts.store.list();
  }

  async get(id: string): Promise<TemplateDetail> {
    return (await this.#parts.store.find(id)) ?? missingTemplate(id);
  }

  /** Hashes of the policies that new sessions of these templates would run under. */
  policyHashes(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#parts.store.policyHashes(ids);
  }

  async delete(id: string): Promise<void> {
    if (!(await this.#parts.store.delete(id))) missingTemplate(id);
    this.#parts.bus.publish({ type: 'template_deleted', template_id: id });
  }

  async update(id: string, fields: UpdateTemplate): Promise<Template> {
    return (await this.#change(id, change.updateTemplate(fields))).template;
  }

  async putSettings(id: string, settings: PutSettings): Promise<Settings> {
    return (await this.#change(id, change.putSettings(settings))).settings;
  }

  async patchSettings(id: string, patch: PatchSettings): Promise<Settings> {
    return (await this.#change(id, change.patchSettings(patch))).settings;
  }

  async addCapability(id: string, fields: AddCapability): Promise<Capability> {
    const capability = { id: this.#parts.ids.next(), vm_id: id, ...fields };
    const { capabilities } = await this.#change(id, addCapability(capability));
    return partOf(capabilities, capability.id);
  }

  async updateCapability(id: string, capabilityId: string, fields: UpdateCapability): Promise<Capability> {
    const { capabilities } = await this.#change(id, updateCapability(capabilityId, fields));
    return partOf(capabilities, capabilityId);
  }

  async removeCapability(id: string, capabilityId: string): Promise<void> {
    await this.#change(id, removeCapability(capabilityId));
  }

  async addStartupFile(id: string, fields: AddStartupFile): Promise<StartupFile> {
    this.#parts.sources.checkPath(fields.path);
    const request = { id: this.#parts.ids.next(), vm_id: id, ...fields };
    const { startup_files } = await this.#change(id, addStartupFile(request));
    return partOf(startup_files, request.id);
  }

  async updateStartupFile(id: string, fileId: string, fields: UpdateStartupFile): Promise<StartupFile> {
    if (fields.path !== undefined) this.#parts.sources.checkPath(fields.path);
    const { startup_files } = await this.#change(id, updateStartupFile(fileId, fields));
    return partOf(startup_files, fileId);
  }

  async reorderStartupFiles(id: string, fileIds: readonly string[]): Promise<StartupFile[]> {
    return (await this.#change(id, reorderStartupFiles(fileIds))).startup_files;
  }

  async removeStartupFile(id: string, fileId: string): Promise<void> {
    await this.#change(id, removeStartupFile(fileId));
  }

  async addModule(id: string, name: string): Promise<string> {
    const module = name.toLowerCase();
    await this.#change(id, change.addModule(module));
    return module;
  }

  async removeModule(id: string, name: string): Promise<string> {
    const module = name.toLowerCase();
    await this.#change(id, change.removeModule(module));
    return module;
  }

  async addLibrary(id: string, name: string): Promise<string> {
    const library = name.toLowerCase();
    await this.#change(id, change.addLibrary(library));
    return library;
  }

  async removeLibrary(id: string, name: string): Promise<string> {
    const library = name.toLowerCase();
    await this.#change(id, change.removeLibrary(library));
    return library;
  }

  #change(id: string, apply: change.TemplateChange): Promise<TemplateDetail> {
    return this.#parts.writer.change(id, apply);
  }

  async #insert(detail: TemplateDetail, from: string): Promise<Template> {
    await this.#parts.writer.insert(detail, from);
    return detail.template;
  }

  #empty(name: string, engine: string): TemplateDetail {
    const now = this.#parts.clock.now();
    const template: Template = {
      id: this.#parts.ids.next(),
      name,
      engine: change.engineNamed(engine),
      is_active: true,
      exposed_modules: [],
      libraries: [],
      version: 1,
      created_at: now,
      updated_at: now,
    };
    return { template, settings: { vm_id: template.id, ...defaultSettings }, capabilities: [], startup_files: [] };
  }
}

function partOf<Part extends { readonly id: string }>(parts: readonly Part[], id: string): Part {
  const part = parts.find((one) => one.id === id);
  if (part === undefined) throw new Error(`The part ${id} was stored and is not there.`);
  return part;
}
