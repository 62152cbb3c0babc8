/** Finding, changing and taking away one of a template's parts by its id, with the refusal where it is not there. */
import { VmError } from '#core/vm-error';

interface Part {
  readonly id: string;
  /** Of the template it belongs to. */
  readonly vm_id: string;
}

/** Which part, and how its absence is told. */
export interface PartKey {
  readonly id: string;
  readonly templateId: string;
  readonly code: 'CAPABILITY_NOT_FOUND' | 'STARTUP_FILE_NOT_FOUND';
}

export function withoutPart<Kind extends Part>(parts: readonly Kind[], key: PartKey): Kind[] {
  requirePart(parts, key);
  return parts.filter((part) => part.id !== key.id);
}

export function withPart<Kind extends Part>(
  parts: readonly Kind[],
  key: PartKey,
  change: (part: Kind) => Kind,
): Kind[] {
  requirePart(parts, key);
  return parts.map((part) => (part.id === key.id ? change(part) : part));
}

function requirePart(parts: readonly Part[], { id, templateId, code }: PartKey): void {
  if (parts.some((part) => part.id === id)) return;
  const [noun, field] =
    code === 'CAPABILITY_NOT_FOUND' ? ['capability', 'capability_id'] : ['startup file', 'startup_file_id'];
  throw new VmError(code, `Template ${templateId} has no ${noun} ${id}.`, {
    details: { template_id: templateId, [field]: id },
  });
}
