/** Says of a library's name that no session could get it, where that is sure: a library may also be brought later. */
import type { CatalogLibrary } from '#shared/contract/catalog';
import { nearestWord } from '#shared/nearest-word';

type Known = Pick<CatalogLibrary, 'id' | 'version' | 'name'>;

/** Undefined where there is nothing to say. */
export function libraryWarning(written: string, libraries: readonly Known[]): string | undefined {
  const name = written.trim().toLowerCase();
  if (libraries.some((library) => library.name === name)) return undefined;
  const { id, version } = partsOf(name);
  const meant = libraries.find((library) => library.id === id)?.name ?? nearestName(name, libraries);
  if (version === undefined) return `the host knows no library "${written}"; ${advice(meant)}`;
  // Any other package may be brought later, under the very name that is written.
  if (!libraries.some((library) => library.id === id)) return undefined;
  return `the host knows no library "${written}"; ${advice(meant)} Otherwise bring it with: vm-system libs add ${id}@${version} --host`;
}

/** `lodash-4.17.21` has a version; `lodash` and `lodash@4.17.21` do not, as templates write names. */
function partsOf(name: string): { id: string; version?: string } {
  const { id = '', version } = /^(?<id>@?[^@]+?)-(?<version>\d+\.\d+\.\d+.*)$/.exec(name)?.groups ?? {};
  return version === undefined ? { id: name.replace(/(?<!^)@.*$/, '') } : { id, version };
}

function nearestName(name: string, libraries: readonly Known[]): string | undefined {
  const id = nearestWord(
    partsOf(name).id,
    libraries.map((library) => library.id),
  );
  return libraries.find((library) => library.id === id)?.name;
}

function advice(meant: string | undefined): string {
  return meant === undefined ? 'a name is an id and a version, such as "lodash-4.17.21".' : `did you mean "${meant}"?`;
}
