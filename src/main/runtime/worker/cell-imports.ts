/**
 * What a cell imports. A script has no static imports, so those of a cell become a module of its own, which the engine
 * links and evaluates as any other: with its errors, in its order, each module once. In front of its first line the cell
 * gets a statement that takes the names from there as constants. Pure.
 */
import type { ImportDeclaration } from './declaration-parser.ts';

/** What the statement in front of the cell asks the loader for. */
export const cellImportsSpecifier = 'vm:cell-imports';

export interface CellImports {
  /** The module: the imports as they were written, and exports that no name of a guest can meet. */
  readonly source: string;
  /** Where the first of them stands, which is where they fail. */
  readonly line: number;
  readonly column: number;
}

export interface PlannedImports {
  readonly imports?: CellImports;
  /** Goes in front of the cell. */
  readonly statement: string;
}

export function planImports(script: string, declarations: readonly ImportDeclaration[]): PlannedImports {
  const [first] = declarations;
  if (first === undefined) return { statement: '' };
  const names = declarations.flatMap((declaration) => declaration.names);
  const written = declarations.map(({ start, end }) => `${script.slice(start, end)};`);
  const exported = names.map((name, index) => `${name} as $${index}`);
  const taken = names.map((name, index) => `$${index}:${name}`);
  return {
    imports: { source: `${written.join('')}export{${exported}};`, ...placeOf(script, first.start) },
    statement: `const{${taken}}=await import("${cellImportsSpecifier}");`,
  };
}

/** A place in a source as stack traces count: from one, columns by characters. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  const lines = source.slice(0, offset).split(/\r\n|[\r\n\u2028\u2029]/);
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
