/**
 * Makes one script of a package that has none of its own, with the packages it needs. esbuild reads and writes JavaScript
 * and runs none of it; what it may read is those packages alone, so that an import can never carry a file of this machine
 * into a guest.
 */
import { type BuildOptions, context, type Plugin } from 'esbuild';
import { bundleProblem } from './bundle-problem.ts';
import { PackageShelf } from './package-shelf.ts';
import type { FetchedPackage, PackageSource } from './package-source.ts';
import { resolvingDependencies } from './resolve-dependencies.ts';

export interface BundleRequest {
  readonly global: string;
  /** What is bundled, as an import would name it: the package, or `name/entry`. */
  readonly specifier: string;
}

export interface Bundle {
  readonly text: string;
  /** All that is in it, as `name@version`. */
  readonly packages: readonly string[];
}

export async function bundlePackage(
  { global, specifier }: BundleRequest,
  fetched: FetchedPackage,
  source: PackageSource,
): Promise<Bundle> {
  const shelf = await PackageShelf.open();
  try {
    const library = await shelf.put(fetched);
    const text = await build(
      {
        ...commonOptions,
        stdin: { contents: entrySource(specifier, global), resolveDir: library.folder },
        absWorkingDir: shelf.folder,
        plugins: [resolvingDependencies(library, shelf, source), readingOnly(shelf)],
      },
      { id: fetched.id, signal: source.signal },
    );
    return { text, packages: shelf.names };
  } finally {
    await shelf[Symbol.asyncDispose]();
  }
}

const commonOptions = {
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: 'es2023',
  charset: 'utf8',
  define: { 'process.env.NODE_ENV': '"production"' },
  // Without it esbuild obeys any tsconfig.json it meets, in folders above as well.
  tsconfigRaw: {},
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * The global is what `require` gives, but a default export is meant to be used without saying `default`: where it is alone,
 * and where it is a function, which then has the other exports beside it.
 */
function entrySource(specifier: string, global: string): string {
  return `const library = require(${JSON.stringify(specifier)});
const main = library.default;
const isAlone = Object.keys(library).join() === 'default';
const isFunction = library.__esModule && typeof main === 'function' && Object.isExtensible(main);
if (isFunction && !isAlone)
  for (const name of Object.keys(library)) if (!(name in main)) main[name] = library[name];
globalThis[${JSON.stringify(global)}] = isAlone || isFunction ? main : library;`;
}

async function build(options: BuildOptions, { id, signal }: { id: string; signal: AbortSignal }): Promise<string> {
  const building = await context(options);
  const cancel = () => void building.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { outputFiles = [] } = await building.rebuild();
    signal.throwIfAborted();
    return outputFiles.map(({ text }) => text).join('');
  } catch (error) {
    signal.throwIfAborted();
    throw isBuildFailure(error) ? bundleProblem(error.errors, id) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    await building.dispose();
  }
}

function isBuildFailure(error: unknown): error is Error & { errors: Parameters<typeof bundleProblem>[0] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function readingOnly(shelf: PackageShelf): Plugin {
  return {
    name: 'reading-only',
    setup: ({ onLoad }) => {
      // What a package leaves out for browsers is no file; nor is a data URL.
      onLoad({ filter: /./, namespace: 'file' }, ({ path }) =>
        shelf.has(path) ? undefined : { errors: [{ text: `The package imports ${path}, outside its folder` }] },
      );
    },
  };
}
