/** What nobody caught is told with all that belongs to it: why it happened, what it gathered, and what it carries. */
import { describe, expect, test } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';

const { run } = freshRuntimes({ cpu_ms: 20_000, mem_mb: 256 });

async function thrown(source: string) {
  const { end } = await run(source);
  if (end.kind !== 'exception') throw new Error(`No exception but ${JSON.stringify(end)}`);
  return end.exception;
}

async function warning(source: string): Promise<string> {
  const { events } = await run(source);
  return events.flatMap((event) => (event.type === 'system' ? [event.payload.message] : [])).join('\n');
}

describe('the stack of an uncaught error', () => {
  test('ends in its cause, and in the cause of that', async () => {
    const source = 'throw new Error("outer", { cause: new TypeError("middle", { cause: new RangeError("root") }) })';
    const { message, stack } = await thrown(source);
    expect(message).toBe('Error: outer');
    expect(stack).toMatch(
      /^Error: outer\n {4}at cell 1:1:16 \{\n {2}\[cause\]: TypeError: middle\n {6}at [^{]+\{\n {4}\[cause\]: RangeError: root\n/,
    );
  });

  test('ends in the errors that it gathered', async () => {
    const { message, stack } = await thrown('await Promise.any([Promise.reject(new Error("one")), Promise.reject(2)])');
    expect(message).toMatch(/^AggregateError/);
    expect(stack).toMatch(/\[errors\]: \[\n? *(\[Error: one\]|Error: one\n[\s\S]+), *\n? *2\n? *\]/);
  });

  test('ends in what it carries besides', async () => {
    const source = 'throw Object.assign(new Error("spawn failed"), { code: "X", stdout: "some text" })';
    expect((await thrown(source)).stack).toMatch(
      /^Error: spawn failed\n.+ \{\n {2}code: 'X',\n {2}stdout: 'some text'\n\}$/,
    );
  });

  test('is as it was where it carries nothing', async () => {
    expect((await thrown('throw new Error("plain")')).stack).toMatch(/^Error: plain\n {4}at cell 1:1:16$/);
    const bare = 'const bare = new Error("bare"); bare.stack = ""; throw bare';
    expect((await thrown(bare)).stack).toBe('Error: bare');
  });

  test('has no brackets where it has no frames', async () => {
    const source =
      'const bare = new Error("bare"); Object.defineProperty(bare, "stack", { value: "" }); bare.code = 1; throw bare';
    expect((await thrown(source)).stack).toBe('Error: bare { code: 1 }');
  });

  test('is told in a timer as well', async () => {
    const source = 'setTimeout(() => { throw new Error("late", { cause: "too slow" }) }, 1)';
    expect((await thrown(source)).stack).toContain("[cause]: 'too slow'");
  });

  test('runs no getter and no trap', async () => {
    const source = `
      globalThis.ran = 0;
      const note = () => { ran += 1; return 'read'; };
      throw Object.defineProperties(new Error('watched', { cause: new Proxy({ a: 1 }, { get: note, ownKeys: note }) }), {
        code: { enumerable: true, get: note },
        errors: { get: note },
      })`;
    const { stack } = await thrown(source);
    expect(stack).toContain('code: [Getter]');
    expect((await run('ran')).end).toMatchObject({ value: { json: 0 } });
  });

  test('is bounded, and names itself where what it carries is huge', async () => {
    const many = await thrown(
      'throw new AggregateError(Array.from({ length: 1e5 }, (_, i) => new Error("e" + i)), "many")',
    );
    expect(many.stack.length).toBeLessThanOrEqual(10_240);
    expect(many.stack).toMatch(/^AggregateError: many\n/);
    const huge =
      'const huge = {}; for (let i = 0; i < 2e6; i += 1) huge["k" + i] = i; throw new Error("heavy", { cause: huge })';
    expect((await thrown(huge)).message).toBe('Error: heavy');
  });

  test('shows a circle once', async () => {
    const { message, stack } = await thrown('const error = new Error("round"); error.self = error; throw error');
    expect(message).toBe('Error: round');
    expect(stack).toMatch(/^<ref \*1> Error: round\n/);
    expect(stack).toContain('self: [Circular *1]');
  });
});

test('the warning of a rejection that nobody handled tells its cause, in a thousand bytes', async () => {
  const told = await warning('Promise.reject(new Error("outer", { cause: new TypeError("root cause") })); 0');
  expect(told).toContain('[cause]: TypeError: root cause');
  const long = await warning('Promise.reject(Object.assign(new Error("outer"), { text: "x".repeat(5000) })); 0');
  expect(long).toContain('Error: outer');
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(1024);
});

describe('code and texts that have no file', () => {
  test.each([
    ['eval("{")', 'at <eval>:1:2'],
    ['eval("null.x")', 'at <eval>:1:5'],
    ['new Function("null.x")()', 'at anonymous (<eval>:3:5)'],
    ['eval("function g() { null.x }; g()")', 'at g (<eval>:1:'],
    ['JSON.parse("{")', 'at <json>:1:2\n    at parse (native)'],
    ['[1].map(() => JSON.parse("[1,"))', 'at <json>:1:4\n    at parse (native)'],
  ])('%s is told as %s', async (source, place) => {
    const { stack } = await thrown(source);
    expect(stack).toContain(place);
    expect(stack).not.toContain('<input>');
  });
});
