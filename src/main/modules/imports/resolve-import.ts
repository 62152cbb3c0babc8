/**
 * What a specifier names: a native module, a library of the template, or a file of the worktree. Both `require` and
 * `import` come here, so that they agree. Whether a path is a file is asked through a port; nothing is read.
 */
import { dirname, join, normalize } from 'node:path/posix';
import { GuestError } from '#core/guest-error';
import { libraryCatalog, libraryName } from '#shared/contract/catalog';

export interface ImportRequest {
  readonly specifier: string;
  /** File of the worktree that asks, or any other name of code, such as a cell's: that one stands at the root. */
  readonly importer: string;
  readonly verb: 'import' | 'require';
}

export interface ResolverRules {
  readonly templateName: string;
  readonly knownModules: readonly string[];
  readonly grantedModules: readonly string[];
  /** Folders of the worktree in which bare names are looked up, in this order. */
  readonly roots: readonly string[];
  /** Endings that are tried, in this order, where a path names no file as it stands. */
  readonly extensions: readonly string[];
  readonly allowAbsolute: boolean;
}

/** A library that the session has loaded: its package, and the global variable that it defines. */
export interface SessionLibrary {
  readonly id: string;
  readonly global: string;
}

export type Resolution =
  | { readonly kind: 'native'; readonly name: string }
  | { readonly kind: 'library'; readonly id: string; readonly global: string }
  | { readonly kind: 'file'; readonly path: string };

export interface ResolverWorld {
  isFile(path: string): Promise<boolean>;
  libraries(): Promise<readonly SessionLibrary[]>;
}

const maxSpecifier = 1024;
const maxShown = 200;

const promisesOfFs = 'fs/promises';
const howToPromises = 'its functions are require("fs").promises, and import fs from "fs" has them as fs.promises.';

/** Rejects with GuestError, whose message names the specifier, the importer and what was tried. */
export async function resolveImport(
  request: ImportRequest,
  rules: ResolverRules,
  world: ResolverWorld,
): Promise<Resolution> {
  const { specifier } = request;
  checkText(request);
  if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
    return resolvePath(request, rules, world);
  }
  const name = specifier.replace(/^node:/, '');
  if (rules.grantedModules.includes(name) && rules.knownModules.includes(name)) return { kind: 'native', name };
  if (rules.knownModules.includes(name)) return refuse(request, notGranted(name, rules));
  if (/^[a-z][a-z\d+.-]*:/i.test(specifier)) return refuse(request, aboutScheme(specifier, rules));
  return resolveBare(request, rules, world);
}

function checkText(request: ImportRequest): void {
  const { specifier } = request;
  if (specifier === '') refuse(request, 'it is empty');
  if (specifier.length > maxSpecifier) refuse(request, `it is longer than ${maxSpecifier} characters`);
  if (specifier.includes('\0')) refuse(request, 'it contains a NUL character');
  if (specifier.includes('\\')) refuse(request, 'it contains a backslash; use "/" between folders');
}

async function resolvePath(request: ImportRequest, rules: ResolverRules, world: ResolverWorld): Promise<Resolution> {
  const { specifier, importer } = request;
  const isAbsolute = specifier.startsWith('/');
  if (isAbsolute && !rules.allowAbsolute) {
    const how = 'vm-system template settings TEMPLATE --absolute-imports on';
    refuse(request, `the template "${rules.templateName}" does not allow absolute imports. To allow them: ${how}`);
  }
  const place = isAbsolute ? insideOf('.', specifier.slice(1)) : insideOf(dirname(normalize(importer)), specifier);
  if (place === undefined) return refuse(request, 'it leads out of the worktree');
  const candidates = candidatesFor(place, rules.extensions);
  const whose = isAbsolute
    ? `"${clipped(specifier)}" means ${clipped(place)} of the worktree, not a path of this machine; `
    : '';
  const reason = `${whose}there is no such file; tried ${shown(candidates)}`;
  return (await firstFile(candidates, world)) ?? refuse(request, reason);
}

async function resolveBare(request: ImportRequest, rules: ResolverRules, world: ResolverWorld): Promise<Resolution> {
  const libraries = await world.libraries();
  const library = libraries.find(({ id }) => id === request.specifier);
  if (library !== undefined) return { kind: 'library', id: library.id, global: library.global };
  const places = rules.roots.map((root) => insideOf(root, request.specifier)).filter((place) => place !== undefined);
  const candidates = places.flatMap((place) => candidatesFor(place, rules.extensions));
  return (
    (await firstFile(candidates, world)) ?? refuse(request, unknownName(request, rules, { libraries, candidates }))
  );
}

/** A path beneath a folder, without `.` and `..`; undefined where it leads out of the worktree, as the folder may too. */
function insideOf(folder: string, path: string): string | undefined {
  if (folder.startsWith('/')) return undefined;
  const place = join(folder, path);
  return place === '..' || place.startsWith('../') || place.startsWith('/') ? undefined : place;
}

/** The path itself, with each ending, then the index of the folder of that name. */
function candidatesFor(place: string, extensions: readonly string[]): string[] {
  const isFolder = place === '.' || place.endsWith('/');
  const named = isFolder ? [] : [place, ...extensions.map((extension) => place + extension)];
  return [...named, ...extensions.map((extension) => join(place, `index${extension}`))];
}

async function firstFile(candidates: readonly string[], world: ResolverWorld): Promise<Resolution | undefined> {
  for (const path of candidates) if (await world.isFile(path)) return { kind: 'file', path };
  return undefined;
}

function notGranted(name: string, { templateName }: ResolverRules): string {
  const how = `vm-system template add-module TEMPLATE --name ${name} (TEMPLATE is the template's id)`;
  return `Invalid module: it is not granted by the template "${templateName}". To grant it to new sessions: ${how}.`;
}

function aboutScheme(specifier: string, { knownModules }: ResolverRules): string {
  if (specifier === `node:${promisesOfFs}`) return `Invalid module: ${howToPromises}`;
  if (specifier.startsWith('node:'))
    return `Invalid module: it is no native module. There are: ${knownModules.join(', ')}`;
  return 'it is a URL; only files of the worktree, native modules and libraries can be loaded';
}

/** What was looked through for a bare name. */
interface Searched {
  readonly libraries: readonly SessionLibrary[];
  readonly candidates: readonly string[];
}

function unknownName({ specifier }: ImportRequest, rules: ResolverRules, searched: Searched): string {
  if (specifier === promisesOfFs) return `Invalid module: ${howToPromises}`;
  const inCatalog = libraryCatalog.find(({ id }) => id === specifier);
  return `Invalid module: ${inCatalog === undefined ? nowhere(rules, searched) : notAdded(inCatalog, rules)}`;
}

function notAdded(library: (typeof libraryCatalog)[number], { templateName }: ResolverRules): string {
  const how = `vm-system template add-library TEMPLATE --name ${libraryName(library)} (TEMPLATE is the template's id)`;
  return `it is a library that the template "${templateName}" does not have. To add it for new sessions: ${how}.`;
}

function nowhere({ templateName, knownModules, roots }: ResolverRules, { libraries, candidates }: Searched): string {
  const loaded = libraries.length === 0 ? 'none' : libraries.map(({ id }) => id).join(', ');
  const looked =
    roots.length === 0
      ? 'The template has no roots to look for files in'
      : `Nor is there such a file in the roots; tried ${shown(candidates)}`;
  return (
    `it is no native module (a template can grant: ${knownModules.join(', ')}) and no library of the ` +
    `template "${templateName}" (${loaded}). ${looked}; a file beside the importer is named with "./".`
  );
}

function shown(candidates: readonly string[]): string {
  return candidates.length === 0 ? 'nothing' : clipped(candidates.join(', '), 5 * maxShown);
}

function clipped(text: string, length = maxShown): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/** Refuses a request with a reason that follows a colon. */
export function refuse({ specifier, importer, verb }: ImportRequest, reason: string): never {
  const message = `Cannot ${verb} "${clipped(specifier)}" from "${clipped(importer)}": ${reason}`;
  throw new GuestError(message, {
    code: 'MODULE_NOT_FOUND',
    specifier: clipped(specifier),
    importer: clipped(importer),
  });
}
