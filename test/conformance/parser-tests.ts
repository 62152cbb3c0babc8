/**
 * The cases of `test262-parser-tests`, the largest conformance suite that the npm registry has: programs that are valid,
 * that break the grammar, and that break an early rule. They are made to be parsed; run, most throw something, and what
 * they throw is compared as well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Case } from './compare.ts';

const folder = dirname(createRequire(import.meta.url).resolve('test262-parser-tests/package.json'));

/** `pass-explicit` is `pass` once more, with parentheses. */
export const parserFolders = ['pass', 'fail', 'early'] as const;

/** All scripts of a folder of the suite; what needs a module to be one is left out, for a session runs it as another kind. */
export function parserTests(kind: (typeof parserFolders)[number]): Case[] {
  return readdirSync(join(folder, kind))
    .filter((file) => !file.endsWith('.module.js'))
    .map((file) => ({ name: `${kind}/${file}`, scripts: [readFileSync(join(folder, kind, file), 'utf8')] }));
}
