/**
 * The library cache of a running host as a destination: each library is an operation of the host, which is asked how far
 * it is and cancelled at Ctrl-C. So libraries reach that host whatever folder the command is given in.
 */
import { setTimeout } from 'node:timers/promises';
import { type CatalogLibrary, type InstalledLibrary, type LibraryOutcome, libraryName } from '#shared/contract/catalog';
import type { Operation } from '#shared/contract/operation';
import type { HostClient } from './client.ts';
import { isPlainObject } from './is-plain-object.ts';
import type { LibraryDestination, LibraryRequest, LibraryWork } from './library-destination.ts';

const askEveryMs = 150;

export function hostLibraryCache(host: HostClient, serverUrl: string): LibraryDestination {
  const place = `the cache of the host at ${serverUrl}`;
  return {
    label: place,
    place,
    facts: { server_url: serverUrl },
    readers: ['New sessions of this host find it, no others do'],
    add: (request, work) => add(host, request, work),
    download: (work) => download(host, work),
  };
}

async function add(host: HostClient, request: LibraryRequest, work: LibraryWork): Promise<InstalledLibrary> {
  const { id, range, global } = request;
  const begun = await host.libraries.add({ name: id, version: range, global });
  const { status, error, result } = await endOf(host, begun, work);
  if (status === 'ok' && isInstalledLibrary(result)) return result;
  throw new Error(error?.message ?? `The operation ${begun.id} is ${status} on the host.`);
}

/** Also of one that is cancelled here, so that nothing goes on behind the user's back. */
async function endOf(host: HostClient, begun: Operation, { signal, report }: LibraryWork): Promise<Operation> {
  let operation = begun;
  while (operation.status === 'running') {
    report(operation.subject, operation.progress);
    await setTimeout(askEveryMs, undefined, { signal }).catch(() => undefined);
    const { id } = operation;
    operation = await (signal.aborted ? host.operations.cancel({ id }) : host.operations.get({ id }));
  }
  signal.throwIfAborted();
  return operation;
}

/** The host takes care of how many come at once. */
async function* download(host: HostClient, work: LibraryWork): AsyncGenerator<LibraryOutcome> {
  const wanted = (await host.catalog.libraries()).filter(({ added, damage }) => !added || damage !== undefined);
  const outcomes = wanted.map((library) => outcomeOf(host, library, work));
  for (const outcome of outcomes) outcome.catch(() => undefined);
  yield* outcomes;
}

async function outcomeOf(host: HostClient, library: CatalogLibrary, work: LibraryWork): Promise<LibraryOutcome> {
  const { id, version, global, added } = library;
  const report: LibraryWork['report'] = (_, progress) => work.report(library.name, progress);
  try {
    return await add(host, { id, range: version, ...(added && { global }) }, { ...work, report });
  } catch (error) {
    work.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { name: libraryName({ id, version }), status: 'failed', reason };
  }
}

/** By the contract the result of a `library_install` is one; what is shown of it is what is looked at. */
function isInstalledLibrary(result: unknown): result is InstalledLibrary {
  return isPlainObject(result) && typeof result.name === 'string' && typeof result.sha256 === 'string';
}
