/** The typed client of the contract over REST. It knows addresses and envelopes, nothing of tokens or sockets. */
import { createORPCClient, ErrorEvent, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { apiPrefix, type Contract, contract } from '#shared/contract/router';
import { CliError } from './cli-error.ts';
import type { Send } from './http-transport.ts';
import { isPlainObject } from './is-plain-object.ts';

export type HostClient = ContractRouterClient<Contract>;

export function createClient(serverUrl: string, send: Send): HostClient {
  const link = new OpenAPILink(contract, {
    url: `${serverUrl}${apiPrefix}`,
    fetch: send,
    clientInterceptors: [({ next, ...call }) => next({ ...call, request: { ...call.request, body: bodyOf(call) } })],
    customErrorResponseBodyDecoder: (body, response) => envelopeError(body, response.status),
  });
  return createORPCClient<HostClient>(link);
}

/** The link copies JSON by assignment, which loses a member called `__proto__`: a body that is JSON goes as it is. */
function bodyOf({ input, request }: { input: unknown; request: { body: unknown } }): unknown {
  return isPlainObject(input) && isPlainObject(input.body) ? input.body : request.body;
}

/** The refusal that ended a stream; nothing where the stream broke for another reason. */
export function streamRefusal(error: unknown): ORPCError<string, unknown> | undefined {
  return error instanceof ErrorEvent ? readEnvelope(error.data) : undefined;
}

/** An answer that says it failed: with the contract's envelope, or it does not come from a host. */
function envelopeError(body: unknown, status: number): ORPCError<string, unknown> {
  const refusal = readEnvelope(body, status);
  if (refusal !== undefined) return refusal;
  throw new CliError('UNEXPECTED_ANSWER', `The server answered ${status} without saying why: is it a vm-system host?`);
}

function readEnvelope(body: unknown, status?: number): ORPCError<string, unknown> | undefined {
  const error = isPlainObject(body) ? body.error : undefined;
  if (!isPlainObject(error) || typeof error.code !== 'string' || typeof error.message !== 'string') return undefined;
  return new ORPCError(error.code, { message: error.message, data: error.details, ...(status && { status }) });
}
