/** Which addresses lead to this machine itself, whatever its interfaces are called. */
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An IPv4 address in IPv6's clothes is taken for what it is. Interfaces come and go, so they are asked every time. */
export function isLocalAddress(address: string): boolean {
  const local = new BlockList();
  local.addSubnet('127.0.0.0', 8, 'ipv4');
  local.addAddress('::1', 'ipv6');
  // A connection to the unspecified address reaches loopback.
  local.addAddress('0.0.0.0', 'ipv4');
  local.addAddress('::', 'ipv6');
  for (const one of Object.values(networkInterfaces()).flat()) {
    if (one !== undefined) local.addAddress(one.address, familyOf(one.address));
  }
  return local.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
