/**
 * What a script declares at its top level, read by acorn. Only that is kept: a source may have four megabytes and a
 * thread 128, so statements, elements and properties shrink to a shared node as soon as they are parsed, and a source
 * that still has too many nodes is given up. What acorn refuses may be legal for the engine, and the reverse: a result
 * is a reading, not a verdict. Static imports are read in scripts too, at the top level.
 */
import { type Options, Parser } from 'acorn';

export interface FunctionDeclaration {
  readonly name: string;
  /** Offsets of the declaration, and of the end of its name. */
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
  readonly async: boolean;
  readonly generator: boolean;
}

export interface ImportDeclaration {
  /** What it binds. */
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface Declarations {
  /** Names of `let`, `const`, `class` and `import`. */
  readonly lexicals: readonly string[];
  /** Names of `var`, in blocks too, and of functions in blocks and behind labels. */
  readonly vars: ReadonlySet<string>;
  readonly functions: readonly FunctionDeclaration[];
  readonly imports: readonly ImportDeclaration[];
  readonly hasAwait: boolean;
  readonly isStrict: boolean;
}

export interface ParseOptions {
  readonly strict: boolean;
  /** Asked every few thousand nodes; true gives the parse up. */
  readonly mustStop: () => boolean;
}

/** What is wrong at a place that the engine would not get to, or not explain: an export, or anything behind an import. */
export class Refused extends SyntaxError {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const aboutExports = 'A cell cannot export, for nothing imports it: declare the name, and the cells after it see it';

const maxNodes = 400_000;
const nodesBetweenQuestions = 4096;

/** The declarations of a script that may use top-level await. Throws where acorn refuses it, or it is given up. */
export function parseDeclarations(source: string, options: ParseOptions): Declarations {
  return new DeclarationParser(source, options).read();
}

/** Nodes as far as they are looked at here. */
interface ParsedNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string; readonly end: number } | null;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly await?: boolean;
  readonly expression?: { readonly type: string };
  readonly specifiers?: readonly { readonly local: { readonly name: string } }[];
}

interface ParserScope {
  lexical: Pick<string[], 'indexOf' | 'push'>;
  functions: Pick<string[], 'indexOf' | 'push'>;
  var: Pick<string[], 'indexOf' | 'push'>;
}

/** The methods that acorn lets its plugins replace; its types do not name them. */
interface ParserInternals {
  readonly strict: boolean;
  readonly inAsync: boolean;
  readonly scopeStack: readonly ParserScope[];
  parse(): unknown;
  currentScope(): ParserScope;
  currentVarScope(): ParserScope;
  enterScope(flags: number): void;
  declareName(name: string, binding: number, position: number): void;
  finishNode(node: ParsedNode, type: string): ParsedNode;
  parseStatement(context: unknown, isTopLevel: boolean, exports: unknown): ParsedNode;
  parseExport(node: ParsedNode, exports: unknown): ParsedNode;
  parseVarId(declaration: ParsedNode, kind: string): void;
  parseMaybeAssign(...args: readonly unknown[]): ParsedNode;
  parseExprList(...args: readonly unknown[]): readonly ParsedNode[];
  parseProperty(isPattern: boolean, errors: unknown): ParsedNode;
}

const AcornParser = Parser as unknown as new (options: Options, source: string) => ParserInternals;

/** Stands for what is parsed and done with. As a pattern it may stand wherever an expression could still become one. */
const doneExpression = { type: 'ObjectPattern', start: 0, end: 0, properties: [] };
const doneProperty = { type: 'Property', start: 0, end: 0, kind: 'init', key: { type: '' }, value: doneExpression };
const doneStatement = { type: 'EmptyStatement', start: 0, end: 0 };
/** Elements that must stay what they are: parameters of an arrow function, until its arrow is seen. */
const keptElements = new Set(['Identifier', 'MemberExpression', 'AssignmentExpression', 'SpreadElement']);

class DeclarationParser extends AcornParser {
  readonly #mustStop: () => boolean;
  readonly #vars = new Set<string>();
  readonly #functions: FunctionDeclaration[] = [];
  readonly #imports: ImportDeclaration[] = [];
  #hasAwait = false;
  /** Whether the names being declared are those of a `var`. */
  #isVar = false;
  #listDepth = 0;
  #nodes = 0;
  #steps = 0;

  constructor(source: string, { strict, mustStop }: ParseOptions) {
    const allowed = { allowAwaitOutsideFunction: true, allowImportExportEverywhere: true };
    super({ ecmaVersion: 'latest', ...allowed, strict }, source);
    this.#mustStop = mustStop;
  }

  read(): Declarations {
    this.#parseAll();
    const [top] = this.scopeStack;
    return {
      lexicals: top?.lexical instanceof NameList ? top.lexical.names : [],
      vars: this.#vars,
      functions: this.#functions,
      imports: this.#imports,
      hasAwait: this.#hasAwait,
      isStrict: this.strict,
    };
  }

  override enterScope(flags: number): void {
    super.enterScope(flags);
    const scope = this.currentScope();
    scope.lexical = new NameList();
    scope.functions = new NameList();
    scope.var = new NameList();
  }

  override declareName(name: string, binding: number, position: number): void {
    super.declareName(name, binding, position);
    if (this.#isVar && this.#isTopVarScope) this.#vars.add(name);
  }

  override parseVarId(declaration: ParsedNode, kind: string): void {
    const wasVar = this.#isVar;
    this.#isVar = kind === 'var';
    super.parseVarId(declaration, kind);
    this.#isVar = wasVar;
  }

  override parseStatement(context: unknown, isTopLevel: boolean, exports: unknown): ParsedNode {
    const nodes = this.#nodes;
    const statement = super.parseStatement(context, isTopLevel, exports);
    if (statement.type === 'FunctionDeclaration') this.#noteFunction(statement, isTopLevel);
    if (statement.type === 'ImportDeclaration') this.#noteImport(statement, isTopLevel);
    if (statement.expression?.type === 'Literal') return statement; // perhaps a directive
    this.#nodes = nodes;
    return doneStatement;
  }

  override parseExport({ start }: ParsedNode): never {
    throw new Refused(aboutExports, start);
  }

  override parseExprList(...args: readonly unknown[]): readonly ParsedNode[] {
    this.#listDepth += 1;
    const elements = super.parseExprList(...args);
    this.#listDepth -= 1;
    return elements;
  }

  override parseMaybeAssign(...args: readonly unknown[]): ParsedNode {
    const nodes = this.#nodes;
    const expression = super.parseMaybeAssign(...args);
    if (this.#listDepth === 0 || keptElements.has(expression.type)) return expression;
    this.#nodes = nodes;
    return doneExpression;
  }

  override parseProperty(isPattern: boolean, errors: unknown): ParsedNode {
    const nodes = this.#nodes;
    const property = super.parseProperty(isPattern, errors);
    if (isPattern || property.type !== 'Property') return property;
    this.#nodes = nodes;
    return doneProperty;
  }

  override finishNode(node: ParsedNode, type: string): ParsedNode {
    const finished = super.finishNode(node, type);
    const awaits = type === 'AwaitExpression' || (type === 'ForOfStatement' && node.await === true);
    if (awaits && !this.inAsync) this.#hasAwait = true;
    this.#nodes += 1;
    this.#steps += 1;
    const isAsked = this.#steps % nodesBetweenQuestions === 0;
    if (this.#nodes > maxNodes || (isAsked && this.#mustStop())) throw new RangeError('The source was given up');
    return finished;
  }

  get #isTopVarScope(): boolean {
    return this.currentVarScope() === this.scopeStack[0];
  }

  #parseAll(): void {
    try {
      this.parse();
    } catch (error) {
      const isOurs = error instanceof Refused || !(error instanceof SyntaxError) || this.#imports.length === 0;
      throw isOurs ? error : new Refused(error.message.replace(/ \(\d+:\d+\)$/, ''), Number(Object(error).pos));
    }
  }

  #noteImport({ specifiers = [], start, end }: ParsedNode, isTopLevel: boolean): void {
    if (!isTopLevel) throw new Refused('An import may stand at the top level only', start);
    this.#imports.push({ names: specifiers.map(({ local }) => local.name), start, end });
  }

  #noteFunction({ id, start, end, async = false, generator = false }: ParsedNode, isTopLevel: boolean): void {
    if (!id || !this.#isTopVarScope) return;
    if (isTopLevel) this.#functions.push({ name: id.name, start, nameEnd: id.end, end, async, generator });
    else if (!this.strict && !async && !generator) this.#vars.add(id.name);
  }
}

/** A list of names as acorn uses it, for which it is too slow an array where there are many. */
class NameList {
  /** Looked at by acorn, for the parameter of a catch. */
  0?: string;
  readonly #names = new Set<string>();

  get names(): string[] {
    return [...this.#names];
  }

  indexOf(name: string): number {
    return this.#names.has(name) ? 0 : -1;
  }

  push(name: string): number {
    if (this.#names.size === 0) this[0] = name;
    return this.#names.add(name).size;
  }
}
