/** An npm registry of a test's own, on loopback: it serves the packages it is given, and lies where it is told to. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { closeServer, listen } from '../../../support/stub-host.ts';
import { packageTarball } from '../../../unit/main/libraries/tarball.ts';

export interface ServedPackage {
  readonly version: string;
  readonly tarball: Buffer;
  /** What the registry promises, where it is not the truth. */
  readonly integrity?: string;
}

export interface PackageRegistry {
  readonly url: string;
  /** By name; may be changed while it serves. */
  readonly packages: Map<string, ServedPackage>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Packages whose tarball is begun and never ended. */
  readonly stuck: Set<string>;
}

export function aPackage(version: string, files: Readonly<Record<string, string>>): ServedPackage {
  return { version, tarball: packageTarball({ 'package.json': '{}', ...files }) };
}

export async function startPackageRegistry(packages: Record<string, ServedPackage>): Promise<PackageRegistry> {
  const registry = { url: '', packages: new Map(Object.entries(packages)), asked: [], stuck: new Set<string>() };
  const asked: string[] = registry.asked;
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const [, name = '', file] = url.split('/');
    const served = registry.packages.get(name);
    if (served === undefined) response.writeHead(404).end('{}');
    else if (file === undefined) response.end(JSON.stringify(packumentOf(name, served, registry.url)));
    else if (registry.stuck.has(name)) response.write(served.tarball.subarray(0, 100));
    else response.end(served.tarball);
  });
  registry.url = `http://127.0.0.1:${await listen(server)}/`;
  onTestFinished(() => closeServer(server));
  return registry;
}

function packumentOf(name: string, { version, tarball, integrity = integrityOf(tarball) }: ServedPackage, url: string) {
  const dist = { tarball: `${url}${name}/${version}.tgz`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } };
}

function integrityOf(tarball: Buffer): string {
  return `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
}
