/**
 * TypeScript without its types, for cells and files. Types become blanks, so that lines and columns stay; what would need
 * code of its own, such as `enum`, is refused. The stripper is loaded when the first TypeScript comes: it is larger than
 * the engine.
 */
import { createRequire } from 'node:module';

export type Stripped =
  | { readonly kind: 'stripped'; readonly source: string }
  /** It is TypeScript that cannot be had by taking something away. */
  | { readonly kind: 'refused'; readonly message: string; readonly line: number; readonly column: number }
  /** It is no TypeScript either: the engine says what is wrong. */
  | { readonly kind: 'unknown' };

type Strip = typeof import('amaro').transformSync;
let strip: Strip | undefined;

export function isTypeScript(fileName: string): boolean {
  return /\.[cm]?ts$/.test(fileName);
}

export function stripTypes(source: string): Stripped {
  strip ??= (createRequire(import.meta.url)('amaro') as typeof import('amaro')).transformSync; // as its types say
  try {
    return { kind: 'stripped', source: strip(source, { mode: 'strip-only' }).code };
  } catch (problem) {
    return problemOf(problem);
  }
}

/** The stripper throws plain objects. */
function problemOf(problem: unknown): Stripped {
  const { code, message, startLine, startColumn } = Object(problem);
  if (code !== 'UnsupportedSyntax' || typeof message !== 'string') return { kind: 'unknown' };
  const line = typeof startLine === 'number' ? startLine : 1;
  const told = `${message}: types are stripped, nothing is compiled`;
  return { kind: 'refused', message: told, line, column: typeof startColumn === 'number' ? startColumn + 1 : 1 };
}
