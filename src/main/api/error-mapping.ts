/**
 * Turns whatever was thrown into the product's one error, for every transport alike. It decides the code and the words;
 * it knows no status, no envelope and no log. What nobody foresaw becomes INTERNAL and keeps what was thrown as its cause.
 */
import { ORPCError } from '@orpc/client';
import { ValidationError } from '@orpc/contract';
import { isVmError, VmError } from '#core/vm-error';
import { validationProblem } from '#main/api/validation-problem';
import { type ErrorCode, type ErrorDetails, isErrorCode } from '#shared/contract/error';

export function toVmError(error: unknown): VmError {
  if (isVmError(error)) return error;
  if (!(error instanceof ORPCError)) return unforeseen(error);
  // The same class stands for bad input and for a bad answer of ours; only the first is the caller's business.
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) return validationProblem(error.cause);
  const code = codeOf(error);
  return code === 'INTERNAL' ? unforeseen(error) : new VmError(code, error.message, withDetails(error));
}

function unforeseen(cause: unknown): VmError {
  return new VmError('INTERNAL', 'The host failed in a way that was not foreseen.', { cause });
}

/** The library's own refusals by the codes of our table. */
function codeOf({ code, status }: ORPCError<string, unknown>): ErrorCode {
  if (isErrorCode(code)) return code;
  if (code === 'METHOD_NOT_SUPPORTED') return 'METHOD_NOT_ALLOWED';
  return status < 500 ? 'INVALID_REQUEST' : 'INTERNAL';
}

function withDetails(error: ORPCError<string, unknown>): { details?: ErrorDetails; cause: unknown } {
  return isDetails(error.data) ? { details: error.data, cause: error } : { cause: error };
}

function isDetails(data: unknown): data is ErrorDetails {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
