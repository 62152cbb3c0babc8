/** How a library's name and the names of its files become each other: `@scope/name-1.0.0` is `@scope+name-1.0.0.js`. */

/** What npm allows in the name of a package, then a version. It can name no other folder and no hidden file. */
const namePattern = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~+-]*$/;

const maxNameLength = 220;

export function isLibraryName(name: string): boolean {
  return name.length <= maxNameLength && namePattern.test(name);
}

/** Without an ending. No package has a `+` in its name, so no two libraries share a file. */
export function libraryFile(name: string): string {
  return name.startsWith('@') ? name.replace('/', '+') : name;
}

/** The name of the library whose script this file is; undefined where it is none. */
export function libraryOfFile(file: string): string | undefined {
  if (!file.endsWith('.js')) return undefined;
  const stem = file.slice(0, -'.js'.length);
  const name = stem.startsWith('@') ? stem.replace('+', '/') : stem;
  return isLibraryName(name) ? name : undefined;
}
