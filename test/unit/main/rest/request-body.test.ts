import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { VmError } from '#core/vm-error';
import { type BodySource, maxBodyBytes, readBody } from '#main/rest/request-body';

function source(chunks: readonly (string | Uint8Array)[], contentLength?: number): BodySource {
  const headers = contentLength === undefined ? {} : { 'content-length': String(contentLength) };
  return Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), { headers });
}

const plainly = { proceed: () => undefined, refusal: () => undefined };

const read = (...chunks: (string | Uint8Array)[]): Promise<unknown> => readBody(source(chunks), plainly);

describe('a request body', () => {
  it('is nothing where there are no bytes', async () => {
    expect(await read()).toBeUndefined();
  });

  it.each([[' '], ['\r\n', '\t '], ['\ufeff']])('is nothing where there is only white space: %j', async (...chunks) => {
    expect(await read(...chunks)).toBeUndefined();
  });

  it('may be sent in any way where it is nothing, and is refused for its way once it is something', async () => {
    const refusal = () => new VmError('UNSUPPORTED_MEDIA_TYPE', 'Send JSON.');
    expect(await readBody(source(['', '']), { ...plainly, refusal })).toBeUndefined();
    await expect(readBody(source([' ']), { ...plainly, refusal })).rejects.toThrow('Send JSON.');
  });

  it('is read over chunks that cut a character in two', async () => {
    const bytes = Buffer.from('{"a":"é😀"}');
    expect(await read(bytes.subarray(0, 7), bytes.subarray(7, 10), bytes.subarray(10))).toEqual({ a: 'é😀' });
  });

  it('may begin with a byte order mark', async () => {
    expect(await read('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it('keeps NUL characters, which are data', async () => {
    expect(await read('{"a":"\\u0000"}')).toEqual({ a: '\0' });
  });

  it('makes of __proto__ a field like any other', async () => {
    const body = await read('{"__proto__":{"polluted":true}}');
    expect([Object.keys(body ?? {}), Object.getPrototypeOf(body) === Object.prototype]).toEqual([['__proto__'], true]);
  });

  it.each([
    ['a list', ['[1]'], 'The body must be a JSON object, not a list.'],
    ['null', ['null'], 'The body must be a JSON object, not null.'],
    ['a string', ['"x"'], 'The body must be a JSON object, not "x".'],
    [
      'a second value',
      ['{}', ' {}'],
      'The body is not a JSON object: at character 3, there is more after the end of the value.',
    ],
    [
      'nesting beyond 200 levels',
      [`{"a":${'['.repeat(200)}`],
      'The body is not a JSON object: at character 204, the value is nested deeper than 200 levels.',
    ],
    [
      'a byte that is no UTF-8',
      ['{"a":"\ufffd', Uint8Array.of(0xff), '"}'],
      'The body is not valid UTF-8: byte 9 cannot be decoded.',
    ],
    [
      'a character that is cut off',
      ['{"a":"', Uint8Array.of(0xef, 0xbf)],
      'The body is not valid UTF-8: byte 8 cannot be decoded.',
    ],
    [
      'an encoded surrogate',
      ['{"a":"', Uint8Array.of(0xed, 0xa0, 0x80), '"}'],
      'The body is not valid UTF-8: byte 6 cannot be decoded.',
    ],
  ])('is refused as %s', async (_, chunks, message) => {
    await expect(read(...chunks)).rejects.toMatchObject({ code: 'INVALID_REQUEST', message });
  });

  it('may have exactly 8 MiB', async () => {
    const text = `{"a":"${'x'.repeat(maxBodyBytes - 8)}"}`;
    expect(await readBody(source([text], maxBodyBytes), plainly)).toHaveProperty('a');
  });

  it('is refused by its declared length before a byte is asked for', async () => {
    let hasProceeded = false;
    const proceed = (): void => {
      hasProceeded = true;
    };
    const refusal = readBody(source(['{}'], maxBodyBytes + 1), { ...plainly, proceed });
    await expect(refusal).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { limit_bytes: maxBodyBytes } });
    expect(hasProceeded).toBe(false);
  });

  it('is refused by its real length where none is declared', async () => {
    const half = 'x'.repeat(maxBodyBytes / 2);
    await expect(read('{"a":"', half, half, '"}')).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('is refused where it had broken off before it was read', async () => {
    const broken = source(['{"a":1}']);
    broken.destroy();
    await expect(readBody(broken, plainly)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('is refused where it breaks off', async () => {
    const broken = source([]);
    const refusal = readBody(broken, { ...plainly, proceed: () => broken.destroy(new Error('aborted')) });
    await expect(refusal).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
