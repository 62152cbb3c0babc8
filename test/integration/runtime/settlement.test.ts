/** How code settles, and what guest code can do to that: nothing of it runs beyond the limits or outlives its run. */
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#shared/contract/primitive';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { printed } from '../../support/run-code.ts';

const limits = { cpu_ms: 300, wall_ms: 2000 };

const { run: runWith } = freshRuntimes(limits);
const run = (source: string, args: JsonValue = {}) => runWith(source, { args });

/** Awaits, and settles to something else than the engine meant. */
const settlingTo = (box: string) =>
  `Object.prototype.then = function (resolve) { delete Object.prototype.then; resolve(${box}); }; await 1`;

describe('a result that guest code replaced', () => {
  test.each([
    ['a getter that loops', '{ get value() { return Array(1e9) + ""; } }'],
    ['a getter that throws', '{ get value() { throw 1; } }'],
    ['nothing', 'undefined'],
    ['a proxy', 'new Proxy({ value: 1 }, { getOwnPropertyDescriptor() { for (;;); } })'],
    ['an inherited value', 'Object.create({ value: 1 })'],
  ])('by %s is an exception that says so', async (_name, box) => {
    const { end, usable } = await run(settlingTo(box));
    const next = await run('await 2');
    expect({ end, usable, next: next.end }).toMatchObject({
      end: { kind: 'exception', exception: { message: expect.stringContaining('was replaced') } },
      usable: true,
      next: { kind: 'value', value: { json: 2 } },
    });
  });
});

test.each(['__ARGS__', '__ENV__'])(
  'a constant in the place of %s ends the next run by name, before its code',
  async (name) => {
    await run(`Object.defineProperty(globalThis, '${name}', { value: 'stale', configurable: false, writable: false })`);
    const { end, usable, events } = await run('console.log("ran")', { fresh: true });
    expect([end, usable, events]).toMatchObject([
      { kind: 'exception', exception: { message: expect.stringContaining(`The global ${name} cannot be set`) } },
      true,
      [],
    ]);
  },
);

describe('what is left to run at the end', () => {
  test.each([
    ['of a toJSON', '({ toJSON() { later(); return 1; } })'],
    ['of a getter', '({ get a() { later(); return 1; } })'],
    ['after an exception in a callback', 'queueMicrotask(() => { throw 1; }); later()'],
  ])('%s is dropped, and the state kept', async (_name, source) => {
    const later = `
      let kept = 1;
      function later() {
        setTimeout(() => console.log('timer'));
        Promise.resolve().then(() => console.log('job'));
        (async () => { for (;;) await null; })();
      }`;
    const first = await run(`${later}\n${source}`);
    const next = await run('await new Promise((resolve) => setTimeout(resolve, 20)); kept');
    expect([first.usable, printed(next), next.end]).toMatchObject([true, [], { kind: 'value', value: { json: 1 } }]);
  });
});
