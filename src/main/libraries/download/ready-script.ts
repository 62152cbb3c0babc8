/**
 * Finds a file of a package that already is what a guest needs: one script that needs nothing else and defines the
 * library's global, as packages publish them for script tags. The file is judged by its text and never run.
 */
import { basename } from 'node:path/posix';
import { isScript } from './is-script.ts';
import { readPackageManifest } from './package-manifest.ts';
import type { PackageFiles } from './unpack-package.ts';

export interface ReadyScript {
  readonly path: string;
  readonly text: string;
}

export function findReadyScript(
  { name, global }: { readonly name: string; readonly global: string },
  files: PackageFiles,
): ReadyScript | undefined {
  for (const candidate of candidatesOf(name, files)) {
    const text = textOf(files.get(candidate));
    if (text !== undefined && defines(text, global) && needsNothing(text)) return { path: candidate, text };
  }
  return undefined;
}

const edgeLength = 2000;

/** What the package names comes first; of the usual files the small one, because every session parses it. */
function candidatesOf(name: string, files: PackageFiles): string[] {
  const { unpkg, jsdelivr, browser, main = 'index.js' } = readPackageManifest(files);
  const file = basename(name);
  const small = [`dist/${file}.min.js`, `${file}.min.js`, `min/${file}.min.js`];
  return [
    unpkg,
    jsdelivr,
    typeof browser === 'string' ? browser : undefined,
    ...small,
    `dist/${file}.umd.js`,
    `dist/${file}.js`,
    main,
  ]
    .filter((candidate) => candidate !== undefined)
    .map((candidate) => candidate.replace(/^\.?\//, ''));
}

/**
 * An assignment to the global, and where there is talk of `exports`, the question whether there are any. Builds that are
 * meant for script tags assign it where they begin or end; in their midst, a field of that name means nothing.
 */
function defines(text: string, global: string): boolean {
  const name = global.replaceAll('$', '\\$');
  const assigns = new RegExp(String.raw`(?<!\bexports)\.${name}\s*=(?!=)|^var ${name}\s*=|^function ${name}\(`, 'm');
  const isAssigned = assigns.test(text.slice(0, edgeLength)) || assigns.test(text.slice(-edgeLength));
  return isAssigned && (!/\bexports\b/.test(text) || /typeof exports\b/.test(text));
}

/**
 * No `require` of a name; one of a name that is put together at run time is only for whoever has modules. And no page
 * around it: what a script asks for before it uses it, it can do without.
 */
function needsNothing(text: string): boolean {
  if (/(?<![.\w$])require\(\s*(["'`])[^"'`]*\1\s*\)/.test(text) || !isScript(text)) return false;
  return ['window', 'document', 'self', 'navigator'].every((name) => {
    const isUsed = new RegExp(String.raw`(?<![.\w$'"\`])${name}\s*[.[]`).test(text);
    return !isUsed || new RegExp(String.raw`typeof ${name}\b`).test(text);
  });
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
