/**
 * Vitest's global set-up: before any test starts, and starts again, the build is as new as the sources. A run has a copy
 * of its own beside it, so that another run, of sources that have changed since, takes nothing away from under this one.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildIfNeeded, isLiving } from '../../scripts/build-if-needed.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the run's build. */
    readonly build: string;
  }
}

const out = join(import.meta.dirname, '../../out');
const prefix = 'tests-';

export function setup(project: TestProject): () => void {
  for (const name of existsSync(out) ? readdirSync(out) : [])
    if (name.startsWith(prefix) && !isLiving(Number(name.slice(prefix.length)))) remove(name);
  const own = `${prefix}${process.pid}`;
  const build = () => buildIfNeeded(() => cpSync(join(out, 'main'), join(out, own), { recursive: true }));
  build();
  project.provide('build', join(out, own));
  project.onTestsRerun(async () => build());
  return () => remove(own);
}

function remove(name: string): void {
  rmSync(join(out, name), { recursive: true, force: true });
}
