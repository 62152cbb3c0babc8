/**
 * A file's source as the engine gets it: what kind of code it is, its types stripped, and what it is given around it.
 * Everything that is added goes in front of the first line or behind the last, so that lines keep their numbers.
 */
import { dirname } from 'node:path/posix';
import { isTypeScript, stripTypes } from './strip-types.ts';

export type FileKind = 'module' | 'commonjs' | 'json';

/** What is wrong with a source before the engine has seen it, as its author should read it. */
export class SourceProblem extends Error {
  override readonly name = 'SyntaxError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: { readonly line: number; readonly column: number }) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export interface FileText {
  readonly text: string;
  /** How many columns the first line was moved by. */
  readonly addedColumns: number;
}

/** What a file is to an `import`. Where the name leaves it open, it is what the template says, or what it looks like. */
export function kindOfImported(path: string, source: string, isEsm: boolean): FileKind {
  if (path.endsWith('.json')) return 'json';
  if (/\.[cm][jt]s$/.test(path)) return /\.c[jt]s$/.test(path) ? 'commonjs' : 'module';
  return !isEsm && looksLikeCommonJs(source) ? 'commonjs' : 'module';
}

/** What a file is to a `require`. */
export function kindOfRequired(path: string): FileKind {
  if (path.endsWith('.json')) return 'json';
  return /\.m[jt]s$/.test(path) ? 'module' : 'commonjs';
}

function looksLikeCommonJs(source: string): boolean {
  return /\b(module\s*\.\s*exports|exports\s*[.[])/.test(source) && !/^\s*(import|export)\b(?!\s*\()/m.test(source);
}

/** A script, such as a file that is run: nothing is added. */
export function scriptText(path: string, source: string): string {
  if (!isTypeScript(path)) return source;
  const stripped = stripTypes(source);
  if (stripped.kind === 'refused' || stripped.kind === 'broken') throw new SourceProblem(stripped.message, stripped);
  return stripped.kind === 'stripped' ? stripped.source : source;
}

function placeOf(source: string, index: number) {
  const lines = source.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/**
 * An ES module. Only one that asks for its `import.meta` gets it: the engine has no other way to fill it. A NUL is
 * refused, because what a loader returns ends there for the engine.
 */
export function moduleText(path: string, source: string): FileText {
  const nul = source.indexOf('\0');
  if (nul >= 0) throw new SourceProblem('Unexpected NUL character', placeOf(source, nul));
  const text = withoutHashbang(scriptText(path, source));
  return text.includes('import.meta') ? withPrefix(metaStatements(path), text) : withPrefix('', text);
}

/** A CommonJS module, as an expression that is a function. */
export function commonJsText(path: string, source: string): FileText {
  const text = withoutHashbang(scriptText(path, source));
  return withPrefix('(function (exports, require, module, __filename, __dirname) {', `${text}\n})`);
}

function withPrefix(prefix: string, text: string): FileText {
  return { text: prefix + text, addedColumns: prefix.length };
}

/** As a comment it can stand behind something. */
function withoutHashbang(text: string): string {
  return text.startsWith('#!') ? `//${text.slice(2)}` : text;
}

/** Files are named as the worktree names them: where that lies on this machine is nobody's business in the guest. */
function metaStatements(path: string): string {
  const url = `file:///${path.split('/').map(encodeURIComponent).join('/')}`;
  const fields = { url, filename: path, dirname: dirname(path) };
  return Object.entries(fields)
    .map(([name, value]) => `import.meta.${name}=${JSON.stringify(value)};`)
    .join('');
}
