import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { absentIfNull, queryNumber } from '#shared/contract/tolerance';

const schema = absentIfNull(
  z.strictObject({ name: z.string(), engine: z.string().optional(), mode: z.string().default('eval') }),
  'engine',
);

describe('a schema whose optional fields may say nothing', () => {
  it.each([
    [
      { name: 'a', engine: null, mode: null },
      { name: 'a', mode: 'eval' },
    ],
    [
      { name: '', engine: '', mode: '' },
      { name: '', mode: '' },
    ],
  ])('reads %j as %j', (input, output) => {
    expect(schema.parse(input)).toStrictEqual(output);
  });

  it.each([
    [{ name: null }],
    [{ name: 'a', other: null }],
    [JSON.parse('{"name":"a","__proto__":null}')],
    [null],
    [[]],
    [''],
  ])('refuses %j', (input) => {
    expect(schema.safeParse(input).success).toBe(false);
  });

  it('leaves what it was given as it was', () => {
    const input = { name: 'a', engine: null };
    schema.safeParse(input);
    expect(input).toEqual({ name: 'a', engine: null });
  });
});

describe('a number in a query', () => {
  it.each([
    ['7', 7],
    ['007', 7],
    [7, 7],
    ['9007199254740991', 9007199254740991],
  ])('reads %j as %j', (input, output) => {
    expect(queryNumber(1).parse(input)).toBe(output);
  });

  it.each(['', ' 7', '7 ', '+7', '-7', '7.0', '7e0', '0x7', '7n', '0', '9007199254740992', 7.5, null, true])(
    'refuses %j',
    (input) => {
      expect(queryNumber(1).safeParse(input).success).toBe(false);
    },
  );
});
