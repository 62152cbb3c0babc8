/** Turns what the contract's schemas found wrong with an input into the refusal that clients and scripts read. */
import type { ValidationError } from '@orpc/contract';
import { fieldProblems, headline, type Issue, valueAt } from '#core/field-problem';
import { VmError } from '#core/vm-error';

/** INVALID_REQUEST where the input has no place for what was sent, VALIDATION_ERROR where a field's value is wrong. */
export function validationProblem(error: ValidationError): VmError {
  // The contract is written in zod alone, so zod's issues are what the standard schema interface carries.
  const issues = error.issues as readonly Issue[];
  if (issues.some((issue) => lacksBody(issue, error.data))) {
    return new VmError('INVALID_REQUEST', 'The request has no body where a JSON object is needed.', { cause: error });
  }
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
  const fields = [...unknown, ...issues.filter((issue) => issue.code !== 'unrecognized_keys')].flatMap((issue) =>
    fieldProblems(issue, error.data),
  );
  const code = unknown.length > 0 ? 'INVALID_REQUEST' : 'VALIDATION_ERROR';
  return new VmError(code, headline(fields), { details: { fields }, cause: error });
}

function lacksBody(issue: Issue, input: unknown): boolean {
  const isWhole = issue.path.length === 0 || (issue.path.length === 1 && issue.path[0] === 'body');
  return isWhole && issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined;
}
