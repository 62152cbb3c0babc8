/**
 * The user's registry, or npm's cache of it, for as long as one library is brought: resolves what is asked for, fetches
 * archives, checks their integrity. It counts what comes, because a library may ask for others without end.
 */
import { setMaxListeners } from 'node:events';
import pacote from 'pacote';
import type { OperationProgress } from '#shared/contract/operation';
import type { NpmConfiguration } from './npm-configuration.ts';
import { type PackageRequest, registrySpec } from './package-request.ts';
import { type PackageFiles, unpackPackage } from './unpack-package.ts';

export interface ResolvedPackage {
  readonly id: string;
  readonly version: string;
  readonly integrity: string;
  /** Address of the archive. */
  readonly resolved: string;
}

export interface FetchedPackage extends ResolvedPackage {
  readonly files: PackageFiles;
}

export interface SourceLimits {
  readonly packages: number;
  /** Of one archive, and of all together. */
  readonly archiveBytes: number;
  readonly totalArchiveBytes: number;
  readonly totalUnpackedBytes: number;
}

type ArchiveStream = Parameters<Parameters<typeof pacote.tarball.stream>[1]>[0];

const mebibyte = 1024 * 1024;

export const defaultLimits: SourceLimits = {
  packages: 200,
  archiveBytes: 32 * mebibyte,
  totalArchiveBytes: 64 * mebibyte,
  totalUnpackedBytes: 256 * mebibyte,
};

export interface PackageSourceOptions {
  readonly npm: NpmConfiguration;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
  readonly limits?: SourceLimits;
}

export class PackageSource {
  readonly signal: AbortSignal;
  readonly #npm: NpmConfiguration;
  readonly #limits: SourceLimits;
  readonly #report: PackageSourceOptions['report'];
  readonly #resolved = new Map<string, Promise<ResolvedPackage>>();
  #progress: OperationProgress = { phase: 'resolving', bytes: 0, done: 0, total: 0 };
  #unpackedBytes = 0;

  constructor({ npm, signal, report, limits = defaultLimits }: PackageSourceOptions) {
    this.signal = signal;
    this.#report = report;
    this.#limits = limits;
    // A registry is all that is asked, whatever a spec may look like to npm.
    const nothingElse = { allowGit: 'none', allowRemote: 'none', allowFile: 'none', allowDirectory: 'none' };
    this.#npm = { ...npm, ...nothingElse, signal, packumentCache: new Map() };
    // Every request of a library listens to it.
    setMaxListeners(0, signal);
  }

  /** Says what a request stands for today. */
  resolve(request: PackageRequest): Promise<ResolvedPackage> {
    const spec = registrySpec(request);
    const known = this.#resolved.get(spec) ?? this.#whileWanted(resolve(spec, request.id, this.#npm));
    this.#resolved.set(spec, known);
    return known;
  }

  async fetch(wanted: ResolvedPackage): Promise<FetchedPackage> {
    const { id, version, integrity, resolved } = wanted;
    this.#countPackage();
    const tooMuch = new AbortController();
    const read = (stream: ArchiveStream) => this.#read(stream, tooMuch);
    const options = { ...this.#npm, integrity, resolved, signal: AbortSignal.any([this.signal, tooMuch.signal]) };
    const archive = await this.#whileWanted(pacote.tarball.stream(`${id}@${version}`, read, options));
    const files = await unpackPackage(archive);
    this.#countUnpacked(files);
    this.tell('fetching', { done: this.#progress.done + 1 });
    return { ...wanted, files };
  }

  /** Reports a phase; what came so far goes with it. */
  tell(phase: string, change: Partial<OperationProgress> = {}): void {
    this.#progress = { ...this.#progress, ...change, phase };
    this.#report(this.#progress);
  }

  #countPackage(): void {
    const total = this.#progress.total + 1;
    const { packages } = this.#limits;
    if (total > packages) throw new Error(`The library needs more than ${packages} packages, which is the limit.`);
    this.tell('fetching', { total });
  }

  #countUnpacked(files: PackageFiles): void {
    for (const bytes of files.values()) this.#unpackedBytes += bytes.byteLength;
    const { totalUnpackedBytes } = this.#limits;
    if (this.#unpackedBytes <= totalUnpackedBytes) return;
    throw new Error(`The library and what it needs is larger than ${totalUnpackedBytes} bytes, which is the limit.`);
  }

  /** The stream fails at its end where the integrity does not hold, so nothing of it is used before. */
  async #read(stream: ArchiveStream, tooMuch: AbortController): Promise<Buffer> {
    // npm's cache goes on writing what is no longer read, and an error that nobody listens to would end the host.
    stream.on('error', () => undefined);
    const chunks: Uint8Array[] = [];
    let ownBytes = 0;
    for await (const chunk of stream) {
      this.signal.throwIfAborted();
      ownBytes += chunk.byteLength;
      const bytes = this.#progress.bytes + chunk.byteLength;
      const problem = this.#sizeProblem(ownBytes, bytes);
      if (problem !== undefined) {
        tooMuch.abort(problem);
        throw problem;
      }
      chunks.push(chunk);
      this.tell('fetching', { bytes });
    }
    return Buffer.concat(chunks);
  }

  #sizeProblem(ownBytes: number, bytes: number): Error | undefined {
    const { archiveBytes, totalArchiveBytes } = this.#limits;
    if (ownBytes > archiveBytes) return new Error(`The package's archive is larger than ${archiveBytes} bytes.`);
    if (bytes <= totalArchiveBytes) return undefined;
    return new Error(`The library's archives together are larger than ${totalArchiveBytes} bytes.`);
  }

  /** npm's library may be slow to notice; nobody waits for that. */
  #whileWanted<Result>(work: Promise<Result>): Promise<Result> {
    const { signal } = this;
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', leave));
  }
}

async function resolve(spec: string, id: string, npm: NpmConfiguration): Promise<ResolvedPackage> {
  const { version, _integrity: integrity, _resolved: resolved } = await pacote.manifest(spec, npm);
  if (integrity === undefined) throw new Error(`The registry names no integrity of ${spec}, so it cannot be checked.`);
  return { id, version, integrity, resolved };
}
