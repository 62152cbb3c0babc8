import { call, ORPCError, os } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { VmError } from '#core/vm-error';
import { toVmError } from '#main/api/error-mapping';
import { byIdWith } from '#shared/contract/route';
import { createTemplateSchema, patchSettingsSchema } from '#shared/contract/template';

/** What the mapping makes of an input that a schema of the contract refuses. */
async function refusalOf(schema: z.ZodType, input: unknown): Promise<VmError> {
  const procedure = os.input(schema).handler(() => undefined);
  return call(procedure, input).then(
    () => new VmError('INTERNAL', 'the input was taken'),
    (error: unknown) => toVmError(error),
  );
}

const id = '7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00';
const detailed = byIdWith(patchSettingsSchema);
const every = z.strictObject({
  text: z.string().max(3).optional(),
  count: z.int().max(5).optional(),
  flag: z.boolean().optional(),
  kind: z.enum(['a', 'b']).optional(),
  list: z.array(z.string()).max(1).optional(),
  map: z.record(z.string(), z.number()).optional(),
  when: z.iso.datetime().optional(),
});

describe('an input that the schema refuses', () => {
  it.each([
    ['a missing field', createTemplateSchema, {}, 'name', 'is required'],
    ['an empty field', createTemplateSchema, { name: ' ' }, 'name', 'must not be empty'],
    ['a field of the wrong kind', createTemplateSchema, { name: 1 }, 'name', 'must be a string'],
    [
      'a field in a detailed input',
      detailed,
      { params: { id }, body: { limits: { cpu_ms: 0 } } },
      'limits.cpu_ms',
      'must be at least 1',
    ],
    ['an id in a detailed input', detailed, { params: { id: 'x' }, body: {} }, 'id', 'must be a UUID'],
    ['a text that is too long', every, { text: 'long' }, 'text', 'must have at most 3 characters'],
    ['a fraction', every, { count: 1.5 }, 'count', 'must be a whole number'],
    ['a number that is too large', every, { count: 6 }, 'count', 'must be at most 5'],
    ['a switch that is no boolean', every, { flag: 'yes' }, 'flag', 'must be true or false'],
    ['a choice that is not offered', every, { kind: 'c' }, 'kind', 'must be one of a, b'],
    ['a list that is too long', every, { list: ['a', 'b'] }, 'list', 'must have at most 1 entries'],
    ['an entry of a list', every, { list: [1] }, 'list.0', 'must be a string'],
    ['no list', every, { list: 'a' }, 'list', 'must be a list'],
    ['no object', every, { map: [] }, 'map', 'must be an object'],
    ['no time', every, { when: 'now' }, 'when', 'is not valid'],
  ])('names %s and says why', async (_, schema, input, path, message) => {
    expect(await refusalOf(schema, input)).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: `"${path}" ${message}.`,
      details: { fields: [{ path, message }] },
    });
  });

  it('is INVALID_REQUEST for an unknown field, which is named first', async () => {
    expect(await refusalOf(createTemplateSchema, { nam: 'x', colour: 1 })).toMatchObject({
      code: 'INVALID_REQUEST',
      message: '"nam" is not a known field (and 2 more in details.fields).',
      details: { fields: [{ path: 'nam' }, { path: 'colour' }, { path: 'name', message: 'is required' }] },
    });
  });

  it('is INVALID_REQUEST for an unknown field deep inside', async () => {
    const refusal = await refusalOf(detailed, { params: { id }, body: { limits: { cpu: 1 } } });
    expect(refusal).toMatchObject({ code: 'INVALID_REQUEST', message: '"limits.cpu" is not a known field.' });
  });

  it('is INVALID_REQUEST where the whole body is missing', async () => {
    const refusals = await Promise.all([
      refusalOf(createTemplateSchema, undefined),
      refusalOf(detailed, { params: { id }, body: undefined }),
    ]);
    expect(refusals.map(({ code, message }) => [code, message])).toEqual([
      ['INVALID_REQUEST', 'The request has no body where a JSON object is needed.'],
      ['INVALID_REQUEST', 'The request has no body where a JSON object is needed.'],
    ]);
  });

  it('is VALIDATION_ERROR where the whole input is of the wrong kind', async () => {
    expect(await refusalOf(createTemplateSchema, 'x')).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'The input must be an object.',
    });
  });
});

describe('what was thrown', () => {
  it('stays as it is where it is a VmError', () => {
    const error = new VmError('SESSION_BUSY', 'Busy.');
    expect(toVmError(error)).toBe(error);
  });

  it.each([
    [new TypeError('x is undefined'), 'INTERNAL'],
    ['a string', 'INTERNAL'],
    [undefined, 'INTERNAL'],
    [new ORPCError('INTERNAL_SERVER_ERROR'), 'INTERNAL'],
    [new ORPCError('BAD_REQUEST'), 'INVALID_REQUEST'],
    [new ORPCError('NOT_FOUND'), 'NOT_FOUND'],
    [new ORPCError('METHOD_NOT_SUPPORTED'), 'METHOD_NOT_ALLOWED'],
    [new ORPCError('PAYLOAD_TOO_LARGE'), 'PAYLOAD_TOO_LARGE'],
    [new ORPCError('TEAPOT', { status: 418 }), 'INVALID_REQUEST'],
  ])('gets a code of the table: %s is %s', (thrown, code) => {
    expect(toVmError(thrown).code).toBe(code);
  });

  it('keeps message and details of an error that the contract defines', () => {
    const thrown = new ORPCError('SESSION_NOT_FOUND', { message: 'No session s.', data: { session_id: 's' } });
    expect(toVmError(thrown)).toMatchObject({ message: 'No session s.', details: { session_id: 's' }, cause: thrown });
  });

  it('is the cause of INTERNAL, so that it can be logged', () => {
    const thrown = new TypeError('x is undefined');
    expect(toVmError(thrown)).toMatchObject({ code: 'INTERNAL', cause: thrown });
  });

  it('is INTERNAL where our own answer breaks the contract: that is not the caller’s mistake', async () => {
    const procedure = os.output(z.string()).handler(() => JSON.parse('1'));
    const error = await call(procedure, undefined).catch(toVmError);
    expect(error).toMatchObject({ code: 'INTERNAL' });
  });
});
