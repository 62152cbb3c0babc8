/** An npm registry of a test's own, on loopback: it serves the packages it is given, and lies where it is told to. */
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { closeServer, listen } from '../../../support/stub-host.ts';
import { packageTarball } from '../../../unit/main/libraries/tarball.ts';

export interface ServedPackage {
  readonly version: string;
  readonly tarball: Buffer;
  /** What the registry promises, where it is not the truth; empty where it promises nothing. */
  readonly integrity?: string;
}

export interface PackageRegistry {
  readonly url: string;
  /** By name, newest version last; may be changed while it serves. */
  readonly packages: Map<string, readonly ServedPackage[]>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Packages whose tarball is begun and never ended. */
  readonly stuck: Set<string>;
  /** How often a package answers with 500 before it works. */
  readonly failures: Map<string, number>;
  /** Resolves when the tarball of a stuck package has begun. */
  readonly hasBegun: Promise<void>;
  /** How many tarballs were asked for. */
  tarballCount(): number;
}

type Served = ServedPackage | readonly ServedPackage[];

export function aPackage(version: string, files: Readonly<Record<string, string>>): ServedPackage {
  return { version, tarball: packageTarball({ 'package.json': '{}', ...files }) };
}

/** A package whose module is `source`, with dependencies as package.json has them. */
export function aModule(version: string, source: string, dependencies: Record<string, string> = {}): ServedPackage {
  return aPackage(version, { 'package.json': JSON.stringify({ dependencies }), 'index.js': source });
}

export async function startPackageRegistry(packages: Record<string, Served>): Promise<PackageRegistry> {
  const served = Object.entries(packages).map(([name, versions]) => [name, [versions].flat()] as const);
  const begun = Promise.withResolvers<void>();
  const registry = {
    url: '',
    packages: new Map<string, readonly ServedPackage[]>(served),
    asked: [] as string[],
    stuck: new Set<string>(),
    failures: new Map<string, number>(),
    hasBegun: begun.promise,
    tarballCount: () => registry.asked.filter((path) => path.endsWith('.tgz')).length,
  };
  const server = createServer(({ url = '' }, response) => {
    registry.asked.push(url);
    const [, name = '', version] = /^\/(.+?)(?:\/([^/]+)\.tgz)?$/.exec(decodeURIComponent(url)) ?? [];
    const versions = registry.packages.get(name) ?? [];
    const failures = registry.failures.get(name) ?? 0;
    registry.failures.set(name, failures - 1);
    if (failures > 0) response.writeHead(500).end('{}');
    else if (version === undefined) sendPackument(response, name, versions);
    else
      sendTarball(
        response,
        name,
        versions.find((it) => it.version === version),
      );
  });
  const sendPackument = (response: ServerResponse, name: string, versions: readonly ServedPackage[]) => {
    if (versions.length === 0) response.writeHead(404).end('{}');
    else response.end(JSON.stringify(packumentOf(name, versions, registry.url)));
  };
  const sendTarball = (response: ServerResponse, name: string, wanted: ServedPackage | undefined) => {
    if (wanted === undefined) response.writeHead(404).end();
    else if (registry.stuck.has(name)) response.write(wanted.tarball.subarray(0, 100), () => begun.resolve());
    else response.end(wanted.tarball);
  };
  registry.url = `http://127.0.0.1:${await listen(server)}/`;
  onTestFinished(() => closeServer(server));
  return registry;
}

function packumentOf(name: string, served: readonly ServedPackage[], url: string) {
  const versions = served.map(({ version, tarball, integrity = integrityOf(tarball) }) => {
    const dist = { tarball: `${url}${name}/${version}.tgz`, ...(integrity !== '' && { integrity }) };
    return [version, { name, version, dist }];
  });
  return { name, 'dist-tags': { latest: served.at(-1)?.version }, versions: Object.fromEntries(versions) };
}

function integrityOf(tarball: Buffer): string {
  return `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
}
