/**
 * The free names of a module: what it uses and does not bind itself, so what it reads off the global object. Apart are
 * those that it reads later, inside its functions, when a guest may have replaced them.
 */
import { parseAst } from 'vite';

interface Scope {
  readonly atLoad: Set<string>;
  readonly later: Set<string>;
  readonly bound: Set<string>;
}

export interface FreeNames {
  readonly atLoad: readonly string[];
  readonly later: readonly string[];
}

interface SyntaxNode {
  readonly type: string;
  readonly name?: unknown;
  readonly computed?: unknown;
  readonly id?: SyntaxNode | null;
}

/** Places of a tree whose identifiers are bound there. */
const bindings = new Set([
  'VariableDeclarator.id',
  'CatchClause.param',
  'FunctionDeclaration.id',
  'ClassDeclaration.id',
  'ImportSpecifier.local',
  'ImportDefaultSpecifier.local',
  'ImportNamespaceSpecifier.local',
  'FunctionExpression.id',
  'FunctionDeclaration.params',
  'FunctionExpression.params',
  'ArrowFunctionExpression.params',
]);

/** Places whose identifiers are mere words, unless they are computed. */
const words = new Set([
  'MemberExpression.property',
  'Property.key',
  'MethodDefinition.key',
  'PropertyDefinition.key',
  'ImportSpecifier.imported',
  'ExportSpecifier.local',
  'ExportSpecifier.exported',
  'MetaProperty.meta',
  'MetaProperty.property',
]);

const patterns = new Set(['ObjectPattern', 'ArrayPattern', 'RestElement', 'AssignmentPattern', 'Property']);
const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export function freeNames(source: string): FreeNames {
  const scope = newScope();
  visitChildren(parseAst(source), scope, false);
  return { atLoad: unbound(scope.atLoad, scope), later: unbound(scope.later, scope) };
}

const newScope = (): Scope => ({ atLoad: new Set(), later: new Set(), bound: new Set() });

const unbound = (names: Iterable<string>, { bound }: Scope) => [...names].filter((name) => !bound.has(name));

function visit(node: SyntaxNode, scope: Scope, binds: boolean): void {
  if (node.type === 'Identifier') (binds ? scope.bound : scope.atLoad).add(String(node.name));
  else if (functions.has(node.type)) visitFunction(node, scope);
  else visitChildren(node, scope, binds && patterns.has(node.type));
}

/** What a function leaves free is read when it is called. A declaration binds its name outside too. */
function visitFunction(node: SyntaxNode, outer: Scope): void {
  const scope = newScope();
  visitChildren(node, scope, false);
  for (const name of unbound([...scope.atLoad, ...scope.later], scope)) outer.later.add(name);
  if (node.type === 'FunctionDeclaration') outer.bound.add(String(node.id?.name));
}

function visitChildren(node: SyntaxNode, scope: Scope, inPattern: boolean): void {
  for (const [key, value] of Object.entries(node)) {
    const place = `${node.type}.${key}`;
    if (words.has(place) && node.computed !== true) continue;
    const binds = bindings.has(place) || (inPattern && key !== 'right' && key !== 'key');
    for (const child of [value].flat()) if (isNode(child)) visit(child, scope, binds);
  }
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
