/**
 * The cases of a checkout of test262, which no registry has: `npm run conformance -- FOLDER`. Scripts only; a case that
 * needs what neither side has (a second realm, agents, the host's hooks) or that is a module is left out and counted.
 */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from './compare.ts';

export interface Test262 {
  readonly cases: readonly Case[];
  /** How many were left out, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

interface Metadata {
  readonly flags: readonly string[];
  readonly includes: readonly string[];
}

/** In both engines alike: where asynchronous tests say how they ended. */
const printing = 'var __printed = "nothing"; function print(text) { __printed = String(text); }';
const readPrinted = 'String(__printed)';

export async function readTest262(folder: string, everyNth: number): Promise<Test262> {
  const files = (await readdir(join(folder, 'test'), { recursive: true }))
    .filter((file) => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .sort()
    .filter((_file, index) => index % everyNth === 0);
  const harness = new Map<string, string>();
  const harnessFile = (name: string): string => {
    const text = harness.get(name) ?? readFileSync(join(folder, 'harness', name), 'utf8');
    harness.set(name, text);
    return text;
  };
  const cases: Case[] = [];
  const leftOut: Record<string, number> = {};
  for (const file of files) {
    const source = readFileSync(join(folder, 'test', file), 'utf8');
    const metadata = metadataOf(source);
    const reason = reasonToLeaveOut(source, metadata);
    if (reason === undefined) cases.push({ name: file, scripts: scriptsOf(source, metadata, harnessFile) });
    else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  }
  return { cases, leftOut };
}

function scriptsOf(source: string, { flags, includes }: Metadata, harnessFile: (name: string) => string): string[] {
  if (flags.includes('raw')) return [source];
  const isAsync = flags.includes('async');
  const names = ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...includes];
  const body = flags.includes('onlyStrict') ? `"use strict";\n${source}` : source;
  const scripts = [[printing, ...names.map(harnessFile)].join('\n'), body];
  return isAsync ? [...scripts, readPrinted] : scripts;
}

/** The frontmatter is YAML; these two of its fields are lists, in one line or in several. */
function metadataOf(source: string): Metadata {
  const text = /\/\*---([\s\S]*?)---\*\//.exec(source)?.[1] ?? '';
  return { flags: listIn(text, 'flags'), includes: listIn(text, 'includes') };
}

function listIn(text: string, field: string): string[] {
  const inline = new RegExp(`^\\s*${field}:\\s*\\[([^\\]]*)\\]`, 'm').exec(text)?.[1];
  const block = new RegExp(`^\\s*${field}:\\s*\\n((?:\\s+-.*\\n?)+)`, 'm').exec(text)?.[1];
  const items = inline?.split(',') ?? block?.split('\n').map((line) => line.replace(/^\s*-/, '')) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function reasonToLeaveOut(source: string, { flags }: Metadata): string | undefined {
  if (flags.includes('module')) return 'module';
  if (source.includes('$262')) return 'host hooks';
  // The dynamic import of a file needs a loader, and the bare engine has none.
  if (/\bimport\s*[.(]/.test(source)) return 'import()';
  return undefined;
}
