/**
 * Completions in the order in which people want them: what begins as typed before what only contains the letters, what
 * is near before what is far: words of the code itself and the user's own names, then built-in ones, then keywords.
 */

import type { GuestName } from '#core/ports';
import type { CaretContext } from '#core/session/completion-context';
import { wordsOf } from '#core/session/completion-context';
import { keywords } from '#core/session/static-names';
import type { Completion, CompletionItem } from '#shared/contract/session-inspection';

const maxItems = 200;

/** A completion that may be offered; a lower rank is nearer. */
interface Candidate extends CompletionItem {
  readonly rank: number;
}

/** Completions at a caret, out of these. */
export function completionOf(caret: CaretContext, prefix: string, candidates: readonly Candidate[]): Completion {
  const { from, to } = caret;
  const ranked = candidates
    .flatMap((candidate) => {
      const distance = distanceOf(candidate.label, prefix);
      return distance === undefined ? [] : { candidate, order: distance * 100 + candidate.rank };
    })
    .sort((one, other) => one.order - other.order || compare(one.candidate.label, other.candidate.label));
  const items = ranked.slice(0, maxItems).map(({ candidate: { rank: _, ...item } }) => item);
  return { from, to, items };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** How far a name is from what was typed; undefined where it does not have its letters in their order. */
function distanceOf(label: string, typed: string): number | undefined {
  if (label.startsWith(typed)) return 0;
  const name = label.toLowerCase();
  const letters = typed.toLowerCase();
  if (name.startsWith(letters)) return 1;
  if (name.includes(letters)) return 2;
  let at = 0;
  for (const letter of letters) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return undefined;
  }
  return 3;
}

/** Ranks of names in scope. */
const wordRank = 1;
const builtInRank = 10;
const keywordRank = 20;

/** Names that a piece of code can use where none of an object is meant. */
export function namesInScope(names: readonly GuestName[], code: string, caret: CaretContext): Candidate[] {
  const own = names.map((name) => candidateOf(name, name.rank === 0 ? 0 : builtInRank));
  const known = new Set([...names.map(({ name }) => name), ...keywords]);
  const words = [...wordsOf(code, caret)].flatMap(([word, declared]) =>
    known.has(word) ? [] : wordCandidate(word, declared),
  );
  const reserved = keywords.map((label): Candidate => ({ label, kind: 'keyword', rank: keywordRank }));
  return [...own, ...words, ...reserved];
}

/** Members, own ones first. */
export const membersAsCandidates = (names: readonly GuestName[]): Candidate[] =>
  names.map((name) => candidateOf(name, Math.min(name.rank, 99)));

export const modulesAsCandidates = (modules: readonly string[], libraries: readonly string[]): Candidate[] => [
  ...modules.map((label): Candidate => ({ label, kind: 'module', detail: 'native module', rank: 0 })),
  ...libraries.map((library): Candidate => {
    const end = library.lastIndexOf('-');
    return { label: end > 0 ? library.slice(0, end) : library, kind: 'module', detail: library, rank: 1 };
  }),
];

function candidateOf({ name, kind, type, from }: GuestName, rank: number): Candidate {
  return {
    label: name,
    kind,
    ...(from === undefined ? {} : { detail: from }),
    ...(type === undefined ? {} : { type }),
    rank,
  };
}

function wordCandidate(label: string, declared: string): Candidate {
  const kind = declared === 'function' || declared === 'class' ? declared : 'variable';
  return { label, kind, detail: 'in this code', rank: wordRank };
}
