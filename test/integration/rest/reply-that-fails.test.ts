/** Replies that cannot be put on the wire: the caller is told, and the host lives on. */
import { implement } from '@orpc/server';
import { expect, it } from 'vitest';
import type { ApiContext } from '#main/api/context';
import { contract } from '#shared/contract/router';
import { anExecution, knownId } from '../../support/stub-answers.ts';
import { createStubRouter } from '../../support/stub-router.ts';
import { exchange, startStubServer } from '../../support/stub-server.ts';

/** A value that fails as a text beyond the longest one does, without needing half a gigabyte. */
const unspeakable = (error: Error) => ({
  toJSON() {
    throw error;
  },
});

function routerWith(error: Error) {
  const os = implement(contract).$context<ApiContext>().executions;
  const stub = createStubRouter().router;
  const get = os.get.handler(() => ({
    ...anExecution(knownId),
    result: { type: 'object', preview: '', json: unspeakable(error) as never },
  }));
  return { ...stub, executions: { ...stub.executions, get } };
}

it.each([
  ['too large', new RangeError('Invalid string length'), 413, 'PAYLOAD_TOO_LARGE'],
  ['not what it should be', new TypeError('Converting circular structure to JSON'), 500, 'INTERNAL'],
])('a reply that is %s is refused in the envelope', async (_title, error, status, code) => {
  const { server } = await startStubServer({ router: routerWith(error) });
  const reply = await exchange(server.port, { path: `/api/v1/executions/${knownId}` });
  expect({ status: reply.status, code: reply.code }).toEqual({ status, code });
  expect((await exchange(server.port)).status).toBe(200);
});
