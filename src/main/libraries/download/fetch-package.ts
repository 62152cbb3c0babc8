/** Gets one version of a package from the user's registry, or from npm's cache, and checks its integrity. */
import pacote from 'pacote';
import type { NpmConfiguration } from './npm-configuration.ts';
import { type PackageFiles, unpackPackage } from './unpack-package.ts';

export interface PackageVersion {
  readonly name: string;
  /** Exact: a range or a tag would make the cache depend on the day. */
  readonly version: string;
}

export interface FetchedPackage {
  readonly files: PackageFiles;
  readonly integrity: string;
}

const maxTarballBytes = 32 * 1024 * 1024;

export async function fetchPackage(wanted: PackageVersion, npm: NpmConfiguration): Promise<FetchedPackage> {
  const spec = registrySpec(wanted);
  const { _integrity: integrity, _resolved: resolved } = await pacote.manifest(spec, npm);
  if (integrity === undefined) throw new Error(`The registry names no integrity of ${spec}, so it cannot be checked.`);
  const tarball = await pacote.tarball.stream(spec, readLimited, { ...npm, integrity, resolved });
  return { files: await unpackPackage(tarball), integrity };
}

/** Only what a registry serves: of a folder or a git address, npm's library would run the build scripts. */
function registrySpec({ name, version }: PackageVersion): string {
  const isName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name);
  const isVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version);
  if (isName && isVersion) return `${name}@${version}`;
  throw new Error(`"${name}@${version}" is no package and exact version, such as lodash@4.17.21.`);
}

/** The stream fails at its end where the integrity does not hold, so nothing of it is used before. */
async function readLimited(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > maxTarballBytes) throw new Error(`The package's archive is larger than ${maxTarballBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
