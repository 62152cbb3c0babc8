/**
 * Decides, before routing and before any body is read, whether a request may go on and what its caller has proven.
 * A port on loopback is open to every page in the user's browser and to every user of the machine: each rule below
 * closes one of those ways. It is a pure function of the request's head; it opens nothing, waits for nothing, logs nothing.
 */
import { VmError } from '#core/vm-error';
import type { Caller } from '#main/api/context';
import { type GuardPolicy, isLoopback } from '#main/rest/guard-policy';
import { mediaRefusal } from '#main/rest/media-type';
import { isSameToken } from '#main/rest/proof';
import { hasHeader, headerValues, promisesBody, type RequestHead } from '#main/rest/request-head';
import { atOurAddress, withToken } from '#main/rest/request-hint';

export type Verdict =
  | { readonly admitted: true; readonly caller: Caller }
  | { readonly admitted: false; readonly refusal: VmError };

type Rule = (head: RequestHead, policy: GuardPolicy) => VmError | undefined;

export function guard(head: RequestHead, policy: GuardPolicy): Verdict {
  for (const rule of rules) {
    const refusal = rule(head, policy);
    if (refusal !== undefined) return { admitted: false, refusal };
  }
  return { admitted: true, caller: callerOf(head, policy) };
}

/** First refusal wins. The order goes from what any stranger could send to what only the route decides. */
const rules: readonly Rule[] = [
  onlyFromThisMachine,
  onlyUnderOurName,
  onlyOriginForm,
  onlyTheRightToken,
  neverForGuests,
  onlyFromOurOrigin,
  neverPreflight,
  onlyJson,
  onlyTheSameUser,
  onlyWithTokenWhereAsked,
];

function callerOf(head: RequestHead, policy: GuardPolicy): Caller {
  return {
    proven: policy.ownUid !== undefined && head.peerUid === policy.ownUid,
    authenticated: headerValues(head, 'authorization').length > 0,
  };
}

function onlyFromThisMachine({ remoteAddress }: RequestHead, { servesOthers }: GuardPolicy): VmError | undefined {
  if (servesOthers || isLoopback(remoteAddress)) return undefined;
  return forbidden('This host answers only programs on its own machine. Connect to 127.0.0.1 or [::1].');
}

/** A page whose name was rebound to 127.0.0.1 still sends its own name. */
function onlyUnderOurName(head: RequestHead, policy: GuardPolicy): VmError | undefined {
  const hosts = headerValues(head, 'host');
  const allowed = policy.hostNames.map((name) => `${name}:${head.localPort}`);
  if (hosts.length === 1 && allowed.includes(hosts[0]?.toLowerCase() ?? '')) return undefined;
  return forbidden(`The Host header must be given once and be one of ${allowed.join(', ')}. ${atOurAddress(head)}`);
}

/** `GET http://elsewhere/…` names a host of its own, past the Host header. */
function onlyOriginForm(head: RequestHead): VmError | undefined {
  if (head.url.startsWith('/')) return undefined;
  return forbidden(`The request target must be a path that begins with "/". ${atOurAddress(head)}`);
}

function onlyTheRightToken(head: RequestHead, { token }: GuardPolicy): VmError | undefined {
  const given = headerValues(head, 'authorization');
  if (given.length === 0) return undefined;
  const bearer = given.length === 1 ? /^Bearer +(\S+)$/i.exec(given[0] ?? '')?.[1] : undefined;
  if (bearer !== undefined && isSameToken(bearer, token)) return undefined;
  return unauthorized(`The Authorization header does not hold this host's token. ${withToken(head)}`);
}

/** Else a session that may run `curl` could make itself a template that may do everything. */
function neverForGuests(head: RequestHead): VmError | undefined {
  if (head.peerUid !== 'guest' || headerValues(head, 'authorization').length > 0) return undefined;
  return forbidden(`The caller is a command that a session runs, which may not call this host. ${withToken(head)}`);
}

function onlyFromOurOrigin(head: RequestHead): VmError | undefined {
  const own = `http://${headerValues(head, 'host')[0]?.toLowerCase()}`;
  const isForeign =
    headerValues(head, 'origin').some((origin) => origin !== own) ||
    headerValues(head, 'sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none');
  return isForeign ? forbidden('Web pages of other origins may not call this host.') : undefined;
}

function neverPreflight({ method }: RequestHead): VmError | undefined {
  return method === 'OPTIONS' ? forbidden('OPTIONS is refused: no other origin is ever let in.') : undefined;
}

/** A body in chunks shows only when it is read whether it is one; the reader of bodies asks the same then. */
function onlyJson(head: RequestHead): VmError | undefined {
  const isRead = head.method !== 'GET' && head.method !== 'HEAD';
  return isRead && promisesBody(head) ? mediaRefusal(head) : undefined;
}

/** In compat mode the peer stands in for the token, so a peer known to be another user is out, token or not. */
function onlyTheSameUser({ peerUid }: RequestHead, { mode, ownUid }: GuardPolicy): VmError | undefined {
  if (mode === 'token' || peerUid === 'unknown' || peerUid === 'guest' || peerUid === ownUid) return undefined;
  if (peerUid === 'gone') {
    return forbidden(
      'The connection was closed before its user could be told. Keep it open until the answer is there.',
    );
  }
  return forbidden(
    `The connection belongs to another user (uid ${peerUid}). To let others in by token, start with: vm-system serve --access token`,
  );
}

function onlyWithTokenWhereAsked(head: RequestHead, policy: GuardPolicy): VmError | undefined {
  const caller = callerOf(head, policy);
  if (caller.authenticated) return undefined;
  if (isFromBrowser(head)) return unauthorized(`A browser needs the token. ${withToken(head)}`);
  if (head.access === 'open') return undefined;
  if (policy.mode === 'token') return unauthorized(`This host asks every caller for its token. ${withToken(head)}`);
  if (head.access !== 'manage' || caller.proven) return undefined;
  return unauthorized(`This call changes what templates grant, so it needs the token here. ${withToken(head)}`);
}

function isFromBrowser(head: RequestHead): boolean {
  return hasHeader(head, (name) => browserHeaders.has(name));
}

/** What browsers send and plain clients do not. Sec-Fetch-Mode is missing: Node's own fetch sends it, alone. */
const browserHeaders: ReadonlySet<string> = new Set([
  'origin',
  'referer',
  'cookie',
  'sec-fetch-site',
  'sec-fetch-dest',
  'sec-fetch-user',
]);

function forbidden(message: string): VmError {
  return new VmError('FORBIDDEN', message);
}

function unauthorized(message: string): VmError {
  return new VmError('UNAUTHORIZED', message);
}
