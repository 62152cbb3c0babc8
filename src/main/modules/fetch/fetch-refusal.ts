/** The errors of `fetch` as guests see them: TypeErrors, as everywhere, whose message says which rule and what to do. */
import { GuestError, type GuestErrorFields } from '#core/guest-error';
import type { Destination } from './host-rules.ts';

export function fetchError(message: string, fields: GuestErrorFields): GuestError {
  return new GuestError(`fetch failed: ${message}`, fields, 'TypeError');
}

export function hostRefused(templateName: string, destination: Destination): GuestError {
  const host = hostText(destination);
  return fetchError(`no net capability of the template "${templateName}" allows ${host}. ${howToAllow(host)}`, {
    code: 'NET_HOST_NOT_ALLOWED',
    host,
  });
}

export function addressRefused(
  templateName: string,
  destination: Destination,
  addresses: readonly string[],
): GuestError {
  const host = hostText(destination);
  const [address = ''] = addresses;
  const named = hostText({ ...destination, hostname: address.includes(':') ? `[${address}]` : address });
  return fetchError(
    `${host} leads to ${addresses.join(', ')}, which is no public address, and the template "${templateName}" does not ` +
      `name it. ${howToAllow(named)}`,
    { code: 'NET_ADDRESS_NOT_ALLOWED', host },
  );
}

/** Whatever a template names: what could call the host could grant itself everything. */
export function ownRefused(destination: Destination): GuestError {
  const host = hostText(destination);
  return fetchError(`${host} is this host itself, which no session may call`, { code: 'NET_OWN_HOST', host });
}

/** Whatever went wrong on the way: the guest's own refusals as they are, the rest in words. */
export function asFetchError(error: unknown, url: URL): GuestError {
  if (error instanceof GuestError) return error;
  const { code, message } = rootOf(error);
  return fetchError(`${url.host}: ${message}`, { code: code ?? 'NET_FAILED', host: url.host });
}

/** The scheme's own port is not written. */
function hostText({ hostname, port, scheme }: Destination): string {
  const isOwn = port === (scheme === 'https:' ? 443 : 80);
  return isOwn ? hostname : `${hostname}:${port}`;
}

function howToAllow(host: string): string {
  return (
    'To allow it for new sessions: vm-system template add-capability TEMPLATE --kind net --name NAME ' +
    `--config '{"hosts":["${host}"]}'`
  );
}

/** What several attempts to connect failed with is in the last of them. */
function rootOf(error: unknown): { readonly code: string | undefined; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors.at(-1));
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { code, message: error instanceof Error ? error.message : String(error) };
}
