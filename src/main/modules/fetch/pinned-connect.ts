/**
 * Makes the connections of `fetch`. A name is looked up here, once per connection, and the connection is made to an
 * address that was checked: a name server that answers otherwise the next time changes nothing.
 */
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { addressRefused, ownRefused } from './fetch-refusal.ts';
import type { Destination, HostRules } from './host-rules.ts';

export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

const connectMs = 10_000;

export interface PinnedConnectOptions {
  readonly rules: HostRules;
  readonly templateName: string;
  /** Whether an address and port are those of this host itself. */
  readonly isOwn: (address: string, port: number) => boolean;
  readonly resolve?: ResolveName;
}

export function pinnedConnect({
  rules,
  templateName,
  isOwn,
  resolve = systemResolve,
}: PinnedConnectOptions): buildConnector.connector {
  const allowedOf = (addresses: readonly LookupAddress[], destination: Destination) => {
    const others = addresses.filter(({ address }) => !isOwn(address, destination.port));
    if (others.length === 0) throw ownRefused(destination);
    const allowed = others.filter(({ address }) => rules.allowsAddress(address, destination));
    if (allowed.length > 0) return allowed;
    throw addressRefused(
      templateName,
      destination,
      addresses.map(({ address }) => address),
    );
  };
  return (options, callback) => {
    const destination = destinationOf(options);
    const lookup = lookupWith(async (hostname) => allowedOf(await resolve(hostname), destination));
    try {
      // A name that is an address is looked up by nobody.
      const family = isIP(options.hostname);
      if (family !== 0) allowedOf([{ address: options.hostname, family }], destination);
      buildConnector({ allowH2: false, timeout: connectMs, lookup })(options, callback);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), null);
    }
  };
}

function destinationOf({ hostname, port, protocol }: buildConnector.Options): Destination {
  const ownPort = protocol === 'https:' ? 443 : 80;
  return { hostname, port: port === '' ? ownPort : Number(port), scheme: protocol };
}

function lookupWith(addressesOf: (hostname: string) => Promise<LookupAddress[]>): LookupFunction {
  return (hostname, { all }, callback) => {
    addressesOf(hostname).then(
      (addresses) => {
        const [{ address, family } = { address: '', family: 4 }] = addresses;
        if (all === true) callback(null, addresses);
        else callback(null, address, family);
      },
      (error) => callback(error, []),
    );
  };
}

const systemResolve: ResolveName = (hostname) => dns.lookup(hostname, { all: true });
