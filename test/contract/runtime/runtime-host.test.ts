/** What the core may expect of every RuntimeHost. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { FakeRuntimeHost } from '../../support/fake-runtime-host.ts';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { printed, runCode, runRequest } from '../../support/run-code.ts';

/** The same deeds in the language of each adapter. */
const languages = {
  fake: {
    value: 'value {"answer":42}',
    remember: 'set kept 7',
    recall: 'get kept',
    forgotten: 'get nothing',
    fail: 'throw broken',
    print: 'log one\nlog zwei: ä\nvalue 1',
    printAndWait: 'log waiting\nwait',
    spin: 'limit cpu_ms',
    nested: 'set nested {"inner":{"leaf":1}}',
  },
  quickjs: {
    value: '({ answer: 42 })',
    remember: 'var kept = 7',
    recall: 'kept',
    forgotten: 'nothing',
    fail: 'throw new Error("broken")',
    print: 'console.log("one"); console.log("zwei: ä"); 1',
    printAndWait: 'console.log("waiting"); await new Promise((resolve) => setTimeout(resolve, 1e6))',
    spin: 'for (;;);',
    nested: 'var nested = { inner: { leaf: 1 } }',
  },
};

const adapters = [
  {
    name: 'the fake',
    language: languages.fake,
    create: (maxLive: number): RuntimeHost => new FakeRuntimeHost({ maxLive }),
  },
  {
    name: 'QuickJS in worker threads',
    language: languages.quickjs,
    create: (maxLive: number) => createRealRuntimeHost({ maxLive, spareWorkers: 1 }),
  },
];

describe.each(adapters)('$name', ({ language, create }) => {
  const hosts: RuntimeHost[] = [];

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close()));
  });

  function newHost(maxLive = 64): RuntimeHost {
    const host = create(maxLive);
    hosts.push(host);
    return host;
  }

  const newRuntime = (): Promise<Runtime> => newHost().open(runtimeSpec());

  test('runs code to a value with its JSON', async () => {
    const { end, usable } = await runCode(await newRuntime(), language.value);
    expect({ end, usable }).toEqual({
      end: { kind: 'value', value: { type: 'object', preview: expect.any(String), json: { answer: 42 } } },
      usable: true,
    });
  });

  test('keeps state from one run to the next, and to itself', async () => {
    const host = newHost();
    const [runtime, other] = [await host.open(runtimeSpec()), await host.open(runtimeSpec())];
    await runCode(runtime, language.remember);
    const recalled = await runCode(runtime, language.recall);
    const elsewhere = await runCode(other, language.recall);
    expect([recalled.end, elsewhere.end]).toMatchObject([
      { kind: 'value', value: { json: 7 } },
      { kind: 'exception', exception: { message: expect.stringContaining('ReferenceError') } },
    ]);
  });

  test('ends with what was thrown as data, and stays usable', async () => {
    const runtime = await newRuntime();
    const { end, usable } = await runCode(runtime, language.fail);
    const next = await runCode(runtime, language.value);
    expect({ end, usable, next: next.end.kind }).toEqual({
      end: {
        kind: 'exception',
        exception: { message: 'Error: broken', stack: expect.stringContaining('Error: broken') },
      },
      usable: true,
      next: 'value',
    });
  });

  test('gives all events in their order before the run ends, and counts their bytes', async () => {
    const run = await runCode(await newRuntime(), language.print);
    expect({ texts: printed(run), outputBytes: run.outputBytes }).toEqual({
      texts: ['one', 'zwei: ä'],
      outputBytes: 11,
    });
  });

  test('ends a run at its limit, which it names', async () => {
    const { end } = await runCode(await newRuntime(), language.spin, { limits: { cpu_ms: 100 } });
    expect(end).toEqual({ kind: 'limit', limit: 'cpu_ms', allowed: 100 });
  });

  test('cancels a waiting run, keeps what it printed, and can be used again', async () => {
    const runtime = await newRuntime();
    const { promise: hasPrinted, resolve } = Promise.withResolvers<void>();
    const running = runtime.run(runRequest(language.printAndWait), () => resolve());
    await hasPrinted;
    runtime.cancel();
    const { end, usable, outputBytes } = await running;
    const next = await runCode(runtime, language.value);
    expect({ end, usable, outputBytes, next: next.end.kind }).toEqual({
      end: { kind: 'cancelled' },
      usable: true,
      outputBytes: 7,
      next: 'value',
    });
  });

  test('ignores a cancel while nothing runs', async () => {
    const runtime = await newRuntime();
    runtime.cancel();
    const { end } = await runCode(runtime, language.value);
    expect(end.kind).toBe('value');
  });

  test('runs one request at a time', async () => {
    const runtime = await newRuntime();
    const running = runCode(runtime, language.printAndWait);
    await expect(runCode(runtime, language.value)).rejects.toMatchObject({ code: 'SESSION_BUSY' });
    runtime.cancel();
    await running;
  });

  test('lists its variables, and which of them the last run has changed', async () => {
    const runtime = await newRuntime();
    const none = await runtime.inspectGlobals();
    await runCode(runtime, language.remember);
    const one = await runtime.inspectGlobals();
    await runCode(runtime, language.nested);
    const two = await runtime.inspectGlobals();
    expect([none.variables, none.truncated]).toEqual([[], false]);
    expect(one.variables).toMatchObject([{ name: 'kept', type: 'number', preview: '7', changed: true }]);
    expect(two.variables).toMatchObject([
      { name: 'kept', changed: false },
      { name: 'nested', type: 'object', preview: expect.stringContaining('inner'), changed: true },
    ]);
  });

  test('lists names in scope, and the members at the end of a chain', async () => {
    const runtime = await newRuntime();
    await runCode(runtime, language.nested);
    const own = async (...chain: string[]) => (await runtime.listNames(chain)).filter(({ rank }) => rank === 0);
    expect([await own(), await own('nested', 'inner'), await own('nothing', 'there')]).toMatchObject([
      [{ name: 'nested', kind: 'variable' }],
      [{ name: 'leaf', kind: 'property' }],
      [],
    ]);
  });

  test('is not looked into while it runs', async () => {
    const runtime = await newRuntime();
    const running = runCode(runtime, language.printAndWait);
    await expect(runtime.inspectGlobals()).rejects.toMatchObject({ code: 'SESSION_BUSY' });
    await expect(runtime.listNames([])).rejects.toMatchObject({ code: 'SESSION_BUSY' });
    runtime.cancel();
    await running;
  });

  test('is alive until it is closed', async () => {
    const runtime = await newRuntime();
    const opened = runtime.isAlive;
    await runCode(runtime, language.value);
    const used = runtime.isAlive;
    await runtime.close();
    expect([opened, used, runtime.isAlive]).toEqual([true, true, false]);
  });

  test('cancels what runs when it is closed, and may be closed twice', async () => {
    const host = newHost();
    const runtime = await host.open(runtimeSpec());
    const running = runCode(runtime, language.printAndWait);
    await Promise.all([runtime.close(), runtime.close()]);
    const { end, usable } = await running;
    expect({ end, usable, live: host.liveCount }).toEqual({ end: { kind: 'cancelled' }, usable: false, live: 0 });
  });

  test('answers a run after its close as a fault', async () => {
    const runtime = await newRuntime();
    await runtime.close();
    const { end, usable } = await runCode(runtime, language.value);
    expect({ kind: end.kind, usable }).toEqual({ kind: 'fault', usable: false });
  });

  test('opens no more than may live at once, and one more when one is closed', async () => {
    const host = newHost(2);
    const first = await host.open(runtimeSpec());
    await host.open(runtimeSpec());
    await expect(host.open(runtimeSpec())).rejects.toMatchObject({ code: 'SESSION_LIMIT_REACHED' });
    await first.close();
    await host.open(runtimeSpec());
    expect(host.liveCount).toBe(2);
  });

  test('closes its runtimes when it is closed', async () => {
    const host = newHost();
    await host.open(runtimeSpec());
    await host.close();
    expect(host.liveCount).toBe(0);
  });
});
