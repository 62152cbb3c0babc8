// @ts-check
/** The native modules by name: what `require` and `import` give where a template grants them. Each is made once. */
import { newDatabase } from './module-database.js';
import { newExec } from './module-exec.js';
import { newFs } from './module-fs.js';
import { mapGet, mapSet, natives } from './primordials.js';

/** @type {Map<string, () => object>} */
const makers = new natives.Map();
mapSet(makers, 'database', newDatabase);
mapSet(makers, 'exec', newExec);
mapSet(makers, 'fs', newFs);

/** @type {Map<string, object>} */
const made = new natives.Map();

/**
 * The module of a name, or undefined where there is none.
 * @type {(name: string) => object | undefined}
 */
export function nativeModule(name) {
  const make = mapGet(makers, name);
  if (make === undefined) return undefined;
  const existing = mapGet(made, name);
  if (existing !== undefined) return existing;
  const module = make();
  mapSet(made, name, module);
  return module;
}
