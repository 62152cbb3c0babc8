/**
 * The module that a cell's imports have become. For whoever reads an error the cell itself imports; the engine knows the
 * module by a name that is never used again.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { reservedPrefix } from './loaded-files.ts';
import { messageOf, newPlacedError } from './module-errors.ts';

export class CellModule {
  readonly name: string;
  readonly importer: string;
  readonly source: string;
  readonly #specifiers = new Map<string, string>();

  /** `importer` is the name of the cell, `number` the loader's own. */
  constructor({ importer, source, number }: { importer: string; source: string; number: number }) {
    this.name = `${reservedPrefix}cell/${number}`;
    this.importer = importer;
    this.source = source;
  }

  /** Remembers which module a specifier of the cell leads to. */
  noteImport(specifier: string, name: string): void {
    this.#specifiers.set(name, specifier);
  }

  /** The engine names what is missing, and from which module, but not who wanted it. */
  explain(context: QuickJSContext, error: QuickJSHandle): QuickJSHandle {
    const [, missing = '', name = ''] =
      /^Could not find export '(.*)' in module '(.*)'$/.exec(messageOf(context, error)) ?? [];
    const specifier = this.#specifiers.get(name);
    if (specifier === undefined) return error;
    error.dispose();
    const message = `Cannot import "${specifier}" from "${this.importer}": it has no export "${missing}"`;
    return newPlacedError(context, { name: 'SyntaxError', message }, `${this.importer}:1:1`);
  }
}
