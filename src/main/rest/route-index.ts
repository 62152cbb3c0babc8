/**
 * Finds what a method and a path mean, in the routes of the contract and with the matcher that will serve them: were the
 * guard to read a path differently from the router, it would guard the wrong door.
 */
import { type AnyContractRouter, getEventIteratorSchemaDetails } from '@orpc/contract';
import { StandardOpenAPIMatcher } from '@orpc/openapi/standard';
import type { Router } from '@orpc/server';
import { VmError } from '#core/vm-error';
import type { ApiContext } from '#main/api/context';
import type { Access } from '#shared/contract/route';
import { apiPrefix } from '#shared/contract/router';

/** Any router that asks no more of its context than a transport can tell. */
export type ApiRouter = Router<AnyContractRouter, ApiContext>;

interface Route {
  /** What it asks of its caller. */
  readonly access: Access;
  /** Whether it answers with events, for as long as it takes. */
  readonly isStream: boolean;
}

/** A route and the target as a URL, or why there is none. */
export type RouteLookup =
  | ({ readonly found: true; readonly url: URL } & Route)
  | { readonly found: false; readonly refusal: VmError };

export class RouteIndex {
  readonly #matcher = new StandardOpenAPIMatcher();

  constructor(router: ApiRouter) {
    this.#matcher.init(router);
  }

  /** `target` is the request target as it came over the wire. */
  async find(method: string, target: string): Promise<RouteLookup> {
    const url = parseTarget(target);
    if (url === null) return refused(invalid('The request target must be a path that begins with "/".'));
    const problem = pathProblem(target, url);
    if (problem !== undefined) return refused(invalid(problem));
    const path = apiPath(url.pathname);
    if (path === undefined) return refused(notFound(url));
    const route = await this.#route(method, path);
    if (route !== undefined) return { found: true, url, ...route };
    const allow = await this.#allowed(path);
    return refused(allow.length === 0 ? notFound(url) : notAllowed(method, allow));
  }

  async #route(method: string, path: `/${string}`): Promise<Route | undefined> {
    const match = await this.#matcher.match(method === 'HEAD' ? 'GET' : method, path);
    if (match === undefined) return undefined;
    const { meta, outputSchema } = match.procedure['~orpc'];
    return { access: accessOf(meta), isStream: getEventIteratorSchemaDetails(outputSchema) !== undefined };
  }

  async #allowed(path: `/${string}`): Promise<string[]> {
    const known = await Promise.all(methods.map((method) => this.#route(method, path)));
    return methods.filter((_, index) => known[index] !== undefined);
  }
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function parseTarget(target: string): URL | null {
  return target.startsWith('/') ? URL.parse(`http://localhost${target}`) : null;
}

/** A path with dot segments, backslashes or broken escapes means one thing to us and another to the next reader: none is taken. */
function pathProblem(target: string, { pathname }: URL): string | undefined {
  if (target.split('?', 1)[0] !== pathname) return `The path is not in its normal form, which is ${pathname}`;
  try {
    decodeURIComponent(pathname);
    return undefined;
  } catch {
    return `The percent-encoding of the path ${pathname} is broken. It must spell UTF-8.`;
  }
}

/** The path behind the prefix. A trailing or doubled slash is another path, and no route has one. */
function apiPath(pathname: string): `/${string}` | undefined {
  if (!pathname.startsWith(`${apiPrefix}/`) || pathname.endsWith('/') || pathname.includes('//')) return undefined;
  return `/${pathname.slice(apiPrefix.length + 1)}`;
}

/** The meta of a procedure as the contract wrote it; a router without it is guarded as strictly as can be. */
function accessOf(meta: Readonly<Record<string, unknown>>): Access {
  const { access } = meta;
  return access === 'open' || access === 'read' || access === 'run' ? access : 'manage';
}

function refused(refusal: VmError): RouteLookup {
  return { found: false, refusal };
}

function invalid(message: string): VmError {
  return new VmError('INVALID_REQUEST', message);
}

function notFound({ pathname }: URL): VmError {
  return new VmError('NOT_FOUND', `There is nothing at ${pathname}. ${apiPrefix}/openapi.json lists every path.`);
}

function notAllowed(method: string, allow: readonly string[]): VmError {
  return new VmError('METHOD_NOT_ALLOWED', `This path does not take ${method}. Use ${allow.join(', ')}.`, {
    details: { allow },
  });
}
