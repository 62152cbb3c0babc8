/**
 * What may be asked of a registry: a package by its name, and a version, range or tag. Everything else that npm takes for
 * a package is refused here: of a folder or a git address its library would run the build scripts.
 */
export interface PackageRequest {
  /** Name of the package. */
  readonly id: string;
  /** An exact version, a range or a tag. */
  readonly range: string;
}

const idPattern = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/;
/** Ranges and tags; neither addresses nor paths, which hold a colon, a slash or a leading dot. */
const rangePattern = /^(?![.~]*\.)[\w\s.<>=^~*|+-]*$/;
const archivePattern = /\.(tgz|tar\.gz|tar)$/i;

/** The request as npm writes it. Throws where it is none that a registry could answer. */
export function registrySpec({ id, range }: PackageRequest): string {
  if (idPattern.test(id) && rangePattern.test(range) && !archivePattern.test(range)) return `${id}@${range.trim()}`;
  throw new Error(`"${id}@${range}" is no package of a registry with a version, range or tag, such as lodash@4.17.21.`);
}

/** Whether the range is one exact version, so that no registry need be asked what it stands for. */
export function isExactVersion(range: string): boolean {
  return /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(range);
}

/** A dependency as package.json writes it; `npm:other@^1` asks for another package under this name. */
export function dependencyRequest(name: string, range: string): PackageRequest {
  const alias = /^npm:(?<id>@?[^@]+)(?:@(?<range>.*))?$/.exec(range)?.groups;
  return alias?.id === undefined ? { id: name, range } : { id: alias.id, range: alias.range ?? '' };
}
