import { describe, expect, it } from 'vitest';
import { type CellPlan, planCell, type ReplPlan } from '#main/runtime/worker/repl-language';

const plan = (source: string, strict = false): ReplPlan => planCell(source, { strict, mustStop: () => false });

function cell(source: string): CellPlan {
  const planned = plan(source);
  if (planned.kind !== 'cell') throw new Error(`${source} was not read`);
  return planned;
}

describe('the names of a cell', () => {
  it.each<[source: string, names: Partial<CellPlan>]>([
    ['let a = 1, [b, {c: d}] = x; const {e, ...f} = y; class G {}', { lexicals: ['a', 'b', 'd', 'e', 'f', 'G'] }],
    ['{ let a; const b = 1; class C {} } for (let i = 0;;) {}', { lexicals: [] }],
    ['var a, [b] = x; for (var c of y) { try { var d } catch ({e}) { var f } }', { vars: ['a', 'b', 'c', 'd', 'f'] }],
    ['const f = () => { var a }; class K { static { var b } m() { var c } }', { vars: [] }],
    ['var { a = function () { var inner }, b } = {}', { vars: ['a', 'b'] }],
    ['function f() { var a; function inner() {} }', { functions: ['f'], vars: [] }],
    ['async function f() {} function* g() {} async function* h() {}', { functions: ['f', 'g', 'h'], vars: [] }],
    ['if (x) { function f() {} } a: function g() {}', { functions: [], vars: ['f', 'g'] }],
    ['{ async function f() {} }', { functions: [], vars: [] }],
    ['var f; function f() {}', { functions: [], vars: ['f'] }],
    ['function f() {} function f() {}', { functions: ['f'] }],
    ['(a) => { let b }; ({a}) => a; async (b) => b', { lexicals: [], vars: [], functions: [] }],
    ['[a, {b}] = [1, {b: 2}]; ({c} = d)', { lexicals: [], vars: [] }],
  ])('%s', (source, names) => expect(cell(source)).toMatchObject(names));
});

describe('whether a cell waits', () => {
  it.each([
    ['await 1', true],
    ['const { a = await 1 } = {}', true],
    ['for await (const a of b) {}', true],
    ['class A { [await 1] = 2 }', true],
    ['async () => await 1', false],
    ['async function f() { for await (const a of b) {} }', false],
    ['"await"; /await/; // await', false],
    ['({ async m() { await 1 } })', false],
  ])('%s: %s', (source, hasAwait) => expect(cell(source).hasAwait).toBe(hasAwait));
});

describe('functions', () => {
  it('become assignments of the same length, and what is left keeps its place', () => {
    expect(cell('f(1)\nfunction f(a) {\n  return a\n}\nf(2)')).toMatchObject({
      functionScripts: ['    \nf=function(a) {\n  return a\n}'],
      script: 'f(1)\n;              \n          \n \nf(2)',
    });
  });

  it('of one line are separated', () => {
    expect(cell('function a(){} function b(){}').functionScripts).toEqual(['a=function(){};b=function(){}']);
  });

  it('that touch go to two scripts', () => {
    expect(cell('function a(){}function b(){}function c(){}').functionScripts).toEqual([
      'a=function(){};             c=function(){}',
      '              b=function(){}',
    ]);
  });

  it.each([
    ['async function f(){}', 'f=async function(){}'],
    ['function* f(){}', 'f=function*(){}'],
    ['function * f(){}', 'f=function* (){}'],
    ['function\n/* é */\nf(){}', 'f=function\n       \n (){}'],
    ['"😀"; function f(){}', '     f=function(){}'],
  ])('%s', (source, script) => expect(cell(source).functionScripts).toEqual([script]));

  it('tell how they were written', () => {
    expect(cell('async  function /*1*/ f(a) {}').functionTexts).toEqual([
      { name: 'f', head: 'async  function /*1*/ f', engineHeadLength: 'async  function /*1*/ f'.length - 'f='.length },
    ]);
  });

  it('are strict where the cell is', () => {
    expect(cell('"use strict"; function f() {}').isStrict).toBe(true);
    expect(cell('function f() {}').isStrict).toBe(false);
    expect(plan('function f() {}', true)).toMatchObject({ isStrict: true });
  });
});

describe('imports', () => {
  it.each([
    ['import _ from "lodash"', ['_'], 'import _ from "lodash";export{_ as $0};'],
    [
      'import { a as b, default as c } from "./x.js";',
      ['b', 'c'],
      'import { a as b, default as c } from "./x.js";;export{b as $0,c as $1};',
    ],
    ['import * as ns from "fs"', ['ns'], 'import * as ns from "fs";export{ns as $0};'],
    ['import d, { e } from "x"', ['d', 'e'], 'import d, { e } from "x";export{d as $0,e as $1};'],
    ['import d, * as ns from "x"', ['d', 'ns'], 'import d, * as ns from "x";export{d as $0,ns as $1};'],
    ['import "./effect.js"', [], 'import "./effect.js";export{};'],
    [
      'import x from "./x.json" with { type: "json" }',
      ['x'],
      'import x from "./x.json" with { type: "json" };export{x as $0};',
    ],
  ])('%s', (source, lexicals, module) => expect(cell(source)).toMatchObject({ lexicals, imports: { source: module } }));

  it('are bound before the rest of the cell, whose places stay', () => {
    const { script, indent, hasAwait, imports } = cell('f(a)\nimport { a, b as c } from "x"\nf(c)');
    const [first = '', ...rest] = script.split('\n');
    expect(first.slice(0, indent)).toBe('const{$0:a,$1:c}=await import("vm:cell-imports");');
    expect([first.slice(indent), ...rest]).toEqual(['f(a)', `;${' '.repeat(28)}`, 'f(c)']);
    expect([hasAwait, imports?.line, imports?.column]).toEqual([true, 2, 1]);
  });

  it('of one cell become one module, in their order', () => {
    expect(cell('import "a"\n1; import b from "b"').imports?.source).toBe(
      'import "a";import b from "b";export{b as $0};',
    );
  });

  it('separate what stands around them', () => {
    const { script, indent } = cell('const a = 1\nimport "x"\n(1)');
    expect(script.slice(indent)).toBe('const a = 1\n;         \n(1)');
  });

  it('leave functions at the columns that the cell has', () => {
    const { functionScripts, script, indent } = cell('import a from "x"; function f() {}');
    expect(functionScripts).toEqual([`${' '.repeat(indent + 19)}f=function() {}`]);
    expect(script.slice(indent)).toBe(`;${' '.repeat(18)};${' '.repeat(14)}`.trimEnd().padEnd(script.length - indent));
  });

  it('stand behind no hashbang, and before no directive', () => {
    expect(cell('#!/usr/bin/env node\nimport "x"').script).not.toContain('#!');
    expect(cell('"use strict"; import "x"')).toMatchObject({ isStrict: true });
  });

  it('leave cells sloppy', () => {
    expect(cell('import a from "x"; with (a) {} var b = 010')).toMatchObject({ isStrict: false, vars: ['b'] });
  });

  it('have their types stripped', () => {
    expect(cell('import { type A, b } from "x"; let c: A')).toMatchObject({ lexicals: ['b', 'c'] });
    expect(cell('import type { A } from "x"; let c: A').imports).toBeUndefined();
  });

  it.each(['import("x")', 'await import("x")', '"import a from b"', 'x.import'])('are not found in %s', (source) =>
    expect(cell(source).imports).toBeUndefined(),
  );

  it.each(['{ import a from "x"; f() }', 'if (x) import "y"', 'function f() { import "x" }'])(
    'are refused in %s',
    (source) =>
      expect(plan(source)).toMatchObject({ kind: 'refused', message: 'An import may stand at the top level only' }),
  );

  it('say what is wrong with what stands behind them, which the engine would not get to', () => {
    expect(plan('import a from "x"\nlet a = 1')).toEqual({
      kind: 'refused',
      message: "Identifier 'a' has already been declared",
      line: 2,
      column: 5,
    });
  });
});

describe('exports', () => {
  it.each([
    'export const a = 1',
    'export default 1',
    'export { a }',
    'export * from "x"',
    'export const a: number = 1',
  ])('%s is refused with the reason', (source) =>
    expect(plan(`1\n  ${source}`)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^A cell cannot export/),
      line: 2,
      column: 3,
    }),
  );

  it('of types are none', () => expect(cell('export interface A {}\n1').script).toBe(`${' '.repeat(21)}\n1`));
});

describe('an object or a block', () => {
  it.each([
    ['{a: 1}', '({a: 1}\n)', 1],
    [' {a: 1}', '({a: 1}\n)', 0],
    ['\n{a: 1}', '(\n{a: 1}\n)', 1],
    ['{a} // note', '({a} // note\n)', 1],
    ['{}', '({}\n)', 1],
    ['{a: 1};', '{a: 1};', 0],
    ['{ let a = 1 }', '{ let a = 1 }', 0],
    ['{ f() }', '{ f() }', 0],
    ['({a: 1})', '({a: 1})', 0],
  ])('%j', (source, script, indent) => expect(cell(source)).toMatchObject({ script, indent }));
});

describe('TypeScript', () => {
  it('is stripped where the source is no JavaScript, and keeps its positions', () => {
    expect(cell('const a: number = 1').script).toBe('const a         = 1');
    expect(cell('{ a: 1 as any }')).toMatchObject({ script: '({ a: 1        }\n)', indent: 1 });
  });

  it('is refused where it would have to be compiled', () => {
    expect(plan('let a = 1\nenum E {}')).toMatchObject({ kind: 'refused', line: 2, column: 1 });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['no language', 'let = ;'],
    ['nesting', '['.repeat(100_000)],
    ['nesting of another kind', 'a => '.repeat(100_000)],
    ['too many nodes', `x = ${'a+'.repeat(300_000)}a`],
  ])('%s', (_what, source) => expect(plan(source)).toEqual({ kind: 'unread' }));

  it('is given up when the time is over', () => {
    expect(planCell('a;'.repeat(10_000), { strict: false, mustStop: () => true })).toEqual({ kind: 'unread' });
  });
});

it.each([
  ['numbers', `const big = [${'1,'.repeat(1_000_000)}]`],
  ['objects', `const big = [${'{"a":[1,"b"]},'.repeat(250_000)}]`],
  ['keys', `const big = {${'a:1,'.repeat(750_000)}}`],
  ['statements', `const big = 1;${'a;'.repeat(1_000_000)}`],
  ['calls', `const big = 1;${'a(b);'.repeat(600_000)}`],
])('megabytes of %s are read without holding them', (_what, source) => {
  expect(cell(source).lexicals).toEqual(['big']);
});

it('many declarations take no more than their share of time', () => {
  const source = Array.from({ length: 100_000 }, (_, index) => `let a${index};`).join('');
  expect(cell(source).lexicals).toHaveLength(100_000);
});
