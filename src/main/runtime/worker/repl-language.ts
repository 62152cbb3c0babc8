/**
 * The language of the REPL, as plain scripts for the engine. Pure: from a source to a plan of what to run, and of which
 * names make room first, so that a cell may declare again what an earlier one declared. Positions stay where the user
 * has them: nothing moves, and what is taken out becomes blanks.
 *
 * - Functions at the top level are bindings like `let`, and hoisted: scripts of their own make them before the cell runs.
 * - Imports are hoisted too, and bind constants: a module of their own makes them (`cell-imports.ts`).
 * - `{a: 1}` alone is an object, as in Node's REPL: what starts with a brace is read as an expression if it can be.
 * - A source that is no JavaScript has its types stripped. The engine has the last word on what is left.
 */
import { type CellImports, placeOf, planImports } from './cell-imports.ts';
import { type Declarations, type FunctionDeclaration, parseDeclarations, Refused } from './declaration-parser.ts';
import { type Stripped, stripTypes } from './strip-types.ts';

/** How a function reads in its `toString`. */
interface FunctionText {
  readonly name: string;
  /** How its text begins as the user wrote it, up to its name. */
  readonly head: string;
  /** How many characters of its text as the engine has it say the same. */
  readonly engineHeadLength: number;
}

export interface CellPlan {
  readonly kind: 'cell';
  /** Names that the cell binds by let, const, class or import. */
  readonly lexicals: readonly string[];
  /** Names that it binds as functions, and by nothing else. */
  readonly functions: readonly string[];
  readonly vars: readonly string[];
  readonly functionTexts: readonly FunctionText[];
  /** Assign the functions to their names, which are declared by then. More than one where functions touch. */
  readonly functionScripts: readonly string[];
  readonly imports?: CellImports;
  readonly script: string;
  readonly hasAwait: boolean;
  readonly isStrict: boolean;
  /** Columns by which the first line has moved to the right, in all scripts. */
  readonly indent: number;
}

export type ReplPlan =
  | CellPlan
  /** Nobody could read it: the engine may, or it says what is wrong. */
  | { readonly kind: 'unread' }
  | Extract<Stripped, { kind: 'refused' }>;

export interface ReplOptions {
  readonly strict: boolean;
  /** Asked while a long source is read; true gives that up. */
  readonly mustStop: () => boolean;
}

export function planCell(source: string, options: ReplOptions): ReplPlan {
  const readings = readingsOf(source);
  try {
    return planAny(readings, options) ?? planStripped(readings, options);
  } catch {
    return { kind: 'unread' }; // nested too deep, too large, or out of time
  }
}

type Reading = Pick<CellPlan, 'script' | 'indent'>;

/** What starts with a brace may be an object; the parenthesis takes the place of a blank where there is one. */
function readingsOf(source: string): Reading[] {
  const asWritten: Reading = { script: source, indent: 0 };
  if (!/^\s*\{/.test(source) || /;\s*$/.test(source)) return [asWritten];
  const hasRoom = /^[^\S\r\n\u2028\u2029]/.test(source);
  const asExpression: Reading = { script: `(${hasRoom ? source.slice(1) : source}\n)`, indent: hasRoom ? 0 : 1 };
  return [asExpression, asWritten];
}

function planAny(readings: readonly Reading[], options: ReplOptions): CellPlan | undefined {
  for (const reading of readings) {
    const declared = tryToParse(reading.script, options);
    if (!(declared instanceof SyntaxError)) return planReading(reading, declared);
  }
  return undefined;
}

function planStripped(readings: readonly Reading[], options: ReplOptions): ReplPlan {
  const attempts = readings.map((reading) => ({ reading, stripped: stripTypes(reading.script) }));
  const withoutTypes = attempts.flatMap(({ reading, stripped }) =>
    stripped.kind === 'stripped' ? { ...reading, script: stripped.source } : [],
  );
  const plan = planAny(withoutTypes, options);
  if (plan !== undefined) return plan;
  const asWritten = attempts.at(-1)?.stripped;
  return asWritten?.kind === 'refused' ? asWritten : planUnread([...readings, ...withoutTypes], options);
}

/** The engine says what is wrong, unless it would get no further than to an import or export. */
function planUnread(readings: readonly Reading[], options: ReplOptions): ReplPlan {
  const script = readings.at(-1)?.script ?? '';
  const refusal = tryToParse(script, options);
  if (!(refusal instanceof Refused)) return { kind: 'unread' };
  return { kind: 'refused', message: refusal.message, ...placeOf(script, refusal.offset) };
}

/** The refusal where acorn refuses it. Throws where acorn gives up. */
function tryToParse(script: string, options: ReplOptions): Declarations | SyntaxError {
  try {
    return parseDeclarations(script, options);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function planReading({ script, indent }: Reading, declared: Declarations): CellPlan {
  const { vars, isStrict } = declared;
  const { imports, statement } = planImports(script, declared.imports);
  const functions = declared.functions.filter(({ name }) => name !== 'let'); // which no `let` can declare
  const boundFunctions = functions.flatMap(({ name }) => (vars.has(name) ? [] : name));
  const hoisted = [...functions, ...declared.imports].sort((one, other) => one.start - other.start);
  const rest = without(hoisted, imports === undefined ? script : withoutHashbang(script));
  return {
    kind: 'cell',
    lexicals: declared.lexicals,
    functions: [...new Set(boundFunctions)],
    functionTexts: functions.map((declaration) => ({
      name: declaration.name,
      head: script.slice(declaration.start, declaration.nameEnd),
      engineHeadLength: assignmentHead(script, declaration).length - declaration.name.length - 1,
    })),
    vars: [...vars],
    functionScripts: scriptsOf(script, functions).map((text) => blanked(statement) + text),
    ...(imports === undefined ? {} : { imports }),
    script: statement + rest,
    hasAwait: declared.hasAwait || imports !== undefined,
    isStrict,
    indent: indent + statement.length,
  };
}

/** Functions that touch go to different scripts, since each needs room for a semicolon behind it. */
function scriptsOf(script: string, functions: readonly FunctionDeclaration[]): string[] {
  const groups: FunctionDeclaration[][] = [];
  for (const declaration of functions) {
    const group = groups.find((members) => (members.at(-1)?.end ?? 0) < declaration.start);
    if (group === undefined) groups.push([declaration]);
    else group.push(declaration);
  }
  return groups.map((group) => onlyFunctions(script, group));
}

function onlyFunctions(script: string, functions: readonly FunctionDeclaration[]): string {
  let text = '';
  let from = 0;
  for (const declaration of functions) {
    const { start, nameEnd, end } = declaration;
    text += `${separated(script.slice(from, start), from > 0)}${assignmentHead(script, declaration)}`;
    text += script.slice(nameEnd, end);
    from = end;
  }
  return text;
}

/** Blanks in the place of a text, the first of which ends what stands before. */
function separated(between: string, follows: boolean): string {
  const blanks = blanked(between);
  if (!follows) return blanks;
  return /^[\r\n\u2028\u2029]/.test(blanks) ? `;${blanks}` : `;${blanks.slice(1)}`;
}

/** `function name` as `name=function`, which is as long; comments within become blanks, line ends stay. */
function assignmentHead(script: string, { name, start, nameEnd, async, generator }: FunctionDeclaration): string {
  const assignment = `${name}=${async ? 'async ' : ''}function${generator ? '*' : ''}`;
  const [firstLine = '', ...rest] = blanked(script.slice(start, nameEnd)).split('\n');
  return [assignment.padEnd(firstLine.length), ...rest].join('\n');
}

/** A semicolon stays of each: without it, what stands before and behind might become one statement. */
function without(hoisted: readonly Pick<FunctionDeclaration, 'start' | 'end'>[], script: string): string {
  let text = '';
  let from = 0;
  for (const { start, end } of hoisted) {
    text += `${script.slice(from, start)};${blanked(script.slice(start + 1, end))}`;
    from = end;
  }
  return hoisted.length === 0 ? script : text + script.slice(from);
}

/** Behind something else it would be no comment. */
function withoutHashbang(script: string): string {
  return script.replace(/^#!.*/, blanked);
}

/** Blanks as wide as the text, as the engine counts columns: by characters, of two code units too. */
function blanked(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/gu, ' ');
}
