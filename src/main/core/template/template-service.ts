/** Templates: what clients ask for becomes a pure change, the change is stored, and then it is told. */
import type { EventBus } from '#core/event-bus';
import type { Clock, IdGenerator, SourceReader, TemplateStore } from '#core/ports';
import * as change from '#core/template/template-change';
import { VmError } from '#core/vm-error';
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
  UpdateTemplate,
} from '#shared/contract/template';
import { defaultSettings } from '#shared/contract/template';

export interface TemplateServiceParts {
  readonly store: TemplateStore;
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

  async create({ name, engine = 'quickjs' }: CreateTemplate): Promise<Template> {
    const now = this.#parts.clock.now();
    const template: Template = {
      id: this.#parts.ids.next(),
      name,
      engine: change.engineNamed(engine),
      is_active: true,
      exposed_modules: [],
      libraries: [],
      created_at: now,
      updated_at: now,
    };
    await this.#parts.store.insert({
      template,
      settings: { vm_id: template.id, ...defaultSettings },
      capabilities: [],
      startup_files: [],
    });
    this.#parts.bus.publish({ type: 'template_changed', template });
    return template;
  }

  list(): Promise<Template[]> {
    return this.#parts.store.list();
  }

  async get(id: string): Promise<TemplateDetail> {
    return (await this.#parts.store.find(id)) ?? missing(id);
  }

  async delete(id: string): Promise<void> {
    if (!(await this.#parts.store.delete(id))) missing(id);
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
    await this.#change(id, change.addCapability(capability));
    return capability;
  }

  async removeCapability(id: string, capabilityId: string): Promise<void> {
    await this.#change(id, change.removeCapability(capabilityId));
  }

  async addStartupFile(id: string, fields: AddStartupFile): Promise<StartupFile> {
    this.#parts.sources.checkPath(fields.path);
    const request = { id: this.#parts.ids.next(), vm_id: id, ...fields };
    const detail = await this.#change(id, change.addStartupFile(request));
    return detail.startup_files.find((file) => file.id === request.id) ?? missing(id);
  }

  async removeStartupFile(id: string, fileId: string): Promise<void> {
    await this.#change(id, change.removeStartupFile(fileId));
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

  async #change(id: string, apply: change.TemplateChange): Promise<TemplateDetail> {
    const now = this.#parts.clock.now();
    const changed = await this.#parts.store.modify(id, (detail) => {
      const result = apply(detail);
      return { ...result, template: { ...result.template, updated_at: now } };
    });
    if (changed === undefined) return missing(id);
    this.#parts.bus.publish({ type: 'template_changed', template: changed.template });
    return changed;
  }
}

function missing(id: string): never {
  throw new VmError('TEMPLATE_NOT_FOUND', `There is no template ${id}. List them with: vm-system template list`, {
    details: { template_id: id },
  });
}
