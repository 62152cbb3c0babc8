/**
 * Errors of file operations as guests get them: in Node's words and with its fields, but with the path as the guest wrote
 * it. The host's own paths, which go through open folders, never show.
 */
import { getSystemErrorMap } from 'node:util';
import { GuestError } from '#core/guest-error';
import { isVmError } from '#core/vm-error';
import { systemCodeOf } from '../paths/path-problem.ts';
import { RuleError } from './rule-error.ts';

/** The call as its guest sees it. */
export interface NamedCall {
  readonly syscall: string;
  readonly path: string;
  readonly dest?: string;
}

/** Errors that are nobody's refusal come back as they are. */
export function toGuestError(error: unknown, call: NamedCall): unknown {
  if (isVmError(error)) return new GuestError(error.message, { code: error.code, ...call });
  if (error instanceof RuleError) return systemGuestError(error.code, call, `: ${error.message}`);
  const code = systemCodeOf(error);
  if (code === undefined) return error;
  if (code === 'ELOOP') return changed(call);
  return systemGuestError(code, call);
}

/** Nothing is opened through a link, so that this is what a path gives that was swapped for one. */
function changed(call: NamedCall): GuestError {
  const message = `The path ${JSON.stringify(call.path)} cannot be used: it changed while it was used.`;
  return new GuestError(message, { code: 'INVALID_PATH', ...call });
}

function systemGuestError(code: string, call: NamedCall, rule = ''): GuestError {
  const { errno, text } = knownCodes.get(code) ?? { errno: 0, text: 'the system refuses it' };
  const paths = call.dest === undefined ? `'${call.path}'` : `'${call.path}' -> '${call.dest}'`;
  return new GuestError(`${code}: ${text}, ${call.syscall} ${paths}${rule}`, { errno, code, ...call });
}

const knownCodes = new Map([...getSystemErrorMap()].map(([errno, [code, text]]) => [code, { errno, text }]));
knownCodes.set('EDQUOT', { errno: -122, text: 'disk quota exceeded' });
