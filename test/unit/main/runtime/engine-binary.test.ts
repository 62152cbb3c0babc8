import { expect, test } from 'vitest';
import { withTableExport } from '#main/runtime/engine-binary';
import { tableExport } from '#main/runtime/protocol';

/** (module (table 3 funcref) (func (result i32) (i32.const 7)) (export "f" (func 0))) */
const binary = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 4, 4, 1, 112, 0, 3],
  ...[7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 7, 11],
);

test('adds the table to the exports and leaves the rest as it is', async () => {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(withTableExport(binary)));
  expect(Object.keys(exports)).toEqual(['f', tableExport]);
  expect(exports[tableExport]).toMatchObject({ length: 3 });
});

test('refuses a binary that is cut short', () => {
  expect(() => withTableExport(binary.subarray(0, 9))).toThrow('cut short');
});
