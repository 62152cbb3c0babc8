/** A request as the guest asks for it, read and bounded, and what becomes of it when it is redirected. */
import * as z from 'zod';
import { acceptedCodings } from './response-body.ts';

const maxHeaders = 100;
const maxHeaderCharacters = 32_768;
/** More than a guest could have in memory by default; a sum over both is what the host copies. */
export const maxRequestBytes = 64 * 1024 * 1024;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Latin-1 without control characters: what could end a header is none of its value. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

export const fetchRequestSchema = z.strictObject({
  /** The guest's name for it, by which it is aborted. */
  key: z.int(),
  url: z.string().max(65_536),
  method: z.string().max(32).regex(token),
  /** First their number, so that no more faults are listed than there may be headers. */
  headers: z
    .array(z.unknown())
    .max(maxHeaders)
    .pipe(z.array(z.tuple([z.string().max(256).regex(token), z.string().regex(headerValue)])))
    .refine((headers) => headers.flat().join('').length <= maxHeaderCharacters),
  redirect: z.enum(['follow', 'manual', 'error']),
});
export type FetchRequest = z.infer<typeof fetchRequestSchema>;

type HeaderPairs = FetchRequest['headers'];

/** One exchange with one server. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array | undefined;
}

/** Headers that say how a connection is used; they are ours, and a guest's are left out, as in browsers. */
const connectionHeaders = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const bodyHeaders = new Set(['content-encoding', 'content-language', 'content-location', 'content-type']);
const secretHeaders = new Set(['authorization', 'cookie']);

export function firstHop({ method, headers }: FetchRequest, url: URL, body: Uint8Array | undefined): Hop {
  const given = without(headers, connectionHeaders);
  const has = (name: string) => given.some(([one]) => one.toLowerCase() === name);
  const usual: HeaderPairs = [
    ['accept', '*/*'],
    ['user-agent', 'vm-system'],
  ];
  const added = usual.filter(([name]) => !has(name));
  return { url, method, headers: [...given, ...added, ['accept-encoding', acceptedCodings]], body };
}

/** The request that a redirect asks for. What is meant for one origin does not go to another. */
export function redirected(hop: Hop, status: number, url: URL): Hop {
  const isForeign = url.origin !== hop.url.origin;
  const kept = isForeign ? without(hop.headers, secretHeaders) : hop.headers;
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  if (!becomesGet) return { ...hop, url, headers: kept };
  return { url, method: 'GET', headers: without(kept, bodyHeaders), body: undefined };
}

function without(headers: HeaderPairs, names: ReadonlySet<string>): HeaderPairs {
  return headers.filter(([name]) => !names.has(name.toLowerCase()));
}
