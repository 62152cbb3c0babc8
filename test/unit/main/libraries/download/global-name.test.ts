import { expect, it } from 'vitest';
import { globalName } from '#main/libraries/download/global-name';

it.each([
  ['date-fns', 'dateFns'],
  ['lodash.debounce', 'lodashDebounce'],
  ['@scope/some-thing.js', 'someThingJs'],
  ['7zip-min', '_7zipMin'],
  ['R', 'R'],
])('makes %s the variable %s', (id, name) => {
  expect(globalName(id, undefined)).toBe(name);
});

it('takes the name that is wanted', () => {
  expect(globalName('date-fns', '$dates')).toBe('$dates');
});

it.each([
  ['class', undefined],
  ['date-fns', 'let'],
  ['date-fns', 'a b'],
  ['date-fns', 'a;b'],
  ['date-fns', '1a'],
  ['date-fns', 'a}//'],
])('refuses %s as %j, which is no name of a variable', (id, wanted) => {
  expect(() => globalName(id, wanted)).toThrow('is no name of a variable. Choose a name with --global NAME');
});

it.each([
  ['console', undefined],
  ['crypto', undefined],
  ['x', 'Object'],
  ['x', 'require'],
  ['x', 'globalThis'],
  ['x', 'constructor'],
])('refuses %s as %j, which a session has already', (id, wanted) => {
  expect(() => globalName(id, wanted)).toThrow('A session has a global');
});
