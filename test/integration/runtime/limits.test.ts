/** Limits that hold exactly, and what is left after each of them. */
import { describe, expect, test } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { runtimeSpec } from '../../support/real-runtime-host.ts';
import { printed, runCode, runRequest } from '../../support/run-code.ts';

const limits = { cpu_ms: 250, wall_ms: 1000, mem_mb: 32 };

const { host, runtime, run } = freshRuntimes(limits);

describe('output', () => {
  test('stops at the event that is one too many, keeps all before it, and the state', async () => {
    const { end, usable, events } = await run('let n = 0; for (;;) console.log(n++)', { limits: { max_events: 700 } });
    const next = await run('n');
    expect({ end, usable, count: events.length, last: events.at(-1)?.payload }).toEqual({
      end: { kind: 'limit', limit: 'max_events', allowed: 700 },
      usable: true,
      count: 700,
      last: { level: 'log', text: '699' },
    });
    expect(next.end).toMatchObject({ value: { json: expect.toSatisfy((n) => n > 700) } });
  });

  test('may use every event and every byte that is allowed', async () => {
    const { end, outputBytes } = await run('for (let i = 0; i < 16; i++) console.log("ä".repeat(512))', {
      limits: { max_events: 16, max_output_kb: 16 },
    });
    expect({ kind: end.kind, outputBytes }).toEqual({ kind: 'value', outputBytes: 16 * 1024 });
  });

  test('stops at the event that does not fit, and keeps of it what does, visibly cut', async () => {
    const finished = await run('for (;;) console.log("x".repeat(1000))', { limits: { max_output_kb: 8 } });
    const { end, outputBytes, usable } = finished;
    expect({ end, outputBytes, usable, last: printed(finished).at(-1), count: finished.events.length }).toEqual({
      end: { kind: 'limit', limit: 'max_output_kb', allowed: 8 },
      outputBytes: 8192,
      usable: true,
      last: `${'x'.repeat(192 - 24)}… [cut: max_output_kb]`,
      count: 9,
    });
  });

  test('comes no faster than the host takes it, which has a turn between batches, and waiting is no cpu time', async () => {
    let sinceTurn = 0;
    let mostInOneTurn = 0;
    const onEvents = () => {
      sinceTurn += 1;
      mostInOneTurn = Math.max(mostInOneTurn, sinceTurn);
      setImmediate(() => {
        sinceTurn = 0;
      });
      for (const untilMs = performance.now() + 20; performance.now() < untilMs; );
    };
    const flood = runRequest('for (let i = 0; i < 10_000; i += 1) console.log(i)', {
      limits: { ...limits, cpu_ms: 500, wall_ms: 20_000, max_events: 10_000 },
    });
    const { end, cpuMs, wallMs } = await runtime().run(flood, onEvents);
    expect(end.kind).toBe('value');
    expect(mostInOneTurn).toBeLessThanOrEqual(2);
    expect(wallMs).toBeGreaterThan(600);
    expect(cpuMs).toBeLessThan(wallMs);
  });

  test('is what ends a run that goes on in a native loop after it', async () => {
    const { end } = await run('console.log(1); console.log(2); Array(1e9) + ""', { limits: { max_events: 1 } });
    expect(end).toEqual({ kind: 'limit', limit: 'max_events', allowed: 1 });
  });

  test('leaves the event out of which no more than the mark would fit', async () => {
    const { outputBytes, events } = await run('console.log("x".repeat(1014)); console.log("y".repeat(1000))', {
      limits: { max_output_kb: 1 },
    });
    expect([outputBytes, events.length]).toEqual([1014, 1]);
  });

  test('may be one event of any size that is allowed, in order with the small ones', async () => {
    const finished = await run(
      'console.log("before"); console.log("ä".repeat(1e6)); console.group(); console.log("a\\nb"); console.log("y".repeat(3e6))',
      { limits: { max_output_kb: 8192, cpu_ms: 2000, wall_ms: 4000 } },
    );
    expect([finished.end.kind, printed(finished).map((text) => text.length)]).toEqual([
      'value',
      [6, 1e6, 7, 3_000_002],
    ]);
  });

  test('cuts one huge event between two characters, and is kept up to the limit', async () => {
    const finished = await run('console.log("ä€😀".repeat(2e5))');
    const [text = ''] = printed(finished);
    expect(finished.end).toMatchObject({ kind: 'limit', limit: 'max_output_kb' });
    expect([finished.outputBytes > 512 * 1024 - 4, finished.outputBytes <= 512 * 1024]).toEqual([true, true]);
    expect([text.isWellFormed(), text.endsWith('… [cut: max_output_kb]')]).toEqual([true, true]);
  });

  test.each(['x', '\\u0001', '😀'])('cuts an event at 4 MiB, where much more is allowed: %s', async (character) => {
    const roomy = await host().open(runtimeSpec({ limits: { mem_mb: 512 } }));
    const finished = await runCode(roomy, `console.log("${character}".repeat(5e6)); console.log("after")`, {
      limits: { max_output_kb: 65_536, cpu_ms: 10_000, wall_ms: 20_000 },
    });
    await roomy.close();
    const [text = '', after] = printed(finished);
    expect([finished.end.kind, finished.usable, after]).toEqual(['value', true, 'after']);
    expect([Buffer.byteLength(text) <= 4 * 2 ** 20, text.slice(-16)]).toEqual([true, '… [cut at 4 MiB]']);
  });

  test('streams while the guest is busy', async () => {
    const { promise: hasPrinted, resolve } = Promise.withResolvers<void>();
    const running = runtime().run(
      runRequest('console.log("early"); for (;;);', { limits: { ...limits, cpu_ms: 5000, wall_ms: 5000 } }),
      () => resolve(),
    );
    await hasPrinted;
    runtime().cancel();
    const { end, wallMs } = await running;
    expect(end.kind).toBe('cancelled');
    expect(wallMs).toBeLessThan(2500);
  });

  test('printed right before the worker is killed is not lost', async () => {
    const finished = await run('console.log("one"); console.warn("zwei: ä"); Array(1e9) + ""');
    expect([printed(finished), finished.outputBytes, finished.usable]).toEqual([['one', 'zwei: ä'], 11, false]);
  });

  test('too large to be kept beside the worker is not lost either', async () => {
    const finished = await run('console.log("x".repeat(1e6)); console.log("after"); Array(1e9) + ""', {
      limits: { max_output_kb: 2048 },
    });
    expect([printed(finished).map((text) => text.length), finished.usable]).toEqual([[1e6, 5], false]);
  });

  test('keeps characters that are easily lost', async () => {
    expect(printed(await run('console.log("nul \\0, lone \\ud800, emoji 😀")'))).toEqual([
      'nul \0, lone \ud800, emoji 😀',
    ]);
  });
});

describe('time', () => {
  test('counts what the guest used, also where the worker had to be killed', async () => {
    const stopped = await run('for (;;);');
    const killed = await run('Array(1e9) + ""');
    expect([stopped.usable, killed.usable]).toEqual([true, false]);
    for (const { cpuMs, end } of [stopped, killed]) {
      expect(end).toEqual({ kind: 'limit', limit: 'cpu_ms', allowed: 250 });
      expect(cpuMs).toSatisfy((ms) => ms >= 249 && ms < 750);
    }
  });

  test('runs out on the wall while waiting, and the timers are gone', async () => {
    const { end, usable, wallMs } = await run(
      'setInterval(() => console.log("tick"), 10); await new Promise(() => {})',
      {
        limits: { wall_ms: 100 },
      },
    );
    const next = await run('await new Promise((resolve) => setTimeout(resolve, 40))');
    expect({ end, usable, printed: printed(next) }).toEqual({
      end: { kind: 'limit', limit: 'wall_ms', allowed: 100 },
      usable: true,
      printed: [],
    });
    expect(wallMs).toBeLessThan(600);
  });

  test('leaves nothing of a stopped flood of jobs for the next run', async () => {
    const flood = await run('var jobs = 0; (function go() { jobs += 1; Promise.resolve().then(go).then(go); })()');
    const next = await run('const before = jobs; await null; [jobs === before, jobs > 1000]');
    expect([flood.end.kind, flood.usable, next.end]).toMatchObject(['limit', true, { value: { json: [true, true] } }]);
  });

  test('ends as the limit, even where the guest caught the interrupt and returned', async () => {
    const { end } = await run('await (async () => { for (;;); })().catch(() => 0); 1');
    expect(end).toMatchObject({ kind: 'limit', limit: 'cpu_ms' });
  });

  test('for showing a value is short, and costs its JSON only', async () => {
    const { end, usable } = await run('({ a: 1, get slow() { for (;;); } })', {
      limits: { cpu_ms: 2000, wall_ms: 4000 },
    });
    expect({ end, usable }).toEqual({
      end: { kind: 'value', value: { type: 'object', preview: '{ a: 1, slow: [Getter] }' } },
      usable: true,
    });
  });
});

describe('a cancel', () => {
  test('stops a busy loop and keeps the state', async () => {
    const running = run('var kept = 1; for (;;);', { limits: { cpu_ms: 5000, wall_ms: 5000 } });
    runtime().cancel();
    const { end, usable } = await running;
    const next = await run('kept');
    expect([end.kind, usable, next.end.kind]).toEqual(['cancelled', true, 'value']);
  });

  test('ends by force what does not listen', async () => {
    // A text of that size leaves the worker at once, so the guest is in the native loop when it is heard.
    const source = 'console.log("x".repeat(600_000)); Array(1e9) + ""';
    const limits = { cpu_ms: 5000, wall_ms: 5000, max_output_kb: 1024 };
    const { end, usable, wallMs } = await runtime().run(runRequest(source, { limits }), () => runtime().cancel());
    expect([end.kind, usable]).toEqual(['cancelled', false]);
    expect(wallMs).toBeLessThan(1500);
  });
});

describe('memory', () => {
  test('that is freed when the run is stopped leaves the runtime usable', async () => {
    const { end, usable, memoryBytes } = await run(
      'var kept = 1; (() => { const all = []; for (;;) all.push([1, 2, 3]); })()',
      { limits: { cpu_ms: 2000, wall_ms: 4000 } },
    );
    const next = await run('[kept, "x".repeat(1e6).length]');
    expect([end, usable, next.end]).toMatchObject([
      { kind: 'limit', limit: 'mem_mb', allowed: 32 },
      true,
      { value: { json: [1, 1e6] } },
    ]);
    expect(memoryBytes).toBeLessThanOrEqual(96 * 1024 * 1024);
  });

  test('that is held on to costs the runtime', async () => {
    const { end, usable } = await run('var all = []; for (;;) all.push([1, 2, 3]);', {
      limits: { cpu_ms: 2000, wall_ms: 4000 },
    });
    expect([end, usable]).toMatchObject([{ kind: 'limit', limit: 'mem_mb' }, false]);
  });

  test('may be used up to the limit', async () => {
    const { end } = await run(
      'const buffers = []; for (let i = 0; i < 24; i++) buffers.push(new ArrayBuffer(2 ** 20)); buffers.length',
    );
    expect(end).toMatchObject({ value: { json: 24 } });
  });

  test('asked for in one piece too large is an error that the guest can catch', async () => {
    const thrown = await run('new ArrayBuffer(2 ** 28)');
    const caught = await run('try { new ArrayBuffer(2 ** 28) } catch (error) { error.message }');
    expect([thrown.end, caught.end]).toMatchObject([
      { kind: 'exception', exception: { message: expect.stringContaining('out of memory') } },
      { kind: 'value', value: { json: 'out of memory' } },
    ]);
  });

  test('of the host is not asked for by a source or arguments too large', async () => {
    const source = await run(`"${'x'.repeat(5e6)}"`);
    const args = await run('1', { args: 'x'.repeat(2e7) });
    expect([source.end, args.end]).toMatchObject([
      { exception: { message: expect.stringContaining('The source has 5000002 bytes') } },
      { exception: { message: expect.stringContaining('args and env') } },
    ]);
  });
});

test('recursion as deep as the stack ends in an error that the guest can catch', async () => {
  const { end } = await run(
    'let depth = 0; const dive = () => { depth += 1; dive(); }; try { dive() } catch (error) { [error.message, depth > 1000] }',
  );
  expect(end).toMatchObject({ value: { json: ['stack overflow', true] } });
});
