/** The typed client of the contract over REST. It knows addresses and envelopes, nothing of tokens or sockets. */
import { createORPCClient, ORPCError } from '@orpc/client';
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
    customErrorResponseBodyDecoder: (body, response) => envelopeError(body, response.status),
  });
  return createORPCClient<HostClient>(link);
}

/** An answer that says it failed: with the contract's envelope, or it does not come from a host. */
function envelopeError(body: unknown, status: number): ORPCError<string, unknown> {
  const error = isPlainObject(body) ? body.error : undefined;
  if (!isPlainObject(error) || typeof error.code !== 'string' || typeof error.message !== 'string') {
    throw new CliError(
      'UNEXPECTED_ANSWER',
      `The server answered ${status} without saying why: is it a vm-system host?`,
    );
  }
  return new ORPCError(error.code, { status, message: error.message, data: error.details });
}
