/** Says of a package that cannot be bundled what it lacks, where esbuild says file by file what it did not find. */
import { isBuiltin } from 'node:module';
import type { Message } from 'esbuild';

export function bundleProblem(errors: readonly Message[], id: string): Error {
  const missing = [...new Set(errors.flatMap(({ text }) => /^Could not resolve "(.+)"$/.exec(text)?.[1] ?? []))].sort();
  const [builtIns, others] = [missing.filter((name) => isBuiltin(name)), missing.filter((name) => !isBuiltin(name))];
  const problems = [
    builtIns.length > 0 && `${id} needs Node.js itself (${builtIns.join(', ')}), which a session does not have.`,
    others.length > 0 &&
      `${id} imports what nothing brings (${others.join(', ')}): an optional or undeclared dependency.`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) return new Error(problems.join(' '));
  const [first] = errors;
  // A plugin's own error is worth more than its place in a bundle.
  const cause: unknown = first?.detail;
  return new Error(first?.text ?? `${id} cannot be bundled.`, cause instanceof Error ? { cause } : {});
}
