/**
 * One `fetch` from its first request to its response: every hop is checked by the same rules before anything is sent,
 * redirects are followed here and nowhere else.
 */
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { GuestReply } from '#core/ports';
import { asFetchError, fetchError, hostRefused } from './fetch-refusal.ts';
import { type FetchRequest, firstHop, type Hop, redirected } from './fetch-request.ts';
import { destinationOf, type HostRules, type NetGrant } from './host-rules.ts';
import { readBody } from './response-body.ts';

const maxRedirects = 10;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const bodilessStatuses = new Set([204, 205, 304]);

export interface ExchangeParts {
  readonly dispatcher: Dispatcher;
  readonly rules: HostRules;
  readonly templateName: string;
  readonly signal: AbortSignal;
}

export class FetchExchange {
  readonly #parts: ExchangeParts;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** The whole response, as the guest's `fetch` reads it. */
  async run(request: FetchRequest, body: Uint8Array | undefined): Promise<GuestReply> {
    let hop = firstHop(request, urlOf(request.url), body);
    for (let redirects = 0; ; redirects += 1) {
      const grant = this.#grantFor(hop.url);
      const response = await this.#send(hop);
      const target = request.redirect === 'manual' ? undefined : redirectTarget(response, hop);
      if (target === undefined) return await this.#reply(response, { hop, grant, redirects });
      discard(response.body);
      if (request.redirect === 'error') throw redirectError(`${hop.url.host} redirects, and the request forbids that`);
      if (redirects === maxRedirects)
        throw redirectError(`more than ${maxRedirects} redirects, the last to ${target.host}`);
      hop = redirected(hop, response.statusCode, target);
    }
  }

  #grantFor(url: URL): NetGrant {
    const destination = destinationOf(url);
    const grant = this.#parts.rules.grantFor(destination);
    if (grant === undefined) throw hostRefused(this.#parts.templateName, destination);
    return grant;
  }

  async #send({ url, method, headers, body }: Hop): Promise<Dispatcher.ResponseData> {
    const { dispatcher, signal } = this.#parts;
    signal.throwIfAborted();
    try {
      return await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: headers.flat(),
        body: body ?? null,
        signal,
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : asFetchError(error, url);
    }
  }

  async #reply(response: Dispatcher.ResponseData, { hop, grant, redirects }: Arrival): Promise<GuestReply> {
    const bytes = await this.#readBody(response, hop, grant);
    const url = new URL(hop.url);
    url.hash = '';
    const { statusCode: status, statusText } = response;
    const value = { status, statusText, headers: pairsOf(response.headers), url: url.href, redirected: redirects > 0 };
    return bytes === undefined ? { value } : { value, bytes };
  }

  async #readBody(response: Dispatcher.ResponseData, hop: Hop, grant: NetGrant): Promise<Uint8Array | undefined> {
    const { signal } = this.#parts;
    if (hop.method === 'HEAD' || bodilessStatuses.has(response.statusCode)) {
      discard(response.body);
      return undefined;
    }
    const encoding = String(response.headers['content-encoding'] ?? '');
    try {
      const limit = { maxBytes: grant.config.max_response_bytes, capability: grant.name };
      return await readBody(response.body, encoding, limit);
    } catch (error) {
      discard(response.body);
      throw signal.aborted ? signal.reason : asFetchError(error, hop.url);
    }
  }
}

interface Arrival {
  readonly hop: Hop;
  readonly grant: NetGrant;
  readonly redirects: number;
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw fetchError(`only http: and https: can be fetched, not ${url?.protocol ?? 'what is no URL'}`, {
      code: 'NET_SCHEME',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw fetchError('a URL to fetch cannot have a user name or password', { code: 'NET_CREDENTIALS' });
  }
  return url;
}

/** Where a response sends the request on to; its URL is held to the same rules as the first one. */
function redirectTarget({ statusCode, headers }: Dispatcher.ResponseData, { url }: Hop): URL | undefined {
  const { location } = headers;
  if (!redirectStatuses.has(statusCode) || typeof location !== 'string') return undefined;
  const target = URL.parse(location, url);
  if (target === null) throw redirectError(`${url.host} redirects to what is no URL`);
  if (target.hash === '') target.hash = url.hash;
  return urlOf(target.href);
}

const redirectError = (message: string) => fetchError(message, { code: 'NET_REDIRECT' });

function pairsOf(headers: Dispatcher.ResponseData['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** Ends the connection of a body that nobody reads. */
function discard(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}
