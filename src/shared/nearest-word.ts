/**
 * Guesses which of some words somebody meant who wrote another one. It would rather say nothing than something far away:
 * a wrong guess sends people off in a wrong direction.
 */

/** Undefined where none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const written = word.toLowerCase();
  const [nearest] = candidates
    .map((candidate) => ({ candidate, distance: distanceBetween(written, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => isNear(written, candidate.toLowerCase(), distance))
    .sort((one, other) => one.distance - other.distance);
  return nearest?.candidate;
}

/** A slip for each three letters begun, or a word that was broken off. */
function isNear(written: string, candidate: string, distance: number): boolean {
  return distance <= Math.ceil(written.length / 3) || (written.length >= 3 && candidate.startsWith(written));
}

/** How many letters are missing, too many, wrong, or swapped with their neighbour: the optimal string alignment. */
function distanceBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
