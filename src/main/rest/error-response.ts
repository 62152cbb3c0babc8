/** The one mapping from the product's error to what REST sends. What it was caused by never leaves the host. */
import type { VmError } from '#core/vm-error';
import { type ErrorEnvelope, errorTable } from '#shared/contract/error';

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorEnvelope;
}

export function errorResponse(error: VmError, requestId: string): ErrorResponse {
  return { status: errorTable[error.code].http, headers: headersOf(error), body: errorEnvelope(error, requestId) };
}

/** An internal error's own words may tell of the host's insides, so it is sent as a pointer into the log instead. */
function errorEnvelope({ code, message, details }: VmError, requestId: string): ErrorEnvelope {
  if (code === 'INTERNAL') return { error: { code, message: logged(requestId), details: { request_id: requestId } } };
  return { error: details === undefined ? { code, message } : { code, message, details } };
}

function logged(requestId: string): string {
  return `The host failed in a way that was not foreseen, and logged the cause under request id ${requestId}. Report it with that part of the log.`;
}

/** HTTP wants two of the statuses to say how to do better. */
function headersOf({ code, details }: VmError): Record<string, string> {
  if (code === 'UNAUTHORIZED') return { 'www-authenticate': 'Bearer realm="vm-system"' };
  if (code === 'METHOD_NOT_ALLOWED' && Array.isArray(details?.allow)) return { allow: details.allow.join(', ') };
  return {};
}
