/**
 * Commands that a refusal can show, ready to be pasted into a shell. They are built from our own address and port alone:
 * nothing that a request carried may end up in a line that people run.
 */
import { asHostName, isLoopback } from '#main/rest/guard-policy';
import type { RequestHead } from '#main/rest/request-head';
import { apiPrefix } from '#shared/contract/router';
import { defaultPort } from '#shared/run-file';

type Target = Pick<RequestHead, 'localAddress' | 'localPort'>;

export function atOurAddress(target: Target): string {
  return `Send the request to ${origin(target)}${apiPrefix}/…`;
}

export function asJson(target: Target): string {
  return `Send JSON, such as: curl --json '{…}' ${origin(target)}${apiPrefix}/…`;
}

export function withToken(target: Target): string {
  const isDefault = isLoopback(target.localAddress) && target.localPort === defaultPort;
  const flag = isDefault ? '' : ` --server-url ${origin(target)}`;
  return `Send the token: curl -H "Authorization: Bearer $(vm-system${flag} ops token)" ${origin(target)}${apiPrefix}/…`;
}

function origin({ localAddress = '127.0.0.1', localPort }: Target): string {
  return `http://${asHostName(localAddress)}:${localPort}`;
}
