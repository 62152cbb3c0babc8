/**
 * Which IP addresses belong to the internet at large. Everything else leads to this machine, to networks that trust it,
 * or through a translator to either; a guest gets there only where its template names the address.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IANA's special-purpose blocks of IPv4 that are not globally reachable, multicast, and what is reserved. */
const specialIpv4 = listOf('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** All that is routed in IPv6. Mapped, NAT64, unique local, link-local and multicast addresses lie outside. */
const globalIpv6 = listOf('ipv6', ['2000::/3']);
/** Of those: protocol assignments with Teredo, documentation, and 6to4. */
const specialIpv6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

const loopbackIpv4 = listOf('ipv4', ['127.0.0.0/8']);

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialIpv4.check(address, 'ipv4');
  return isIPv6(address) && globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');
}

export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && loopbackIpv4.check(address, 'ipv4'));
}

function listOf(family: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
