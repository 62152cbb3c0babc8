/**
 * Lets esbuild find what packages import of each other. A package is fetched when a file that is bundled imports it and
 * its importer declares that it needs it, so nothing comes that is not used; cycles end because nothing comes twice.
 */
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { neededRange, type PackageManifest } from './package-manifest.ts';
import { dependencyRequest } from './package-request.ts';
import type { PackageShelf, ShelvedPackage } from './package-shelf.ts';
import type { PackageSource } from './package-source.ts';

interface Dependency {
  /** What is imported, by the name that the dependency has itself. */
  readonly specifier: string;
  readonly id: string;
  readonly range: string;
}

/** Marks a question that was asked here, which esbuild is to answer alone. */
const ownQuestion = Symbol('own question');

export function resolvingDependencies(library: ShelvedPackage, shelf: PackageShelf, source: PackageSource): Plugin {
  return {
    name: 'dependencies',
    setup: (build) => {
      build.onResolve({ filter: /^[^./]/ }, async (asked) => {
        if (asked.pluginData === ownQuestion || (await isFound(build, asked, shelf))) return undefined;
        const importer = shelf.ownerOf(asked.resolveDir);
        const dependency = importer && dependencyOf(importer.manifest, asked.path, library.manifest);
        // Undefined lets esbuild say that it finds nothing: an error, or where it may fail, as in `try`, none.
        return dependency && answer(build, asked, { dependency, shelf, source });
      });
    },
  };
}

/** Whether it lies there already: the package itself, what it brought along, what it has in place of it for browsers. */
async function isFound(build: PluginBuild, asked: OnResolveArgs, shelf: PackageShelf): Promise<boolean> {
  const { path, importer, resolveDir, kind } = asked;
  const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: ownQuestion });
  return found.errors.length === 0 && (shelf.has(found.path) || found.namespace !== 'file');
}

function dependencyOf(importer: PackageManifest, path: string, library: PackageManifest): Dependency | undefined {
  const { browser } = importer;
  const specifier = (typeof browser === 'object' && Object.hasOwn(browser, path) && browser[path]) || path;
  const name = packageOf(specifier);
  const range = neededRange(importer, name);
  if (range === undefined) return undefined;
  // Those who share a peer have to get the same one: what the library itself asks for.
  const isPeer = !Object.hasOwn(importer.dependencies, name);
  const request = dependencyRequest(name, (isPeer ? neededRange(library, name) : undefined) ?? range);
  return { ...request, specifier: request.id + specifier.slice(name.length) };
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

interface Sources {
  readonly dependency: Dependency;
  readonly shelf: PackageShelf;
  readonly source: PackageSource;
}

async function answer(
  build: PluginBuild,
  { kind }: OnResolveArgs,
  { dependency, shelf, source }: Sources,
): Promise<OnResolveResult> {
  try {
    const { folder } = await shelf.bring(await source.resolve(dependency), source);
    const found = await build.resolve(dependency.specifier, { resolveDir: folder, kind, pluginData: ownQuestion });
    const { pluginData: _, ...result } = found;
    return result;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { errors: [{ text: `${dependency.id}@${dependency.range}: ${reason}`, detail: error }] };
  }
}
