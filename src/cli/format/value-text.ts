/**
 * The value of a snippet as the text that a script goes on with: a text as it is, data as JSON. Where JSON would say
 * something else than the value is, such as `{}` for a map, it is the preview; a preview never stands for data, because
 * it may be cut.
 */
import type { ValuePayload } from '#shared/contract/event';
import { CliError } from '../cli-error.ts';

/** Types whose JSON says all there is to say. */
const dataTypes = ['string', 'array', 'object'];

/** Undefined where there is nothing to print. */
export function valueText(value: ValuePayload | undefined): string | undefined {
  if (value === undefined || value.type === 'undefined') return undefined;
  const { type, preview, json } = value;
  if (!dataTypes.includes(type)) return preview;
  if (json === undefined) throw notWhole(type);
  return type === 'string' && typeof json === 'string' ? json : JSON.stringify(json);
}

function notWhole(type: string): CliError {
  const reason = type === 'string' ? 'it is too large' : 'it is too large, refers to itself, or holds a BigInt';
  return new CliError(
    'VALUE_NOT_WHOLE',
    `The value is of type ${type} and cannot be printed whole: ${reason}. ` +
      'Use --json instead of --quiet for its preview, or have the code write it to a file.',
  );
}
