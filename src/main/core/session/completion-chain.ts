/**
 * What stands before a dot, as the names that lead to its value: `user.at`, `(user)`, `list[0]`. A literal leads to the
 * prototype of its kind, and a module that is required to that module. What only running the code could tell leads nowhere.
 */

export interface Token {
  readonly kind: 'word' | 'mark' | 'string' | 'number' | 'pattern';
  readonly text: string;
  readonly from: number;
}

interface Operand {
  readonly chain: readonly string[];
  /** Index of its first token. */
  readonly first: number;
}

/** After these an operand begins: what follows is no index, no call and no division. */
const operandWords = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'do',
  'else',
  'await',
  'yield',
]);

/** Nobody types longer chains, or more parentheses around one. */
const longestChain = 50;
const deepestParentheses = 10;

/** How a chain begins that leads to a native module. No name has a colon. */
const nativeRoot = 'native:';

const closing = new Set([')', ']', '}']);
const opening = new Set(['(', '[', '{']);

export function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'word') return !operandWords.has(token.text);
  return token.kind !== 'mark' || closing.has(token.text);
}

/** The names that lead to the value of the operand that all these tokens end in; undefined where there are none. */
export function chainAtEnd(tokens: readonly Token[]): readonly string[] | undefined {
  return operandBefore(tokens, tokens.length, 0)?.chain;
}

/** As `chainAtEnd`, where the last token opens a bracket for a key: `user[`, `user?.[`. */
export function chainBeforeKey(tokens: readonly Token[]): readonly string[] | undefined {
  const end = tokens.length - (tokens.at(-2)?.text === '?.' ? 2 : 1);
  return tokens.at(-1)?.text === '[' && endsOperand(tokens[end - 1]) ? operandBefore(tokens, end, 0)?.chain : undefined;
}

function operandBefore(tokens: readonly Token[], end: number, depth: number): Operand | undefined {
  const members: string[] = [];
  for (let at = end; members.length < longestChain; ) {
    const member = memberBefore(tokens, at);
    if (member === undefined) {
      const root = rootBefore(tokens, at, depth);
      return root && { chain: [...root.chain, ...members], first: root.first };
    }
    members.unshift(member.name);
    at = member.first;
  }
  return undefined;
}

/** The `.name`, `[0]` or `['key']` that ends here. */
function memberBefore(tokens: readonly Token[], end: number): { name: string; first: number } | undefined {
  const last = tokens[end - 1];
  const mark = tokens[end - 2]?.text;
  if (last?.kind === 'word' && (mark === '.' || mark === '?.')) return { name: last.text, first: end - 2 };
  const first = tokens[end - 4]?.text === '?.' ? end - 4 : end - 3;
  const name = last?.text === ']' && tokens[end - 3]?.text === '[' ? keyOf(tokens[end - 2]) : undefined;
  return name === undefined || !endsOperand(tokens[first - 1]) ? undefined : { name, first };
}

function keyOf(key: Token | undefined): string | undefined {
  if (key?.kind === 'number') return key.text;
  return key?.kind === 'string' && !/[\\`]/.test(key.text) ? key.text.slice(1, -1) : undefined;
}

function rootBefore(tokens: readonly Token[], end: number, depth: number): Operand | undefined {
  const token = tokens[end - 1];
  if (token === undefined || tokens[end - 2]?.text === '.') return undefined;
  if (token.kind === 'mark') return groupBefore(tokens, end, depth);
  if (token.kind === 'word') return token.text.startsWith('#') ? undefined : { chain: [token.text], first: end - 1 };
  return { chain: [classOf(token), 'prototype'], first: end - 1 };
}

function classOf({ kind, text }: Token): string {
  if (kind === 'number') return text.endsWith('n') ? 'BigInt' : 'Number';
  return kind === 'pattern' ? 'RegExp' : 'String';
}

/** A list, an operand in parentheses, or `require('…')`. */
function groupBefore(tokens: readonly Token[], end: number, depth: number): Operand | undefined {
  const open = openingOf(tokens, end - 1);
  if (open === undefined || depth === deepestParentheses) return undefined;
  const before = tokens[open - 1];
  if (tokens[open]?.text === '(' && before?.text === 'require') return required(tokens, open, end);
  if (endsOperand(before) || before?.text === '?.') return undefined;
  if (tokens[open]?.text === '[') return { chain: ['Array', 'prototype'], first: open };
  const inner = operandBefore(tokens, end - 1, depth + 1);
  return inner?.first === open + 1 && tokens[open]?.text === '(' ? { chain: inner.chain, first: open } : undefined;
}

function required(tokens: readonly Token[], open: number, end: number): Operand | undefined {
  const name = tokens[open + 1];
  const mark = tokens[open - 2]?.text;
  if (end !== open + 3 || name?.kind !== 'string' || mark === '.' || mark === '?.') return undefined;
  const key = keyOf(name);
  return key === undefined ? undefined : { chain: [`${nativeRoot}${key}`], first: open - 1 };
}

/** Where the bracket opens that the one at this index closes. */
function openingOf(tokens: readonly Token[], close: number): number | undefined {
  let open = 0;
  for (let index = close; index >= 0; index -= 1) {
    const token = tokens[index];
    if (token?.kind !== 'mark') continue;
    if (closing.has(token.text)) open += 1;
    else if (opening.has(token.text)) open -= 1;
    if (open <= 0) return open === 0 && closing.has(tokens[close]?.text ?? '') ? index : undefined;
  }
  return undefined;
}
