/**
 * Where a template lets its guests go, read from its net capabilities. A name is allowed by its pattern and then still
 * has to lead to a public address; an address that is not public is reached only where it is named itself, so that no
 * answer of a name server can open the way to it.
 */
import { isIPv6 } from 'node:net';
import type { Granted } from '#core/policy';
import type { NetConfig } from '#shared/contract/capability-config';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export type NetGrant = Granted<NetConfig>;

/** Where a connection goes, as far as the rules care. */
export interface Destination {
  readonly hostname: string;
  readonly port: number;
  readonly scheme: string;
}

interface HostRule {
  /** A host as URLs write it, or the end of one behind `*`. */
  readonly host: string;
  readonly isWildcard: boolean;
  /** Undefined stands for the scheme's own. */
  readonly port: number | undefined;
  readonly grant: NetGrant;
}

const ownPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

export class HostRules {
  readonly #rules: readonly HostRule[];

  constructor(grants: readonly NetGrant[]) {
    this.#rules = grants.flatMap((grant) => grant.config.hosts.flatMap((pattern) => ruleOf(pattern, grant) ?? []));
  }

  /** The capability that lets a guest go there, or undefined. */
  grantFor(destination: Destination): NetGrant | undefined {
    return this.#rules.find((rule) => coversHost(rule, destination.hostname) && coversPort(rule, destination))?.grant;
  }

  /** Whether a connection may be made to this address of a host that is granted. */
  allowsAddress(address: string, destination: Destination): boolean {
    if (isPublicAddress(address)) return true;
    const { hostname } = destination;
    const names = [hostOf(address), ...(isLoopbackName(hostname) && isLoopbackAddress(address) ? [hostname] : [])];
    return this.#rules.some((rule) => !rule.isWildcard && names.includes(rule.host) && coversPort(rule, destination));
  }
}

export function destinationOf(url: URL): Destination {
  return {
    hostname: url.hostname,
    port: url.port === '' ? (ownPorts[url.protocol] ?? 0) : Number(url.port),
    scheme: url.protocol,
  };
}

/** Whether a host of a net capability is written so that it allows anything. */
export function isHostPattern(pattern: string): boolean {
  return partsOf(pattern) !== undefined;
}

function ruleOf(pattern: string, grant: NetGrant): HostRule | undefined {
  const parts = partsOf(pattern);
  return parts === undefined ? undefined : { ...parts, grant };
}

/** A pattern such as `example.org`, `*.example.org:8080`, `[::1]:80` or `*`; undefined where it is none. */
function partsOf(pattern: string): Omit<HostRule, 'grant'> | undefined {
  const text = isIPv6(pattern) ? `[${pattern}]` : pattern;
  const match = /^(?<star>\*\.?)?(?<host>\[[^\]]+\]|[^*:/?#@\\\s]*)(?::(?<port>\d{1,5}))?$/.exec(text);
  const { star = '', host = '', port } = match?.groups ?? {};
  const isWildcard = star !== '';
  if (match === null || (star === '*') !== (host === '')) return undefined;
  const normal = host === '' ? '' : URL.parse(`http://${host}`)?.hostname;
  if (normal === undefined) return undefined;
  return {
    host: star === '*.' ? `.${normal}` : normal,
    isWildcard,
    port: port === undefined ? port : Number(port),
  };
}

function coversHost({ host, isWildcard }: HostRule, hostname: string): boolean {
  return isWildcard ? hostname.endsWith(host) : hostname === host;
}

function coversPort(rule: HostRule, { port, scheme }: Destination): boolean {
  return port === (rule.port ?? ownPorts[scheme]);
}

/** An address as URLs write it. */
function hostOf(address: string): string | undefined {
  return URL.parse(`http://${isIPv6(address) ? `[${address}]` : address}`)?.hostname;
}

/** Names that by their standard mean this machine, whoever answers for them. */
function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
