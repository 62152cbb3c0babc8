/**
 * What cells of the REPL answer, one after another in a session. An answer is the preview of the value, or `! ` and how
 * the error begins. `node` marks cases that Node's own REPL answers alike: same values, errors of the same name.
 */
export interface ReplCase {
  readonly title: string;
  readonly node?: true;
  readonly cells: readonly (readonly [code: string, answer: string])[];
}

export const replCases: readonly ReplCase[] = [
  // values
  { title: 'the last expression is the value', node: true, cells: [['1; 2; 3', '3']] },
  {
    title: 'a declaration has no value',
    node: true,
    cells: [
      ['const a = 1', 'undefined'],
      ['let b = 2', 'undefined'],
      ['var c = 3', 'undefined'],
    ],
  },
  {
    title: 'functions and classes have no value',
    node: true,
    cells: [
      ['function f() {}', 'undefined'],
      ['class A {}', 'undefined'],
    ],
  },
  {
    title: 'an if, a loop and a try have the value of their last statement',
    node: true,
    cells: [
      ['if (true) 5', '5'],
      ['for (let i = 0; i < 3; i++) i', '2'],
      ['try { 7 } finally { 8 }', '7'],
    ],
  },
  {
    title: 'an empty statement keeps the value before it',
    node: true,
    cells: [
      ['4;;', '4'],
      ['"x";', 'x'],
    ],
  },
  {
    title: 'what one cell declares, the next one sees',
    node: true,
    cells: [
      ['const a = 1; let b = 2; var c = 3; class D {}; function e() { return 5 }', 'undefined'],
      ['[a, b, c, typeof D, e()]', "[ 1, 2, 3, 'function', 5 ]"],
    ],
  },
  {
    title: 'a function sees what later cells declare',
    node: true,
    cells: [
      ['function late() { return later }', 'undefined'],
      ['late()', '! ReferenceError'],
      ['const later = 5', 'undefined'],
      ['late()', '5'],
    ],
  },
  {
    title: 'a function changes what another cell declared',
    node: true,
    cells: [
      ['let n = 0; const add = () => { n += 1 }', 'undefined'],
      ['add(); add(); n', '2'],
    ],
  },
  {
    title: 'comments and blank lines mean nothing',
    node: true,
    cells: [
      ['// nothing', 'undefined'],
      ['/* a */ 1 // b', '1'],
      ['\n\n2\n\n', '2'],
    ],
  },
  { title: 'line ends of Windows', cells: [['const a = 1\r\nfunction f() { return a }\r\nf()', '1']] },
  {
    title: 'names of any alphabet, and escaped ones',
    node: true,
    cells: [
      ['const größe = 1; größe', '1'],
      ['let \\u0061b = 2; ab', '2'],
      ['const 変 = 3', 'undefined'],
      ['変', '3'],
    ],
  },
  { title: 'labels, and break out of a block', node: true, cells: [['a: { 1; break a; }', '1']] },
  { title: 'a hashbang is a comment', cells: [['#!/usr/bin/env node\n5', '5']] },
  // objects
  {
    title: 'what looks like an object is one',
    node: true,
    cells: [
      ['{a: 1}', '{ a: 1 }'],
      ['{}', '{}'],
      ['{a: 1, b: {c: 2}}', '{ a: 1, b: { c: 2 } }'],
    ],
  },
  {
    title: 'an object of names, and one spread into another',
    node: true,
    cells: [
      ['const a = 1, b = 2', 'undefined'],
      ['{a, b}', '{ a: 1, b: 2 }'],
      ['{...{x: 1}, a}', '{ x: 1, a: 1 }'],
    ],
  },
  {
    title: 'an object with methods, keys of any kind',
    node: true,
    cells: [
      ['{f() { return 1 }}.f()', '1'],
      ['{"x y": 1, [`z`]: 2}', "{ 'x y': 1, z: 2 }"],
    ],
  },
  {
    title: 'an object and what is done with it',
    node: true,
    cells: [
      ['{a: 1}.a', '1'],
      ['{a: 1}, 2', '2'],
      ['{} + 1', '[object Object]1'],
    ],
  },
  {
    title: 'an object over several lines',
    node: true,
    cells: [
      ['{\n  a: 1,\n  b: 2,\n}', '{ a: 1, b: 2 }'],
      ['\n {a: 3}', '{ a: 3 }'],
    ],
  },
  {
    title: 'a block stays a block',
    node: true,
    cells: [
      ['{ let z = 1; z + 1 }', '2'],
      ['{ 5 }', '5'],
      ['{ 1; 2 }', '2'],
      ['typeof z', 'undefined'],
    ],
  },
  {
    title: 'with a semicolon it is a block',
    node: true,
    cells: [
      ['{a: 1};', '1'],
      ['{};', 'undefined'],
    ],
  },
  {
    title: 'a comment behind an object changes nothing',
    cells: [
      ['{a: 1} // one', '{ a: 1 }'],
      ['{a: 1} /* one */', '{ a: 1 }'],
    ],
  },
  { title: 'an object of awaited values', node: true, cells: [['{a: await 1}', '{ a: 1 }']] },
  { title: 'a name that is not there fails in an object too', node: true, cells: [['{missing}', '! ReferenceError']] },
  // declaring again
  {
    title: 'const again, also by let and back',
    cells: [
      ['const x = 1', 'undefined'],
      ['const x = 2', 'undefined'],
      ['x', '2'],
      ['let x = 3; x', '3'],
      ['const x = 4; x', '4'],
    ],
  },
  {
    title: 'a constant stays constant',
    node: true,
    cells: [
      ['const x = 1', 'undefined'],
      ['x = 2', '! TypeError'],
      ['x', '1'],
    ],
  },
  {
    title: 'closures keep the const they were made with',
    cells: [
      ['const x = 1; const read = () => x', 'undefined'],
      ['const x = 2', 'undefined'],
      ['[x, read()]', '[ 2, 1 ]'],
    ],
  },
  {
    title: 'closures keep the let they were made with, and change it',
    cells: [
      ['let x = 1; const read = () => x, write = (v) => { x = v }', 'undefined'],
      ['let x = 2; write(9)', 'undefined'],
      ['[x, read()]', '[ 2, 9 ]'],
    ],
  },
  {
    title: 'class again, instances keep their class',
    cells: [
      ['class A { m() { return 1 } }; const a = new A()', 'undefined'],
      ['class A { m() { return 2 } }', 'undefined'],
      ['[a.m(), new A().m(), a instanceof A]', '[ 1, 2, false ]'],
    ],
  },
  {
    title: 'function again, closures keep the old one',
    cells: [
      ['function f() { return 1 }\nconst call = () => f()', 'undefined'],
      ['function f() { return 2 }', 'undefined'],
      ['[f(), call()]', '[ 2, 1 ]'],
    ],
  },
  {
    title: 'function, then const, then class, then var, then function',
    cells: [
      ['function f() {}', 'undefined'],
      ['const f = 1; f', '1'],
      ['class f {}; typeof f', 'function'],
      ['var f = 2; f', '2'],
      ['function f() { return 3 }\nf()', '3'],
    ],
  },
  {
    title: 'var again keeps its value, as in any script',
    node: true,
    cells: [
      ['var v = 1', 'undefined'],
      ['var v; v', '1'],
      ['var v = 2; v', '2'],
    ],
  },
  {
    title: 'var, then let, then var',
    cells: [
      ['var v = 1', 'undefined'],
      ['let v = 2; v', '2'],
      ['var v = 3; v', '3'],
      ['const v = 4; v', '4'],
    ],
  },
  {
    title: 'a var in a block, and a function in one, may be declared again',
    cells: [
      ['if (true) { var v = 1; function g() { return 2 } }', 'undefined'],
      ['let v = 3, g = 4; [v, g]', '[ 3, 4 ]'],
    ],
  },
  {
    title: 'names of a pattern may be declared again',
    cells: [
      ['const {a, b: [c], ...d} = {a: 1, b: [2], e: 3}', 'undefined'],
      ['const {a, b: [c], ...d} = {a: 4, b: [5], e: 6}', 'undefined'],
      ['[a, c, d]', '[ 4, 5, { e: 6 } ]'],
    ],
  },
  {
    title: 'a cell that is run again',
    cells: [
      ['const list = []; let n = 0; class P {}; function push() { list.push(++n); return list.length }\npush()', '1'],
      ['const list = []; let n = 0; class P {}; function push() { list.push(++n); return list.length }\npush()', '1'],
    ],
  },
  {
    title: 'names in a block are no others',
    node: true,
    cells: [
      ['let x = 1; { let x = 2 }; x', '1'],
      ['{ const x = 3 }', 'undefined'],
      ['x', '1'],
    ],
  },
  {
    title: 'a loop variable is none of the session',
    node: true,
    cells: [
      ['for (let i = 0; i < 2; i++) {}', 'undefined'],
      ['typeof i', 'undefined'],
    ],
  },
  {
    title: 'the same name twice in a cell is an error, and changes nothing',
    cells: [
      ['let x = 1', 'undefined'],
      ['let x = 2; let x = 3', '! SyntaxError'],
      ['x', '1'],
    ],
  },
  {
    title: 'a global of the language may be shadowed, and given back by nobody',
    node: true,
    cells: [
      ['class Map { answer() { return 42 } }', 'undefined'],
      ['new Map().answer()', '42'],
    ],
  },
  {
    title: 'a binding is no property of the global object',
    node: true,
    cells: [
      ['const x = 1', 'undefined'],
      ['globalThis.x', 'undefined'],
    ],
  },
  {
    title: 'a property of the global object is a name',
    node: true,
    cells: [
      ['globalThis.p = 1; p', '1'],
      ['const p = 2; [p, globalThis.p]', '[ 2, 1 ]'],
    ],
  },
  {
    title: 'a name that is set without a declaration',
    node: true,
    cells: [
      ['q = 5', '5'],
      ['q + 1', '6'],
    ],
  },
  {
    title: 'the old value cannot be read in its new declaration',
    cells: [
      ['let x = 1', 'undefined'],
      ['let x = x + 1', '! ReferenceError'],
      ['x', '1'],
    ],
  },
  // functions
  {
    title: 'functions are there before their line',
    node: true,
    cells: [
      ['f(); function f() { return 1 }', '1'],
      ['[g.name, typeof h]; function g() {} async function h() {}', "[ 'g', 'function' ]"],
    ],
  },
  {
    title: 'functions read as they were written',
    node: true,
    cells: [
      ['function f(a, b) { return a + b }', 'undefined'],
      ['f.toString()', 'function f(a, b) { return a + b }'],
      ['async  function * g ( ) { }', 'undefined'],
      ['String(g)', 'async  function * g ( ) { }'],
      ['(function () {}).toString()', 'function () {}'],
    ],
  },
  {
    title: 'functions know their name, length and kind',
    node: true,
    cells: [
      ['function f(a, b) {}; function* g() {}; async function h() {}', 'undefined'],
      ['[f.name, f.length, new f() instanceof f]', "[ 'f', 2, true ]"],
      ['[[...(function* () { yield 1 })()], typeof g().next, h() instanceof Promise]', "[ [ 1 ], 'function', true ]"],
    ],
  },
  {
    title: 'functions call themselves and one another',
    node: true,
    cells: [
      [
        'function even(n) { return n === 0 || odd(n - 1) }\nfunction odd(n) { return n !== 0 && even(n - 1) }',
        'undefined',
      ],
      ['even(10)', 'true'],
    ],
  },
  {
    title: 'a function may be replaced by assignment, and its calls of itself follow',
    node: true,
    cells: [
      ['function fib(n) { calls++; return n < 2 ? n : fib(n - 1) + fib(n - 2) }\nlet calls = 0', 'undefined'],
      ['const plain = fib, memory = {}; fib = (n) => memory[n] ??= plain(n); fib(20)', '6765'],
      ['calls', '21'],
    ],
  },
  {
    title: 'functions that touch',
    node: true,
    cells: [
      ['function a(){return 1}function b(){return 2}function*c(){yield 3}\n[a(),b(),[...c()]]', '[ 1, 2, [ 3 ] ]'],
    ],
  },
  {
    title: 'a function between two statements does not join them',
    node: true,
    cells: [
      ['let a = 1\nfunction f() {}\n[2].length', '1'],
      ['a', '1'],
    ],
  },
  {
    title: 'two functions of a name: the last one counts',
    node: true,
    cells: [['function f() { return 1 }\nfunction f() { return 2 }\nf()', '2']],
  },
  {
    title: 'a function and a var of a name',
    node: true,
    cells: [
      ['var f; function f() { return 1 }\ntypeof f', 'function'],
      ['var f = 5; function f() {}\nf', '5'],
    ],
  },
  {
    title: 'a strict cell has strict functions',
    node: true,
    cells: [
      ['"use strict"; function f() { return this }\nf()', 'undefined'],
      ['function f2() { return typeof this }\nf2()', 'object'],
    ],
  },
  {
    title: 'strict is what says so, and nothing after it',
    node: true,
    cells: [
      ['"use strict"; strictly = 1', '! ReferenceError'],
      ['loosely = 1', '1'],
    ],
  },
  {
    title: 'functions use what is declared beside them',
    node: true,
    cells: [
      ['const base = 10; function plus(n = base) { return base + n }\nplus()', '20'],
      ['class K { static of() { return make() } }\nfunction make() { return new K() }\nK.of() instanceof K', 'true'],
    ],
  },
  {
    title: 'generators, and iterating over them',
    node: true,
    cells: [['function* count() { yield 1; yield* [2, 3] }\n[...count()]', '[ 1, 2, 3 ]']],
  },
  // await
  {
    title: 'await at the top',
    node: true,
    cells: [
      ['await 5', '5'],
      ['await Promise.resolve("x")', 'x'],
      ['(await 1) + (await 2)', '3'],
    ],
  },
  {
    title: 'await in declarations',
    node: true,
    cells: [
      ['const a = await 1, b = a + await 2', 'undefined'],
      ['let {c, d = await 4} = await {c: 3}', 'undefined'],
      ['var [e] = await [5]', 'undefined'],
      ['[a, b, c, d, e]', '[ 1, 3, 3, 4, 5 ]'],
    ],
  },
  {
    title: 'await in declarations that are made again',
    cells: [
      ['const a = await 1', 'undefined'],
      ['const a = await 2; a', '2'],
      ['a', '2'],
    ],
  },
  {
    title: 'for await',
    cells: [
      ['const seen = []; for await (const x of [1, Promise.resolve(2)]) seen.push(x)', '2'],
      ['seen', '[ 1, 2 ]'],
    ],
  },
  {
    title: 'for await over an async generator',
    cells: [
      ['async function* gen() { yield 1; await null; yield 2 }', 'undefined'],
      ['let sum = 0; for await (const x of gen()) sum += x;', '3'],
      ['sum', '3'],
    ],
  },
  {
    title: 'await in a class and in a template',
    cells: [['class K { [await "m"]() { return "1" } }\nnew K().m() + await 2', '12']],
  },
  {
    title: 'await in conditions and loops',
    node: true,
    cells: [['let n = 0; while (await n < 3) n += await 1; n', '3']],
  },
  {
    title: 'what an awaited cell throws',
    node: true,
    cells: [
      ['await Promise.reject(new TypeError("t"))', '! TypeError: t'],
      ['await null; null.x', '! TypeError'],
    ],
  },
  {
    title: 'functions of an awaited cell are there before it waits',
    node: true,
    cells: [
      ['const r = await f(); async function f() { return 7 }', 'undefined'],
      ['r', '7'],
    ],
  },
  {
    title: 'a promise is a value too',
    cells: [
      ['Promise.resolve(1)', 'Promise { 1 }'],
      ['const p = Promise.resolve(2); p', 'Promise { 2 }'],
      ['await p', '2'],
    ],
  },
  {
    title: 'the word await in a text makes nothing wait',
    node: true,
    cells: [
      ['"await"', 'await'],
      ['async () => await 1; 5', '5'],
    ],
  },
  {
    title: 'a timer across an await',
    node: true,
    cells: [['const t = await new Promise((done) => setTimeout(done, 5, "later")); t', 'later']],
  },
  {
    title: 'declarations of a cell that still waits for its timers',
    cells: [
      ['let n = 1; setTimeout(() => { n += 1 }, 5); n', '1'],
      ['n', '2'],
    ],
  },
  {
    title: 'an async arrow sees the names of its cell',
    node: true,
    cells: [
      ['const k = 3; const job = async () => { await null; return k }', 'undefined'],
      ['await job()', '3'],
    ],
  },
  { title: 'import() is an expression', cells: [['typeof import("./nothing.js").catch(() => 0)', 'object']] },
  // failed declarations
  {
    title: 'a failed const leaves its name free',
    cells: [
      ['const p = (() => { throw new Error("no") })()', '! Error: no'],
      ['p', '! ReferenceError'],
      ['const p = 1; p', '1'],
    ],
  },
  {
    title: 'a failed let and a failed class leave their names free',
    cells: [
      ['let l = missing', '! ReferenceError'],
      ['class C extends missing {}', '! ReferenceError'],
      ['let l = 1; class C {}; [l, typeof C]', "[ 1, 'function' ]"],
    ],
  },
  {
    title: 'a failed pattern leaves its names free',
    cells: [
      ['const {a, b} = null', '! TypeError'],
      ['typeof a + typeof b', 'undefinedundefined'],
      ['const a = 1; let b = 2; a + b', '3'],
    ],
  },
  {
    title: 'a failed declaration gives back what was there',
    cells: [
      ['const x = 1', 'undefined'],
      ['const x = missing', '! ReferenceError'],
      ['x', '1'],
      ['x = 2', '! TypeError'],
      ['let y = 3', 'undefined'],
      ['let y = missing', '! ReferenceError'],
      ['y = 4; y', '4'],
    ],
  },
  {
    title: 'what was declared before the failure stays',
    node: true,
    cells: [
      ['let a = 1; const b = missing; let c = 2', '! ReferenceError'],
      ['a', '1'],
    ],
  },
  {
    title: 'a failed awaited declaration leaves its name free',
    cells: [
      ['const w = await Promise.reject(new Error("no"))', '! Error: no'],
      ['typeof w', 'undefined'],
      ['const w = await 1; w', '1'],
    ],
  },
  {
    title: 'a declaration that waits for ever leaves its name free',
    cells: [
      ['const w = await new Promise(() => {})', '! Error: The code waits'],
      ['const w = 1; w', '1'],
    ],
  },
  {
    title: 'what the engine refuses changes nothing',
    cells: [
      ['let x = 1', 'undefined'],
      ['let x = 2; using y = null', '! SyntaxError'],
      ['x', '1'],
    ],
  },
  {
    title: 'a name that shadowed a global gives it back when it failed',
    cells: [
      ['const Map = missing', '! ReferenceError'],
      ['typeof new Map().get', 'function'],
    ],
  },
  // errors
  {
    title: 'what is thrown is told',
    node: true,
    cells: [
      ['throw new RangeError("far")', '! RangeError: far'],
      ['missing', '! ReferenceError'],
      ['null.x', '! TypeError'],
      ['JSON.parse("{")', '! SyntaxError'],
    ],
  },
  {
    title: 'what is no error can be thrown',
    cells: [
      ['throw 5', '! Uncaught 5'],
      ['throw "text"', "! Uncaught 'text'"],
      ['throw {a: 1}', '! Uncaught { a: 1 }'],
    ],
  },
  {
    title: 'syntax errors',
    node: true,
    cells: [
      ['let = ;', '! SyntaxError'],
      ['1 +* 2', '! SyntaxError'],
      ['return 1', '! SyntaxError'],
      ['break', '! SyntaxError'],
      ['/(/', '! SyntaxError'],
      ['new.target', '! SyntaxError'],
    ],
  },
  {
    title: 'a session goes on after any of them',
    node: true,
    cells: [
      ['let x = 1', 'undefined'],
      ['let y = ', '! SyntaxError'],
      ['throw 1', '! '],
      ['x', '1'],
    ],
  },
  {
    title: 'an error of a subclass has its name',
    node: true,
    cells: [
      ['class MyError extends Error { name = "MyError" }', 'undefined'],
      ['throw new MyError("mine")', '! MyError: mine'],
    ],
  },
  {
    title: 'deep recursion is an error',
    cells: [
      ['function deep() { return deep() + 1 }\ndeep()', '! InternalError: stack overflow'],
      ['1', '1'],
    ],
  },
  // TypeScript
  {
    title: 'types are stripped',
    cells: [
      ['let n: number = 5; n', '5'],
      ['const add = (a: number, b?: number): number => a + (b ?? 0); add(1, 2)', '3'],
    ],
  },
  {
    title: 'interfaces, type names and declarations mean nothing',
    cells: [['interface I { a: string }\ntype T = I | string\ndeclare const x: number\n1', '1']],
  },
  {
    title: 'generics, assertions, satisfies and non-null',
    cells: [
      ['function id<T>(x: T): T { return x }\nid<number>(1)', '1'],
      ['(5 as unknown as string)', '5'],
      ['const o = {a: 1} satisfies object; o!.a', '1'],
    ],
  },
  {
    title: 'typed classes and fields',
    cells: [
      [
        'class P<T> { private x: T; readonly y?: number; constructor(x: T) { this.x = x } get(): T { return this.x } }\nnew P(1).get()',
        '1',
      ],
    ],
  },
  {
    title: 'typed declarations may be made again',
    cells: [
      ['const t: string = "a"', 'undefined'],
      ['const t: string = "b"; t', 'b'],
      ['function tf(a: string): string { return a }', 'undefined'],
      ['function tf(a: string): string { return a + a }\ntf("x")', 'xx'],
    ],
  },
  {
    title: 'typed objects, and types beside await',
    cells: [
      ['{ a: 1 as number }', '{ a: 1 }'],
      ['const w: number = await (1 as any); w', '1'],
    ],
  },
  {
    title: 'what would have to be compiled is refused by name',
    cells: [
      ['enum E { A }', '! SyntaxError: TypeScript enum'],
      ['namespace N { export const a = 1 }', '! SyntaxError: TypeScript namespace'],
      ['class A { constructor(private x) {} }', '! SyntaxError: TypeScript parameter property'],
    ],
  },
  {
    title: 'what is neither language is told as the one that gets further',
    cells: [
      ['let q: = 5', '! SyntaxError: Unexpected token `=`'],
      ['let q = = 5', "! SyntaxError: unexpected token in expression: '='"],
    ],
  },
  // $_
  {
    title: '$_ is the last value',
    cells: [
      ['6 * 7', '42'],
      ['$_ + 1', '43'],
      ['$_', '43'],
    ],
  },
  {
    title: '$_ survives what has no value and what fails',
    cells: [
      ['5', '5'],
      ['let x = 1', 'undefined'],
      ['missing', '! ReferenceError'],
      ['$_', '5'],
    ],
  },
  {
    title: '$_ may be declared',
    cells: [
      ['1', '1'],
      ['const $_ = "mine"', 'undefined'],
      ['2', '2'],
      ['$_', 'mine'],
    ],
  },
  {
    title: '$_ is an awaited value too',
    cells: [
      ['await 3', '3'],
      ['$_', '3'],
    ],
  },
];
