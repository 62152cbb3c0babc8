/**
 * Modules of the engine that stand for a value: a native module, a library, a CommonJS file or JSON. The value exists
 * before its module does, so that the module can export its properties by name beside the whole as its default.
 */
import { dirname } from 'node:path/posix';
import type { FileKind } from './file-text.ts';
import type { Guest } from './guest.ts';
import { type LoadedFile, reservedPrefix } from './loaded-files.ts';
import { GuestThrown } from './module-errors.ts';
import type { Target } from './module-files.ts';

/** A file that `require` or an import of CommonJS is to load. */
interface FileTarget {
  readonly kind: 'file';
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly isJson: boolean;
}

/** What can be exported by a module that stands for a value. */
export type ValueSource = Exclude<Target, { kind: 'file' }> | FileTarget;

/** The prelude's module from which those that stand for a value take it. */
export const valuesModule = `${reservedPrefix}imported-values.js`;
const valuePrefix = `${reservedPrefix}import/`;

export class ValueModules {
  readonly #guest: Guest;
  /** What stands behind the modules, by their names. */
  readonly #sources = new Map<string, ValueSource>();

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  /** The name of the module that stands for a value. */
  nameOf(source: ValueSource): string {
    const name = `${valuePrefix}${source.kind}/${source.kind === 'library' ? source.id : source.name}`;
    this.#sources.set(name, source);
    return name;
  }

  has(name: string): boolean {
    return this.#sources.has(name);
  }

  /** The text of a module; its value is made now. Undefined where no value has that name. */
  textOf(name: string): string | undefined {
    const source = this.#sources.get(name);
    if (source === undefined) return undefined;
    const told = this.#guest.call('importValue', JSON.stringify({ name, source }));
    if (told.kind === 'threw') throw new GuestThrown(told.error);
    return exportingText(name, JSON.parse(told.text));
  }
}

export function sourceOf({ path, name }: LoadedFile, kind: FileKind): FileTarget {
  return { kind: 'file', path, folder: dirname(path), name, isJson: kind === 'json' };
}

function exportingText(name: string, exported: readonly string[]): string {
  const lines = exported.map(
    (own, index) => `const $${index} = value[${JSON.stringify(own)}]; export { $${index} as ${own} };`,
  );
  const take = `import { importedValue } from ${JSON.stringify(valuesModule)}; const value = importedValue(${JSON.stringify(name)});`;
  return `${take} export default value; ${lines.join(' ')}`;
}
