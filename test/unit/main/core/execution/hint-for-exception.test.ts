import { describe, expect, test } from 'vitest';
import { hintForException, type ThrownException } from '#core/execution/hint-for-exception';
import type { Policy } from '#core/ports';

interface Case {
  readonly kind?: 'repl' | 'run_file' | 'startup';
  readonly source?: string;
  readonly fileName?: string;
  readonly mode?: 'script' | 'module';
  readonly capabilities?: Policy['capabilities'];
}

function hint(message: string, { capabilities = [], ...run }: Case = {}): string | undefined {
  const thrown: ThrownException = {
    exception: { message, stack: '' },
    run: { kind: 'run_file', source: '', fileName: 'report.js', mode: 'script', ...run },
    templateId: 'T-1',
    capabilities,
  };
  return hintForException(thrown);
}

describe('the hint for an exception', () => {
  test.each<[string, string, string, Case?]>([
    [
      'that fetch has to be granted',
      "ReferenceError: 'fetch' is not defined",
      'template add-capability T-1 --kind net',
    ],
    [
      'that fetch is granted and switched off',
      "ReferenceError: 'fetch' is not defined",
      'template update-capability T-1 C-1 --enabled',
      { capabilities: [{ id: 'C-1', vm_id: 'T-1', kind: 'net', name: 'web', enabled: false, config: {} }] },
    ],
    ['what there is of process', "ReferenceError: 'process' is not defined", '__ARGS__'],
    ['what there is of Buffer', "ReferenceError: 'Buffer' is not defined", 'Uint8Array'],
    ['what there is of Intl', "ReferenceError: 'Intl' is not defined", 'locale arguments are ignored'],
    ['how a file declares again', "SyntaxError: redeclaration of 'rows'", 'template settings T-1 --esm on'],
    ['how a file imports', "SyntaxError: expecting '('", '"report.mjs"', { source: '\n  import { a } from "./a.js";' }],
    ['how a typed file imports', "SyntaxError: expecting '('", '"a.mts"', { source: 'import "b"', fileName: 'a.ts' }],
    ['how a file exports', 'SyntaxError: unsupported keyword: export', 'template settings T-1 --esm on'],
  ])('says %s', (_what, message, part, run) => {
    expect(hint(message, run)).toContain(part);
    expect(hint(message, run)).not.toContain('\n');
  });

  test.each<[string, string, Case?]>([
    ['what it does not know', 'TypeError: no'],
    ['a name of the user', "ReferenceError: 'rows' is not defined"],
    ['what only quotes an error', "Error: ReferenceError: 'fetch' is not defined"],
    ['another syntax error', "SyntaxError: expecting '('", { source: 'if x' }],
    ['a cell that declares', "SyntaxError: redeclaration of 'rows'", { kind: 'repl' }],
    ['a module', 'SyntaxError: unsupported keyword: export', { mode: 'module' }],
  ])('is none for %s', (_what, message, run) => {
    expect(hint(message, run)).toBeUndefined();
  });
});
