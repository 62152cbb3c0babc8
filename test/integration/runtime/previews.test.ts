/** The same values as in the test of the prelude under Node, in the engine that guests run in. */
import { inspect as nodeInspect } from 'node:util';
import { expect, test } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { bodyOf, inspectedValues } from '../../support/inspected-values.ts';

const { run } = freshRuntimes({});

test('a session shows every value of the table as Node does, or as the table says', async () => {
  const shown: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const { source, differs } of inspectedValues) {
    const { end } = await run(`(() => { ${bodyOf(source)} })()`);
    shown[source] = end.kind === 'value' ? end.value.preview : JSON.stringify(end);
    const value: unknown = new Function(bodyOf(source))();
    wanted[source] = differs?.preview ?? (typeof value === 'string' ? value : nodeInspect(value, { depth: 6 }));
  }
  expect(shown).toEqual(wanted);
});
