/**
 * What is being typed where the caret stands: a name, a member of something, or the name of a module. Read from the code
 * up to the caret by a scanner of words, strings and comments, so that code that does not parse yet is no obstacle.
 */

import { chainAtEnd, chainBeforeKey, endsOperand, type Token } from '#core/session/completion-chain';

type CompletionContext =
  | { readonly kind: 'name'; readonly prefix: string }
  | { readonly kind: 'member'; readonly chain: readonly string[]; readonly prefix: string }
  | { readonly kind: 'module'; readonly prefix: string }
  /** In a comment, a text, a number, or after what only running the code could tell. */
  | { readonly kind: 'nothing' };

export interface CaretContext {
  readonly context: CompletionContext;
  /** The text that a completion replaces. */
  readonly from: number;
  readonly to: number;
}

/** A token that the caret stands in and that ends behind it. */
type Open = 'string' | 'comment' | 'template' | undefined;

interface Scan {
  readonly tokens: readonly Token[];
  readonly open: Open;
}

/** Groups: comment, its end; word; number; string, its end; any other mark. White space is none of them. */
const piece =
  /\s+|(\/\/[^\n]*(\n)?|\/\*[\s\S]*?(?:(\*\/)|$))|([\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*)|(\d[\w.]*)|("(?:[^"\\\n]|\\[\s\S])*("|\n)?|'(?:[^'\\\n]|\\[\s\S])*('|\n)?)|(\?\.|\.\.\.|=>|[\s\S])/uy;

/** Of bounded length, so that many that never end take no long time. */
const pattern = /\/(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n]){0,500}\]){1,500}\/[a-z]*/uy;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/uy;

export function contextAt(code: string, cursor: number): CaretContext {
  const { tokens, open } = scan(code.slice(0, cursor));
  if (open === 'string') return textContext(tokens, code, cursor);
  if (open !== undefined) return nothingAt(cursor);
  const last = tokens.at(-1);
  const isTyping = last?.kind === 'word' && last.from + last.text.length === cursor;
  if (last?.kind === 'number' && last.from + last.text.length === cursor) return nothingAt(cursor);
  const prefix = isTyping ? last.text : '';
  const before = isTyping ? tokens.slice(0, -1) : tokens;
  const place = { from: cursor - prefix.length, to: wordEnd(code, cursor) };
  const mark = before.at(-1)?.text;
  if (mark !== '.' && mark !== '?.') return { context: { kind: 'name', prefix }, ...place };
  const chain = chainAtEnd(before.slice(0, -1));
  return chain === undefined ? nothingAt(cursor) : { context: { kind: 'member', chain, prefix }, ...place };
}

function scan(code: string): Scan {
  const tokens: Token[] = [];
  /** For each template that is open, how many braces are open in its substitution. */
  const braces: number[] = [];
  let at = 0;
  while (at < code.length) {
    const last = tokens.at(-1);
    const isTemplate = code[at] === '`' || (code[at] === '}' && braces.at(-1) === 0);
    if (isTemplate) {
      if (code[at] === '}') {
        braces.pop();
        tokens.push({ kind: 'mark', text: ')', from: at });
      }
      const end = matchAt(templateText, code, at + 1)?.length ?? 0;
      at += end + 1;
      if (at >= code.length) return { tokens, open: 'template' };
      if (code[at] === '$') braces.push(0);
      tokens.push(code[at] === '$' ? { kind: 'mark', text: '(', from: at } : { kind: 'string', text: '``', from: at });
      at += code[at] === '$' ? 2 : 1;
      continue;
    }
    const regExp = code[at] === '/' && !endsOperand(last) ? matchAt(pattern, code, at) : undefined;
    if (regExp !== undefined && !/^\/[/*]/.test(regExp)) {
      tokens.push({ kind: 'pattern', text: regExp, from: at });
      at += regExp.length;
      continue;
    }
    piece.lastIndex = at;
    const found = piece.exec(code);
    if (found === null) break;
    const [, comment, lineEnd, blockEnd, word, number, string, doubleEnd, singleEnd, mark] = found;
    const end = at + found[0].length;
    if (comment !== undefined && lineEnd === undefined && blockEnd === undefined) return { tokens, open: 'comment' };
    if (word !== undefined) tokens.push({ kind: 'word', text: word, from: at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, from: at });
    else if (string !== undefined) {
      tokens.push({ kind: 'string', text: string, from: at });
      if (doubleEnd === undefined && singleEnd === undefined) return { tokens, open: 'string' };
    } else if (mark !== undefined) {
      tokens.push({ kind: 'mark', text: mark, from: at });
      const depth = braces.at(-1);
      if (depth !== undefined && mark === '{') braces[braces.length - 1] = depth + 1;
      if (depth !== undefined && mark === '}') braces[braces.length - 1] = depth - 1;
    }
    at = end;
  }
  return { tokens, open: undefined };
}

function matchAt(expression: RegExp, code: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(code)?.[0];
}

/** In a text that is not closed, the name of a module may be typed, or a key. */
function textContext(tokens: readonly Token[], code: string, cursor: number): CaretContext {
  const before = tokens.slice(0, -1);
  const prefix = tokens.at(-1)?.text.slice(1) ?? '';
  const rest = /^[^'"\n;)\]]*(?=['"])/.exec(code.slice(cursor))?.[0] ?? '';
  const place = { from: cursor - prefix.length, to: cursor + rest.length };
  if (isModulePlace(before)) return { context: { kind: 'module', prefix }, ...place };
  const chain = chainBeforeKey(before);
  return chain === undefined ? nothingAt(cursor) : { context: { kind: 'member', chain, prefix }, ...place };
}

/** Behind `require(`, `import(`, `import` and `from` stands the name of a module. */
function isModulePlace(before: readonly Token[]): boolean {
  const last = before.at(-1)?.text;
  const caller = last === '(' ? before.at(-2)?.text : undefined;
  return caller === 'require' || caller === 'import' || last === 'from' || last === 'import';
}

const wordRest = /[\p{ID_Continue}$\u200c\u200d]*/uy;

const wordEnd = (code: string, cursor: number): number => cursor + (matchAt(wordRest, code, cursor)?.length ?? 0);

const nothingAt = (cursor: number): CaretContext => ({ context: { kind: 'nothing' }, from: cursor, to: cursor });

/** The words of some code but for the one at the caret, each once, with how it was declared where that can be seen. */
export function wordsOf(
  code: string,
  caret: { readonly from: number; readonly to: number },
): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  let previous: Token | undefined;
  for (const token of scan(code).tokens) {
    const isHere = token.from === caret.from;
    const isMember = previous?.text === '.' || previous?.text === '?.';
    if (token.kind === 'word' && !isHere && !isMember && !token.text.startsWith('#')) {
      const declared = previous?.kind === 'word' ? previous.text : '';
      if (!words.has(token.text) || declared !== '') words.set(token.text, declared);
    }
    previous = token;
  }
  return words;
}
