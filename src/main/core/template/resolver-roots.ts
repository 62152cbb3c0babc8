/**
 * Which roots a template may name for its imports. Nothing outside the worktree can be imported, so that a root that
 * leaves it would be looked at by nobody: better said to who sets it than found out by a guest. Pure text, no folder is
 * asked for.
 */
import { type FieldProblem, headline } from '#core/field-problem';
import { VmError } from '#core/vm-error';

/** Throws VALIDATION_ERROR, with each root that leaves the worktree by its field. */
export function checkRoots(roots: readonly string[]): void {
  const fields = roots.flatMap((root, index): FieldProblem[] =>
    staysInside(root) ? [] : [{ path: `resolver.roots.${index}`, message: rule }],
  );
  if (fields.length > 0) throw new VmError('VALIDATION_ERROR', headline(fields), { details: { fields } });
}

const rule = 'must be a folder of the worktree by its relative path with "/", such as "src", and not lead out of it';

function staysInside(root: string): boolean {
  if (/^(\/|[a-z]:)/i.test(root) || root.includes('\\')) return false;
  let depth = 0;
  for (const name of root.split('/')) {
    if (name === '..') depth -= 1;
    else if (name !== '' && name !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}
