/**
 * TypeScript without its types, for cells and files. Types become blanks, so that lines and columns stay; what would need
 * code of its own, such as `enum`, is refused. The stripper is loaded when the first TypeScript comes: it is larger than
 * the engine.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** A place in a source as the engine counts: from one, columns by characters. */
interface Place {
  readonly line: number;
  readonly column: number;
}

export type Stripped =
  | { readonly kind: 'stripped'; readonly source: string }
  /** It is TypeScript that cannot be had by taking something away. */
  | ({ readonly kind: 'refused'; readonly message: string } & Place)
  /** It is no TypeScript, and this is the first thing wrong with it. */
  | ({ readonly kind: 'broken'; readonly message: string } & Place)
  /** The stripper could not read it: the engine says what is wrong. */
  | { readonly kind: 'unknown' };

const ownRequire = createRequire(import.meta.url);

type Strip = typeof import('amaro').transformSync;
let strip: Strip | undefined;

const unknown: Stripped = { kind: 'unknown' };

/** How what the engine has no use for may begin: an annotation, type arguments, or a word, such as `interface`. */
const startOfTypes = /[:?!<\p{ID_Start}$_]/u;

export function isTypeScript(fileName: string): boolean {
  return /\.[cm]?ts$/.test(fileName);
}

export function stripTypes(source: string): Stripped {
  const stripped = tryToStrip(source);
  if (!hasPlace(stripped) || !/[^\n\r -~]/.test(source)) return stripped;
  const again = tryToStrip(withEvenColumns(source));
  return hasPlace(again) ? { ...stripped, line: again.line, column: again.column } : stripped;
}

/**
 * What a source is as TypeScript that the engine has refused at a place: stripped or broken where types stand there, and
 * unknown where the mistake is one in JavaScript.
 */
export function stripBeyond(source: string, refused: Place): Stripped {
  const [character = ''] = [...(source.split('\n')[refused.line - 1] ?? '')].slice(refused.column - 1);
  if (!startOfTypes.test(character)) return unknown;
  const stripped = stripTypes(source);
  return !hasPlace(stripped) || isBehind(stripped, refused) ? stripped : unknown;
}

function hasPlace(stripped: Stripped): stripped is Extract<Stripped, Place> {
  return stripped.kind === 'refused' || stripped.kind === 'broken';
}

function isBehind(place: Place, other: Place): boolean {
  return place.line > other.line || (place.line === other.line && place.column > other.column);
}

function tryToStrip(source: string): Stripped {
  strip ??= (ownRequire('amaro') as typeof import('amaro')).transformSync; // as its types say
  try {
    return { kind: 'stripped', source: strip(source, { mode: 'strip-only' }).code };
  } catch (problem) {
    return problem instanceof Error ? giveUp() : problemOf(problem);
  }
}

/** It ran out of stack within its own memory, and would fail from here on: the next source gets another one. */
function giveUp(): Stripped {
  const folder = dirname(ownRequire.resolve('amaro'));
  for (const file of Object.keys(ownRequire.cache)) if (file.startsWith(folder)) delete ownRequire.cache[file];
  strip = undefined;
  return unknown;
}

/** The stripper throws plain objects. */
function problemOf(problem: unknown): Stripped {
  const { code, message, startLine, startColumn } = Object(problem);
  if (typeof message !== 'string' || typeof startLine !== 'number' || typeof startColumn !== 'number') return unknown;
  const place = { line: startLine, column: startColumn + 1 };
  if (code === 'InvalidSyntax') return { kind: 'broken', message, ...place };
  return code === 'UnsupportedSyntax' ? { kind: 'refused', message: withReason(message), ...place } : unknown;
}

function withReason(message: string): string {
  return message.endsWith('.')
    ? `${message} Types are stripped, nothing is compiled.`
    : `${message}: types are stripped, nothing is compiled`;
}

/** The stripper counts columns as a terminal has them: here every character is as wide as any other. */
function withEvenColumns(source: string): string {
  return source.replace(/[^\n\r -~]/gu, (character) => (/\s/.test(character) ? ' ' : 'x'));
}
