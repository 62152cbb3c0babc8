/**
 * Finds the first place where a text stops being one JSON value. JSON.parse also refuses such texts, but does not always
 * say where, and accepts nesting that every later walk over the value would have to survive. It builds nothing.
 */

export interface JsonProblem {
  /** Offset into the text, from 0. */
  readonly position: number;
  readonly reason: string;
}

/** Undefined for a text that is exactly one JSON value, nested no deeper than `maxDepth`. */
export function findJsonProblem(text: string, maxDepth: number): JsonProblem | undefined {
  try {
    new JsonScanner(text, maxDepth).scan();
    return undefined;
  } catch (error) {
    if (error instanceof ProblemSignal) return error.problem;
    throw error;
  }
}

class ProblemSignal extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem.reason);
    this.problem = problem;
  }
}

type Closer = '}' | ']';

/** Iterative on purpose: `open` holds the closers still due, so that depth costs memory and never stack. */
class JsonScanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #open: Closer[] = [];
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  scan(): void {
    do this.#valueOrOpening();
    while (this.#moreAfterValue());
    if (this.#at < this.#text.length) this.#fail('there is more after the end of the value');
  }

  /** Passes one scalar, or opens containers until it stands before a scalar or behind an empty container. */
  #valueOrOpening(): void {
    for (;;) {
      this.#space();
      const opener = this.#text[this.#at];
      if (opener !== '{' && opener !== '[') {
        this.#scalar();
        return;
      }
      const closer = opener === '{' ? '}' : ']';
      if (this.#open.push(closer) > this.#maxDepth)
        this.#fail(`the value is nested deeper than ${this.#maxDepth} levels`);
      this.#at += 1;
      this.#space();
      if (this.#text[this.#at] === closer) return;
      if (closer === '}') this.#key();
    }
  }

  /** Closes what ends here; true where a comma announces another value. */
  #moreAfterValue(): boolean {
    for (;;) {
      this.#space();
      const closer = this.#open.at(-1);
      if (closer === undefined) return false;
      if (this.#text[this.#at] === ',') {
        this.#at += 1;
        if (closer === '}') this.#key();
        return true;
      }
      this.#expect(closer, `"," or "${closer}" is expected`);
      this.#open.pop();
    }
  }

  #key(): void {
    this.#space();
    if (this.#text[this.#at] !== '"') this.#fail('a property name in double quotes is expected');
    this.#string();
    this.#space();
    this.#expect(':', '":" is expected after a property name');
  }

  #scalar(): void {
    if (this.#text[this.#at] === '"') this.#string();
    else if (!this.#skip(scalarPattern)) this.#fail('a value is expected');
  }

  #string(): void {
    this.#at += 1;
    do this.#skip(plainPattern);
    while (this.#skip(escapePattern));
    const stop = this.#text[this.#at];
    if (stop === undefined) this.#fail('a string does not end');
    if (stop === '\\') this.#fail('an escape in a string is not valid');
    if (stop !== '"') this.#fail('a control character in a string must be escaped');
    this.#at += 1;
  }

  #space(): void {
    if (this.#text.charCodeAt(this.#at) <= space) this.#skip(spacePattern);
  }

  #expect(character: string, reason: string): void {
    if (this.#text[this.#at] !== character) this.#fail(reason);
    this.#at += 1;
  }

  /** The patterns are kept free of alternatives under a star: those exhaust the stack of the regular expression engine. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #fail(reason: string): never {
    const isEnd = this.#at >= this.#text.length;
    throw new ProblemSignal({ position: this.#at, reason: isEnd ? `the text ends too early: ${reason}` : reason });
  }
}

const space = 0x20;
const spacePattern = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a string
const plainPattern = /[^"\\\u0000-\u001f]*/y;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const scalarPattern = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
