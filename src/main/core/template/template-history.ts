/** The versions of templates: listed, read, compared, and brought back as a version of their own. */
import type { TemplateStore } from '#core/ports';
import { diffTemplates } from '#core/template/template-diff';
import { missingTemplate, type TemplateWriter } from '#core/template/template-writer';
import { VmError } from '#core/vm-error';
import type { TemplateDetail } from '#shared/contract/template';
import type { Difference, TemplateVersion, TemplateVersionDetail } from '#shared/contract/template-version';

export interface TemplateHistoryParts {
  readonly store: TemplateStore;
  readonly writer: TemplateWriter;
}

export class TemplateHistory {
  readonly #parts: TemplateHistoryParts;

  constructor(parts: TemplateHistoryParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async list(id: string, limit: number): Promise<TemplateVersion[]> {
    const versions = await this.#parts.store.versions(id, limit);
    if (versions.length === 0) await this.#requireTemplate(id);
    return versions;
  }

  async get(id: string, version: number): Promise<TemplateVersionDetail> {
    const found = await this.#parts.store.version(id, version);
    if (found !== undefined) return found;
    await this.#requireTemplate(id);
    throw new VmError(
      'TEMPLATE_VERSION_NOT_FOUND',
      `Template ${id} has no version ${version}. List them with: vm-system template versions ${id}`,
      { details: { template_id: id, version } },
    );
  }

  async diff(id: string, from: number, to: number): Promise<Difference[]> {
    const [before, after] = [await this.get(id, from), await this.get(id, to)];
    return diffTemplates(before.detail, after.detail);
  }

  async restore(id: string, version: number): Promise<TemplateDetail> {
    const { detail } = await this.get(id, version);
    return this.#parts.writer.change(id, () => detail, `restored version ${version}`);
  }

  async #requireTemplate(id: string): Promise<void> {
    if ((await this.#parts.store.find(id)) === undefined) missingTemplate(id);
  }
}
