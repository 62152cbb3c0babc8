/**
 * Says in plain words what is wrong with a field, from what a schema found. Clients read these sentences, so the schema
 * library's own wording and shapes must not get through.
 */
import type * as z from 'zod';

/** One field and what it must be. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export type Issue = z.core.$ZodIssue;

export function fieldProblems(issue: Issue, input: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: fieldPath([...issue.path, key]), message: 'is not a known field' }));
  }
  return [{ path: fieldPath(issue.path), message: reason(issue, valueAt(input, issue.path)) }];
}

/** The first problem as a sentence, and how many there are beside it. */
export function headline([first, ...others]: readonly FieldProblem[]): string {
  if (first === undefined) return 'The input is not valid.';
  const more = others.length === 0 ? '' : ` (and ${others.length} more in details.fields)`;
  return first.path === '' ? `The input ${first.message}${more}.` : `"${first.path}" ${first.message}${more}.`;
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** The field as the client wrote it: in which part of the request it lies is our bookkeeping. */
function fieldPath(path: readonly PropertyKey[]): string {
  const [part, ...rest] = path;
  const isPart = part === 'body' || part === 'params' || part === 'query';
  return (isPart && rest.length > 0 ? rest : path).join('.');
}

function reason(issue: Issue, value: unknown): string {
  // The contract's own messages are written to be read behind the field's name; those of the library are not.
  if (issue.message.startsWith('must ')) return issue.message;
  if (value === undefined) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${bound(issue.origin, issue.minimum, 'at least')}`;
    case 'too_big':
      return `must ${bound(issue.origin, issue.maximum, 'at most')}`;
    default:
      return 'is not valid';
  }
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function bound(origin: string, limit: number | bigint, side: 'at least' | 'at most'): string {
  if (origin === 'string') return limit === 1 ? 'not be empty' : `have ${side} ${limit} characters`;
  if (origin === 'array') return `have ${side} ${limit} entries`;
  return `be ${side} ${limit}`;
}
