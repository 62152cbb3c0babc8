/** What guest code can count on: state, waiting, errors, modules, globals. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { type FinishedRun, printed, type RunChanges, runCode } from '../../support/run-code.ts';

let host: RuntimeHost;
let runtime: Runtime;

beforeAll(() => {
  host = createRealRuntimeHost();
});

beforeEach(async () => {
  runtime = await host.open(runtimeSpec());
  return () => runtime.close();
});

afterAll(() => host.close());

const run = (source: string, changes?: RunChanges) => runCode(runtime, source, changes);

/** The preview of the value a run ended with, or the message of what it threw. */
function resultOf({ end }: FinishedRun): string {
  if (end.kind === 'value') return end.value.preview;
  return end.kind === 'exception' ? end.exception.message : end.kind;
}

const warnings = ({ events }: FinishedRun) =>
  events.flatMap((event) => (event.type === 'system' ? `${event.payload.level}: ${event.payload.message}` : []));

describe('scripts', () => {
  test('see what earlier runs declared, in every way', async () => {
    await run('let a = 1; const b = 2; var c = 3; function d() { return 4; } class E { static f = 5; }');
    expect(resultOf(await run('[a, b, c, d(), E.f]'))).toBe('[ 1, 2, 3, 4, 5 ]');
  });

  test.each([
    ['if (true) { 5 }', '5'],
    ['var x = 1', 'undefined'],
    ['this === globalThis', 'true'],
    ['undeclared = 5', '5'],
    ['await 5', '5'],
    ['const later = await Promise.resolve(7); later', '7'],
    ['for await (const n of [1, 2]) n', '2'],
    ['Promise.resolve(1)', 'Promise { 1 }'],
    ['eval("var fromEval = 3"); fromEval', '3'],
    ['return 1', 'SyntaxError: return not in a function'],
    ['(', "SyntaxError: unexpected token in expression: ''"],
  ])('%s ends with %s', async (source, result) => {
    expect(resultOf(await run(source))).toBe(result);
  });

  test('are strict where the template says so', async () => {
    const strict = await host.open(runtimeSpec({ runtime: { strict: true } }));
    const refused = await runCode(strict, 'undeclared = 5');
    const awaited = await runCode(strict, 'let n = await 6; n');
    await strict.close();
    expect([resultOf(refused), resultOf(awaited)]).toEqual([expect.stringContaining('ReferenceError'), '6']);
  });
});

describe('values', () => {
  test.each([
    ['undefined', { type: 'undefined', preview: 'undefined', json: null }],
    ['null', { type: 'null', preview: 'null', json: null }],
    ['"text"', { type: 'string', preview: 'text', json: 'text' }],
    [
      '"nul \\0 and lone \\ud800"',
      { type: 'string', preview: 'nul \0 and lone \ud800', json: 'nul \0 and lone \ud800' },
    ],
    ['12n', { type: 'bigint', preview: '12n' }],
    ['NaN', { type: 'number', preview: 'NaN', json: null }],
    ['Symbol("s")', { type: 'symbol', preview: 'Symbol(s)' }],
    ['(function f() {})', { type: 'function', preview: '[Function: f]' }],
    ['[1, { a: 2 }]', { type: 'array', preview: '[ 1, { a: 2 } ]', json: [1, { a: 2 }] }],
    ['new Map([[1, 2]])', { type: 'map', preview: 'Map(1) { 1 => 2 }', json: {} }],
    ['new Set([1])', { type: 'set', preview: 'Set(1) { 1 }', json: {} }],
    ['new Date(0)', { type: 'date', preview: '1970-01-01T00:00:00.000Z', json: '1970-01-01T00:00:00.000Z' }],
    ['/x/g', { type: 'regexp', preview: '/x/g', json: {} }],
    ['Promise.reject(1).catch(() => 2)', { type: 'promise', preview: 'Promise { 2 }', json: {} }],
    [
      '({ __proto__: null, ["__proto__"]: 1 })',
      { type: 'object', preview: expect.any(String), json: JSON.parse('{"__proto__":1}') },
    ],
    ['(function* () { yield 1; })()', { type: 'object', preview: 'Object [Generator] {}', json: {} }],
    ['[1].values()', { type: 'object', preview: 'Object [Array Iterator] {}', json: {} }],
    ['new Map().keys()', { type: 'object', preview: 'Object [Map Iterator] {}', json: {} }],
    ['Math', { type: 'object', preview: 'Object [Math] {}', json: {} }],
    ['[1].values().map(String)', { type: 'object', preview: 'Object [Iterator Helper] {}', json: {} }],
    ['JSON', { type: 'object', preview: 'Object [JSON] {}', json: {} }],
    ['let loop = {}; loop.loop = loop; loop', { type: 'object', preview: '<ref *1> { loop: [Circular *1] }' }],
  ])('%s', async (source, value) => {
    expect((await run(source)).end).toEqual({ kind: 'value', value });
  });

  test('leave their JSON out where it is longer than the output limit', async () => {
    const { end } = await run('"x".repeat(3000)', { limits: { max_output_kb: 2 } });
    expect(end).toEqual({ kind: 'value', value: { type: 'string', preview: 'x'.repeat(3000) } });
  });
});

describe('errors', () => {
  test("carry name, text and the guest's own frames with the lines of the source", async () => {
    await run('function inner() {\n  throw new RangeError("too far");\n}', { fileName: 'lib/far.js' });
    const { end } = await run('\n\n[1].map(() => inner())', { fileName: 'cell 2' });
    expect(end).toEqual({
      kind: 'exception',
      exception: {
        message: 'RangeError: too far',
        stack: [
          'RangeError: too far',
          '    at inner (lib/far.js:2:23)',
          '    at <anonymous> (cell 2:3:20)',
          '    at map (native)',
          '    at cell 2:3:8',
        ].join('\n'),
      },
    });
  });

  test.each([
    ['throw 5', 'Uncaught 5'],
    ['throw "text"', "Uncaught 'text'"],
    ['throw undefined', 'Uncaught undefined'],
    ['throw null', 'Uncaught null'],
    ['throw { code: 1 }', 'Uncaught { code: 1 }'],
    ['class HttpError extends Error {}; throw new HttpError("404")', 'HttpError: 404'],
    ['await Promise.reject(new TypeError("late"))', 'TypeError: late'],
    ['setTimeout(() => { throw new Error("in a timer") })', 'Error: in a timer'],
    ['queueMicrotask(() => { throw new Error("in a microtask") })', 'Error: in a microtask'],
  ])('%s ends with %s', async (source, message) => {
    expect((await run(source)).end).toMatchObject({ kind: 'exception', exception: { message } });
  });

  test('of promises that nobody handles become warnings, and those of the run itself do not', async () => {
    const lost = await run('(async () => { throw new Error("forgotten"); })(); Promise.reject(1); 1');
    const handled = await run('const p = Promise.reject(1); p.catch(() => 0); await Promise.reject(2)');
    expect([warnings(lost), warnings(handled)]).toEqual([
      [expect.stringMatching(/^warn: Unhandled promise rejection: Error: forgotten\n {4}at .*\n… and 1 more$/s)],
      [],
    ]);
  });

  test('of promises that are handled later in the run do not become warnings', async () => {
    const finished = await run(`
      const late = Promise.reject(new Error("late"));
      setTimeout(() => late.catch(() => console.log("handled")), 5);`);
    expect([warnings(finished), printed(finished)]).toEqual([[], ['handled']]);
  });

  test('of promises that nobody handles are told of also where a limit ends the run', async () => {
    const finished = await run(
      'Promise.reject(new Error("clue")); setInterval(() => 0, 10); await new Promise(() => {})',
      { limits: { wall_ms: 100 } },
    );
    expect([finished.end.kind, warnings(finished)]).toEqual([
      'limit',
      [expect.stringMatching(/^warn: Unhandled promise rejection: Error: clue/)],
    ]);
  });

  test('of promises that nobody handles, however many and long, are one short warning, and no limit', async () => {
    const flood = 'for (let i = 0; i < 1000; i += 1) Promise.reject(new Error("中".repeat(9000))); console.log(1)';
    const finished = await run(flood, { limits: { max_events: 1, max_output_kb: 1 } });
    const [warning = ''] = warnings(finished);
    expect(finished).toMatchObject({ end: { kind: 'value' }, outputBytes: 1, events: { length: 2 } });
    expect(warning).toMatch(/^warn: Unhandled promise rejection: Error: 中+…\n… and 999 more$/);
    expect(Buffer.byteLength(warning)).toBeLessThanOrEqual('warn: '.length + 1024);
  });

  test('of promises are counted without those that are handled in the end, whatever becomes of earlier ones', async () => {
    await run('var early = Array.from({ length: 5 }, () => Promise.reject(0)); 1');
    const finished = await run(`
      var many = Array.from({ length: 150 }, () => Promise.reject(1));
      const handle = (promise) => promise.catch(() => 0);
      setTimeout(() => { early.forEach(handle); many.slice(0, 10).forEach(handle); many.slice(-10).forEach(handle); })`);
    expect(warnings(finished)).toEqual([expect.stringMatching(/… and 129 more$/)]);
    const others = await run(`
      many = Array.from({ length: 103 }, () => Promise.reject(1));
      setTimeout(() => many.slice(0, 100).forEach(handle))`);
    expect(warnings(others)).toEqual(['warn: Promises that were rejected and handled by nobody: 3']);
  });

  test('name the promise that nothing can settle', async () => {
    expect(resultOf(await run('await new Promise(() => {})'))).toMatch(/^Error: The code waits for a promise/);
  });

  test('of a module say why it cannot be had, and what to do', async () => {
    expect([await run('require("exec")'), await run('require("lodash")')].map(resultOf)).toEqual([
      expect.stringMatching(
        /^Error: Cannot require "exec" from .*: Invalid module: .*"test".* vm-system template add-module TEMPLATE --name exec/,
      ),
      expect.stringMatching(
        /^Error: Cannot require "lodash" from .*: Invalid module: .*"test".* vm-system template add-library TEMPLATE --name lodash-4/,
      ),
    ]);
  });
});

test('a console formats with the conversions of the guest, and of the engine as Node does', async () => {
  const finished = await run(`
    class Named { toString() { return 'named'; } }
    console.log('%s', new Named());
    for (const value of [new Uint8Array(1), [1], new Date(0), /x/, Object(1n), { a: {} }]) console.log('%s', value);
    const loop = {};
    loop.loop = loop;
    console.log('%j %j', loop, { a: [1] });
    console.log('%i %f %d', '42px', '1.5x', null);`);
  expect(printed(finished)).toEqual([
    'named',
    'Uint8Array(1) [ 0 ]',
    '[ 1 ]',
    '1970-01-01T00:00:00.000Z',
    '/x/',
    '[BigInt: 1n]',
    '{ a: {} }',
    '[Circular] {"a":[1]}',
    '42 1.5 0',
  ]);
});

describe('timers', () => {
  test('keep a run open, in their order', async () => {
    const finished = await run(`
      setTimeout((text) => console.log(text), 20, 'second');
      setTimeout(() => console.log('first'), 5);
      const cleared = setTimeout(() => console.log('never'), 1);
      clearTimeout(cleared);
      Promise.resolve().then(() => console.log('microtask'));
      console.log('main');
      'value'`);
    expect([resultOf(finished), printed(finished)]).toEqual(['value', ['main', 'microtask', 'first', 'second']]);
  });

  test('that repeat do not, tick while something else does, and stay armed for the next run', async () => {
    const armed = await run('let ticks = 0; const interval = setInterval(() => { ticks += 1 }, 2); 1');
    await run('await new Promise((resolve) => setTimeout(resolve, 40))');
    const { end } = await run('clearInterval(interval); ticks');
    expect(armed.wallMs).toBeLessThan(1000);
    expect(end).toMatchObject({ kind: 'value', value: { json: expect.toSatisfy((ticks) => ticks >= 2) } });
  });

  test('of a run that threw are dropped', async () => {
    const failed = await run('setTimeout(() => console.log("never"), 10); throw new Error("now")');
    const next = await run('await new Promise((resolve) => setTimeout(resolve, 30))');
    expect([resultOf(failed), printed(failed), printed(next)]).toEqual(['Error: now', [], []]);
  });

  test('count as wall time, not as cpu time', async () => {
    const { cpuMs, wallMs } = await run('await new Promise((resolve) => setTimeout(resolve, 150))');
    expect([cpuMs < 75, wallMs >= 149]).toEqual([true, true]);
  });
});

describe('modules', () => {
  const module: RunChanges = { kind: 'run_file', mode: 'module', fileName: 'src/main.js' };

  test('run strictly, await, and end with their exports', async () => {
    expect(resultOf(await run('export const a = await Promise.resolve(4);', module))).toBe(
      '[Module: null prototype] { a: 4 }',
    );
    expect(resultOf(await run('undeclared = 1', module))).toMatch(/^ReferenceError/);
  });

  test('that import end in an error that names specifier and importer', async () => {
    expect(resultOf(await run('import "./other.js"', module))).toMatch(/"\.\/other\.js" from "src\/main\.js"/);
    expect(resultOf(await run('await import("lodash")', { fileName: 'cell 9' }))).toMatch(/"lodash" from "cell 9"/);
  });

  test('of the prelude are out of reach', async () => {
    for (const name of ['vm:host.js', 'host.js', './host.js', 'vm:prelude.js']) {
      expect(resultOf(await run(`await import(${JSON.stringify(name)})`))).toMatch(/^Error: Cannot import/);
    }
  });
});

describe('globals', () => {
  test('hold the arguments of a run, fresh each time', async () => {
    const given = { args: { list: [1, 'zwei'] }, env: { HOME: '/home' } };
    const first = await run('__ARGS__.list.push(3); [__ARGS__, __ENV__]', given);
    const second = await run('[__ARGS__, __ENV__]', given);
    expect([first.end, second.end]).toMatchObject([
      { value: { json: [{ list: [1, 'zwei', 3] }, { HOME: '/home' }] } },
      { value: { json: [{ list: [1, 'zwei'] }, { HOME: '/home' }] } },
    ]);
  });

  test('are what the prelude adds, and no way to the host', async () => {
    const { end } = await run(
      'Object.getOwnPropertyNames(globalThis).filter((name) => /^(__|console|require|set|clear|queue|host|process)/.test(name)).sort()',
    );
    expect(end).toMatchObject({
      value: {
        json: [
          '__ARGS__',
          '__ENV__',
          'clearInterval',
          'clearTimeout',
          'console',
          'queueMicrotask',
          'require',
          'setInterval',
          'setTimeout',
        ],
      },
    });
  });

  test('have no console where the template wants none', async () => {
    const silent = await host.open(runtimeSpec({ runtime: { console: false } }));
    const { end } = await runCode(silent, 'typeof console');
    await silent.close();
    expect(end).toMatchObject({ value: { json: 'undefined' } });
  });

  test('draw other random numbers in every runtime', async () => {
    const other = await host.open(runtimeSpec());
    const numbers = 'Array.from({ length: 1000 }, Math.random)';
    const [mine, theirs] = [await run(numbers), await runCode(other, numbers)];
    await other.close();
    expect(mine.end).not.toEqual(theirs.end);
    expect(mine.end).toMatchObject({ value: { json: expect.toSatisfy(looksUniform) } });
  });
});

function looksUniform(numbers: readonly number[]): boolean {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return numbers.every((number) => number >= 0 && number < 1) && Math.abs(mean - 0.5) < 0.05;
}
