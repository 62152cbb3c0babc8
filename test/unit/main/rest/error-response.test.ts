import { describe, expect, it } from 'vitest';
import { VmError } from '#core/vm-error';
import { errorResponse } from '#main/rest/error-response';

describe('an error response', () => {
  it('has the status of the error table and the details at hand', () => {
    const error = new VmError('SESSION_BUSY', 'Session s is busy.', { details: { session_id: 's' } });
    expect(errorResponse(error, 'r')).toEqual({
      status: 409,
      headers: {},
      body: { error: { code: 'SESSION_BUSY', message: 'Session s is busy.', details: { session_id: 's' } } },
    });
  });

  it('has no details where there are none', () => {
    expect(errorResponse(new VmError('NOT_FOUND', 'Nothing.'), 'r').body).toEqual({
      error: { code: 'NOT_FOUND', message: 'Nothing.' },
    });
  });

  it('never sends the cause, and of an internal error only where it was logged', () => {
    const error = new VmError('INTERNAL', 'secret', { details: { secret: 1 }, cause: new Error('secret') });
    const { status, body } = errorResponse(error, 'r-1');
    expect([status, body.error.details]).toEqual([500, { request_id: 'r-1' }]);
    expect(JSON.stringify(body)).toContain('under request id r-1');
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('asks for a Bearer token with 401 and names the methods with 405', () => {
    const headers = [
      new VmError('UNAUTHORIZED', 'No.'),
      new VmError('METHOD_NOT_ALLOWED', 'No.', { details: { allow: ['GET', 'HEAD'] } }),
    ].map((error) => errorResponse(error, 'r').headers);
    expect(headers).toEqual([{ 'www-authenticate': 'Bearer realm="vm-system"' }, { allow: 'GET, HEAD' }]);
  });
});
