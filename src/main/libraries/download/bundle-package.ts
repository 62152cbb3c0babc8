/**
 * Makes one script of a package that has none of its own. esbuild reads and writes JavaScript and runs none of it; what
 * it may read is the package alone, so that an import can never carry a file of this machine into a guest.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { PackageFiles } from './unpack-package.ts';

export interface BundleRequest {
  readonly name: string;
  readonly global: string;
  /** What is bundled, as an import would name it: the package, or `name/entry`. */
  readonly specifier: string;
}

export async function bundlePackage({ name, global, specifier }: BundleRequest, files: PackageFiles): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'vm-system-library-')));
  try {
    // Where any consumer has it, so that esbuild finds it by its own rules; a dependency would lie beside it.
    await writeFiles(join(root, 'node_modules', name), files);
    const { outputFiles } = await build({
      stdin: { contents: entrySource(specifier, global), resolveDir: root },
      absWorkingDir: root,
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
      plugins: [readingOnly(root)],
    });
    return outputFiles.map(({ text }) => text).join('');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The global is what `require` gives, but a lone default export is meant to be used without saying `default`. */
function entrySource(specifier: string, global: string): string {
  return `const library = require(${JSON.stringify(specifier)});
const isDefault = Object.keys(library).join() === 'default';
globalThis[${JSON.stringify(global)}] = isDefault ? library.default : library;`;
}

async function writeFiles(folder: string, files: PackageFiles): Promise<void> {
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}

function readingOnly(root: string): Plugin {
  return {
    name: 'reading-only',
    setup: ({ onLoad }) => {
      onLoad({ filter: /./ }, ({ path }) =>
        path.startsWith(root + sep)
          ? undefined
          : { errors: [{ text: `The package imports ${path}, outside its folder` }] },
      );
    },
  };
}
