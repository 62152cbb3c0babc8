/** The part of an answer that a script goes on with: the id of what was made, or the value of what was run. */
import { executionSchema } from '#shared/contract/execution';
import { isPlainObject } from '../is-plain-object.ts';

/** Undefined where an answer has no such part, and is shown as ever. */
export function briefLines(raw: unknown): string[] | undefined {
  if (!isPlainObject(raw)) return undefined;
  const { data: execution } = executionSchema.safeParse(raw);
  if (execution !== undefined) return [execution.error?.message ?? valueText(execution.result)];
  return typeof raw.id === 'string' ? [raw.id] : undefined;
}

/** Texts as they are, everything else as JSON where it has any. */
function valueText(result: { preview: string; json?: unknown } | undefined): string {
  const { preview = 'undefined', json } = result ?? {};
  return typeof json === 'string' || json === undefined ? preview : JSON.stringify(json);
}
