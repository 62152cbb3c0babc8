import '../../../../support/guest-host.ts';
import { expect, test } from 'vitest';

const { format } = await import('../../../../../src/main/runtime/guest/format.js');

test.each([
  [[], ''],
  [['a', 'b', 1], 'a b 1'],
  [['a', { b: 1 }], 'a { b: 1 }'],
  [[{ b: 'text' }, 'text'], "{ b: 'text' } text"],
  [['%s is %d years', 'Ada', 36], 'Ada is 36 years'],
  [['%i and %f', 3.7, '2.5'], '3 and 2.5'],
  [['%d', {}], 'NaN'],
  [['%j|%o|%O', { a: 1 }, [1], 'x'], "{ a: 1 }|[ 1 ]|'x'"],
  [['%cred', 'color: red'], 'red'],
  [['100%', 'sure'], '100% sure'],
  [['100%% sure', 1], '100% sure 1'],
  [['%s', 'a', 'b'], 'a b'],
  [['%s %s', 'only one'], 'only one %s'],
  [['%x', 1], '%x 1'],
  [['50%'], '50%'],
])('writes %j as %j', (args, text) => {
  expect(format(args)).toBe(text);
});

test('lets no more of a text out than one event can hold', () => {
  expect(format(['x'.repeat(1e6)]).length).toBe(65_537);
  expect(format(['%s', 'x'.repeat(1e6), 'y'.repeat(1e6)]).length).toBe(65_537);
});
