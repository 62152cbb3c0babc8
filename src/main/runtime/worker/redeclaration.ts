/**
 * The engine refuses a script that declares a name again before it runs any of it, so that its error has no place. It gets
 * the place of that declaration, found by its looks: to read the source for it is not worth the time.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { placeOf } from './cell-imports.ts';
import type { Guest } from './guest.ts';
import { newPlacedError } from './module-errors.ts';

/** A guest may say the same, but only with what is a name. */
const pattern = /^SyntaxError: (redeclaration of '([\p{ID_Continue}$]+)')$/u;

interface Script {
  readonly fileName: string;
  readonly source: string;
}

interface Parts {
  readonly context: QuickJSContext;
  readonly guest: Guest;
}

/** The error as it is to be told; one of another kind stays as it is. */
export function withPlace(error: QuickJSHandle, { fileName, source }: Script, parts: Parts): QuickJSHandle {
  const [, message = '', name] = pattern.exec(parts.guest.ask('headerWithoutPlace', error) ?? '') ?? [];
  if (name === undefined) return error;
  error.dispose();
  const { line, column } = placeOfDeclaration(source, name);
  return newPlacedError(parts.context, { name: 'SyntaxError', message }, `${fileName}:${line}:${column}`);
}

/** Where a statement begins with a declaration of the name, or else where the name is first. */
export function placeOfDeclaration(source: string, name: string): { line: number; column: number } {
  const word = `(?<![\\p{ID_Continue}$.])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`;
  const keyword = '(?:(?:let|const|class|var)\\s|(?:async\\s+)?function\\b[\\s*])';
  const statement = new RegExp(`(?:^|[;}])[^\\S\\n]*${keyword}\\s*${word}`, 'mu').exec(source);
  if (statement !== null) return placeOf(source, statement.index + statement[0].length - name.length);
  return placeOf(source, new RegExp(word, 'u').exec(source)?.index ?? 0);
}
