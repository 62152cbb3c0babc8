/**
 * What can be done to the capabilities of a template. A config is stored as it comes, but a field that means something
 * has to be of its kind: a grant that says nothing because of a misspelled type would be found out only by a guest.
 */
import { fieldProblems, headline } from '#core/field-problem';
import type { TemplateChange } from '#core/template/template-change';
import { type PartKey, withoutPart, withPart } from '#core/template/template-parts';
import { VmError } from '#core/vm-error';
import { capabilityConfigs } from '#shared/contract/capability-config';
import type { Capability, TemplateDetail, UpdateCapability } from '#shared/contract/template';

export const addCapability =
  (capability: Capability): TemplateChange =>
  (detail) => {
    checkConfig(capability);
    return { ...detail, capabilities: [...detail.capabilities, capability] };
  };

export const updateCapability =
  (id: string, { enabled, config, name }: UpdateCapability): TemplateChange =>
  (detail) => {
    const change = (capability: Capability): Capability => {
      const changed = {
        ...capability,
        enabled: enabled ?? capability.enabled,
        config: config ?? capability.config,
        name: name ?? capability.name,
      };
      // Only what is said now: a capability of before this check can still be switched off.
      if (config !== undefined || name !== undefined) checkConfig(changed);
      return changed;
    };
    return { ...detail, capabilities: withPart(detail.capabilities, keyOf(id, detail), change) };
  };

export const removeCapability =
  (id: string): TemplateChange =>
  (detail) => ({ ...detail, capabilities: withoutPart(detail.capabilities, keyOf(id, detail)) });

function keyOf(id: string, { template }: TemplateDetail): PartKey {
  return { id, templateId: template.id, code: 'CAPABILITY_NOT_FOUND' };
}

/** Refuses a known field of a wrong kind by name; what we have no schema for, and fields we do not know, may say anything. */
function checkConfig({ kind, name, config }: Capability): void {
  const key = kind === 'module' ? `module:${name}` : kind;
  const schema = Object.entries(capabilityConfigs).find(([known]) => known === key)?.[1];
  if (schema === undefined || !isFields(config)) return;
  const problems = schema.partial().safeParse(config).error?.issues ?? [];
  const fields = problems.flatMap((issue) => fieldProblems({ ...issue, path: ['config', ...issue.path] }, { config }));
  if (fields.length === 0) return;
  throw new VmError('VALIDATION_ERROR', `Of the capability ${kind}:${name}, ${headline(fields)}`, {
    details: { fields },
  });
}

function isFields(config: Capability['config']): boolean {
  return typeof config === 'object' && config !== null && !Array.isArray(config);
}
