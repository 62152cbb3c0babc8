/** Headers of every response, whoever writes it. They keep answers out of caches and out of other origins' pages. */

export type ResponseHead = Readonly<Record<string, string>>;

export function responseHead(requestId: string): ResponseHead {
  return {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}
