/**
 * Runs an admitted request through the router. oRPC decodes, validates, calls and encodes; what fails on the way leaves
 * as our own error response, so that a client never meets the library's.
 */
import { StandardOpenAPIMatcher } from '@orpc/openapi/standard';
import { StandardHandler } from '@orpc/server/standard';
import type { ApiContext } from '#main/api/context';
import { createApiCodec } from '#main/rest/api-codec';
import type { ErrorResponse } from '#main/rest/error-response';
import type { ApiRouter } from '#main/rest/route-index';
import { apiPrefix } from '#shared/contract/router';

/** What the router may see, and the id under which its failures are logged. */
interface RequestContext extends ApiContext {
  readonly requestId: string;
}

export type ApiRequest = Parameters<StandardHandler<RequestContext>['handle']>[0];

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export type ApiHandler = (request: ApiRequest, context: RequestContext) => Promise<ApiResponse>;

/** Maps what was thrown to a response, and logs it where it has to be. */
export type Failure = (error: unknown, requestId: string) => ErrorResponse;

export function createApiHandler(router: ApiRouter, failure: Failure): ApiHandler {
  const handler = new StandardHandler<RequestContext>(router, new StandardOpenAPIMatcher(), createApiCodec(), {
    interceptors: [
      async ({ next, context }) => {
        try {
          return await next();
        } catch (error) {
          return { matched: true, response: { ...failure(error, context.requestId) } };
        }
      },
    ],
  });
  return async (request, context) => {
    const { response } = await handler.handle(request, { prefix: apiPrefix, context });
    return response ?? failure(new Error('the route index found a route that the router lacks'), context.requestId);
  };
}
