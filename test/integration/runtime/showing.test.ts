/** Showing a value costs a session nothing, whatever the value is, and runs no guest code but for its JSON. */
import { describe, expect, test } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';

const limits = { cpu_ms: 10_000, mem_mb: 1024, max_output_kb: 65_536 };

const { run } = freshRuntimes(limits);

describe('a value', () => {
  test.each([
    ['a long string', '"x".repeat(6e7)', 'x'.repeat(100)],
    ['a long boxed string', 'new String("x".repeat(3e7))', "[String: 'xxx"],
    ['a large typed array', 'new Uint8Array(5e7)', 'Uint8Array(50000000) ['],
    ['an integer of 300,000 digits', '10n ** 300000n', '[BigInt of more than 40000 bits]'],
    ['a property with a long name', '({ ["x".repeat(3e7)]: 1 })', "{\n  'xxx"],
    [
      'a sparse array',
      'const a = []; for (let i = 0; i < 4e4; i++) a[i * 5000] = i; a',
      '[\n  0,  <4999 empty items>,',
    ],
  ])('is shown quickly where it is %s', async (_name, source, beginning) => {
    const { end, usable } = await run(`var kept = 1; ${source}`);
    const next = await run('kept');
    expect({ end, usable, next: next.end }).toMatchObject({
      end: { kind: 'value', value: { preview: expect.toSatisfy((preview) => preview.startsWith(beginning)) } },
      usable: true,
      next: { kind: 'value', value: { json: 1 } },
    });
  });

  test('whose preview takes a native loop too long keeps the session', async () => {
    const { end, usable } = await run('var kept = 1; ({ toJSON: () => Array(3e7).join("") })');
    const next = await run('kept');
    expect([end.kind, usable, next.end]).toMatchObject(['value', true, { value: { json: 1 } }]);
  });

  test.each([
    ['a function', 'f.toJSON = () => { for (;;); }; function f() {} f', '[Function: f]'],
    ['a bigint', 'BigInt.prototype.toJSON = () => { for (;;); }; 5n', '5n'],
  ])('that is %s with a toJSON that loops has a preview and no JSON', async (_name, source, preview) => {
    const { end } = await run(source);
    expect(end).toMatchObject({ kind: 'value', value: { preview: expect.stringContaining(preview) } });
    expect(end).not.toHaveProperty('value.json');
  });
});
