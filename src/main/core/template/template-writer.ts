/** Stores what was done to a template as its next version, with one line of history, and tells it. A change that changes nothing is none. */
import type { EventBus } from '#core/event-bus';
import { policyOf } from '#core/policy';
import type { Clock, Sha256, TemplateRevision, TemplateStore } from '#core/ports';
import { policyHash } from '#core/template/policy-hash';
import type { TemplateChange } from '#core/template/template-change';
import { describeDifferences, diffTemplates } from '#core/template/template-diff';
import { VmError } from '#core/vm-error';
import type { TemplateDetail } from '#shared/contract/template';

export interface TemplateWriterParts {
  readonly store: TemplateStore;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly sha256: Sha256;
}

export class TemplateWriter {
  readonly #parts: TemplateWriterParts;

  constructor(parts: TemplateWriterParts) {
    this.#parts = parts;
  }

  /** Stores a new template; `change` says where it comes from. */
  async insert(detail: TemplateDetail, change: string): Promise<void> {
    await this.#parts.store.insert(this.#revision(detail, change));
    this.#tell(detail);
  }

  /** Resolves to the template after the change. `change` is the line of history; by default it names what differs. */
  async change(id: string, apply: TemplateChange, change?: string): Promise<TemplateDetail> {
    const now = this.#parts.clock.now();
    let isChanged = false;
    const changed = await this.#parts.store.modify(id, (before) => {
      const after = apply(before);
      const found = diffTemplates(before, after);
      isChanged = found.length > 0;
      if (!isChanged) return undefined;
      const template = { ...after.template, version: before.template.version + 1, updated_at: now };
      return this.#revision({ ...after, template }, change ?? describeDifferences(found));
    });
    if (changed === undefined) return missingTemplate(id);
    if (isChanged) this.#tell(changed);
    return changed;
  }

  #revision(detail: TemplateDetail, change: string): TemplateRevision {
    return { detail, change, policy_hash: policyHash(policyOf(detail), this.#parts.sha256) };
  }

  #tell({ template }: TemplateDetail): void {
    this.#parts.bus.publish({ type: 'template_changed', template });
  }
}

export function missingTemplate(id: string): never {
  throw new VmError('TEMPLATE_NOT_FOUND', `There is no template ${id}. List them with: vm-system template list`, {
    details: { template_id: id },
  });
}
