/**
 * Commands that a refusal can show, ready to be pasted into a shell. They are built from our own port alone:
 * nothing that a request carried may end up in a line that people run.
 */
import { apiPrefix } from '#shared/contract/router';
import { defaultPort } from '#shared/run-file';

interface Target {
  readonly localPort: number;
}

export function asJson({ localPort }: Target): string {
  return `Send JSON, such as: curl --json '{…}' ${base(localPort)}/…`;
}

export function withToken({ localPort }: Target): string {
  const flag = localPort === defaultPort ? '' : ` --server-url http://127.0.0.1:${localPort}`;
  return `Send the token: curl -H "Authorization: Bearer $(vm-system${flag} ops token)" ${base(localPort)}/…`;
}

function base(port: number): string {
  return `http://127.0.0.1:${port}${apiPrefix}`;
}
