import { expect, test } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';

const { run } = freshRuntimes({});

test('a bundle is an event of its own, in its place among what is printed', async () => {
  const { events, end } = await run(
    'console.log(1); display({ "text/html": "<b>x</b>", "image/png": new Uint8Array([1, 2, 3]) }, { width: 3 }); console.log(2)',
  );
  expect(events.map(({ type, payload }) => [type, payload])).toEqual([
    ['console', { level: 'log', text: '1' }],
    [
      'display',
      {
        data: { 'text/html': '<b>x</b>', 'image/png': 'AQID', 'text/plain': '[text/html, 8 characters]' },
        metadata: { width: 3 },
      },
    ],
    ['console', { level: 'log', text: '2' }],
  ]);
  expect(end).toMatchObject({ kind: 'value', value: { type: 'undefined' } });
});

test('what is displayed counts as output, and of what does not fit the plain text is kept', async () => {
  const source = 'display({ "text/html": "x".repeat(3000), "text/plain": "a plain text" })';
  const { events, end, outputBytes } = await run(source, { limits: { max_output_kb: 2 } });
  expect(end).toEqual({ kind: 'limit', limit: 'max_output_kb', allowed: 2 });
  expect(events).toMatchObject([{ type: 'display', payload: { data: { 'text/plain': 'a plain text' } } }]);
  expect(outputBytes).toBeLessThanOrEqual(2048);
});

test('a flood of displays ends at the number of events', async () => {
  const { events, end } = await run('for (;;) display.html("x")', { limits: { max_events: 10 } });
  expect([events.length, end]).toEqual([10, { kind: 'limit', limit: 'max_events', allowed: 10 }]);
});

test('a table goes along as cells, unless there is no room for them beside the text', async () => {
  const source = 'console.table([{ a: 1, b: "x" }])';
  const roomy = await run(source);
  const text = roomy.events[0]?.type === 'console' ? roomy.events[0].payload.text : '';
  const filling = 1024 - Buffer.byteLength(text) - 10;
  const tight = await run(`console.log("x".repeat(${filling})); ${source}`, { limits: { max_output_kb: 1 } });
  expect(roomy.events[0]?.payload).toMatchObject({
    table: { columns: ['(index)', 'a', 'b'], rows: [['0', '1', "'x'"]] },
  });
  expect(tight.events[1]?.payload).toEqual({ level: 'log', text: expect.stringContaining('(index)') });
  expect(tight.end.kind).toBe('value');
});

test('a value that is a list of plain objects says so', async () => {
  const flags = [];
  for (const source of ['[{ a: 1 }, { a: 2 }]', '[1]', '[]', '[{ a: 1 }, 2]', '({ a: 1 })', '[new (class A {})()]']) {
    const { end } = await run(source);
    flags.push(end.kind === 'value' && end.value.table);
  }
  expect(flags).toEqual([true, undefined, undefined, undefined, undefined, undefined]);
});

test('time is measured in fractions of a millisecond', async () => {
  const { events } = await run('console.time(); for (let i = 0; i < 1000; i++); console.timeEnd()');
  expect(events[0]?.payload).toMatchObject({ text: expect.stringMatching(/^default: \d+\.\d{1,3}ms$/) });
});

test('a session without a console has no display either', async () => {
  const host = createRealRuntimeHost();
  const runtime = await host.open(runtimeSpec({ runtime: { console: false } }));
  const { end } = await runCode(runtime, 'typeof display + typeof console');
  await host.close();
  expect(end).toMatchObject({ value: { json: 'undefinedundefined' } });
});
