/**
 * The host's side of `require` and `import`: finds what a specifier names and reads files for it, through the one path
 * checker. Every session has it; what it can reach is the worktree, as run-file can, and what the policy grants.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { GuestCall, GuestReply, LibraryCache, RuntimeSpec } from '#core/ports';
import { isVmError } from '#core/vm-error';
import type { GuestService, OpenService } from '#main/modules/guest-services';
import {
  type ImportRequest,
  type ResolverRules,
  refuse,
  resolveImport,
  type SessionLibrary,
} from '#main/modules/imports/resolve-import';
import { isFile } from '#main/modules/paths';
import type { ProtectedFiles } from '#main/modules/paths/protected-files';
import { WorktreeSources } from '#main/modules/worktree-sources';
import { moduleCatalog } from '#shared/contract/catalog';
import type { JsonValue } from '#shared/contract/primitive';
import { maxSourceBytes } from '#shared/source-limits';

const requestSchema = z.strictObject({
  specifier: z.string(),
  importer: z.string(),
  verb: z.enum(['import', 'require']),
});
const readSchema = z.strictObject({ path: z.string() });
const changedSchema = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), hash: z.string() })).max(10_000),
});

/** How many files are compared at once. */
const comparedAtOnce = 16;

export interface ImportsParts {
  readonly libraries: Pick<LibraryCache, 'list'>;
  /** The host's own, which no guest reads. */
  readonly protectedFiles?: ProtectedFiles;
}

export function importServices(parts: ImportsParts): OpenService {
  return (spec) => new ImportsService(spec, parts);
}

class ImportsService implements GuestService {
  readonly #spec: RuntimeSpec;
  readonly #rules: ResolverRules;
  readonly #cache: ImportsParts['libraries'];
  readonly #sources: WorktreeSources;
  #libraries: Promise<readonly SessionLibrary[]> | undefined;

  constructor(spec: RuntimeSpec, { libraries, protectedFiles }: ImportsParts) {
    this.#spec = spec;
    this.#rules = rulesOf(spec);
    this.#cache = libraries;
    this.#sources = new WorktreeSources(maxSourceBytes, protectedFiles);
  }

  async call({ operation, argument }: GuestCall): Promise<GuestReply> {
    switch (operation) {
      case 'resolve':
        return { value: { ...(await this.#resolve(requestSchema.parse(argument))) } };
      case 'read':
        return { value: await this.#read(readSchema.parse(argument).path) };
      case 'changed':
        return { value: await this.#changed(changedSchema.parse(argument).files) };
      default:
        throw new GuestError(`imports has no operation "${operation}"`);
    }
  }

  async close(): Promise<void> {}

  async #resolve(request: ImportRequest) {
    try {
      return await resolveImport(request, this.#rules, {
        isFile: (path) => isFile(this.#spec.worktree, path),
        libraries: () => this.#sessionLibraries(),
      });
    } catch (error) {
      return isVmError(error) ? refuse(request, error.message) : Promise.reject(error);
    }
  }

  async #read(path: string): Promise<{ source: string; hash: string }> {
    const source = await this.#sources.read(this.#spec.worktree, path);
    return { source, hash: createHash('sha256').update(source).digest('hex') };
  }

  /** The paths of those files that are not any more as they were. */
  async #changed(files: readonly { path: string; hash: string }[]): Promise<JsonValue> {
    const changed: string[] = [];
    for (let from = 0; from < files.length; from += comparedAtOnce) {
      const some = files.slice(from, from + comparedAtOnce);
      const now = await Promise.all(some.map(({ path }) => this.#read(path).catch(() => undefined)));
      changed.push(...some.filter(({ hash }, index) => now[index]?.hash !== hash).map(({ path }) => path));
      await nextTurn();
    }
    return changed;
  }

  #sessionLibraries(): Promise<readonly SessionLibrary[]> {
    const { libraries } = this.#spec.policy;
    this.#libraries ??=
      libraries.length === 0
        ? Promise.resolve([])
        : this.#cache.list().then((all) => all.filter(({ name }) => libraries.includes(name)));
    return this.#libraries;
  }
}

function rulesOf({ policy }: RuntimeSpec): ResolverRules {
  const { roots, extensions, allow_absolute_repo_imports: allowAbsolute } = policy.settings.resolver;
  return {
    templateName: policy.template_name,
    knownModules: moduleCatalog.map(({ name }) => name),
    grantedModules: policy.modules,
    roots,
    extensions,
    allowAbsolute,
  };
}
