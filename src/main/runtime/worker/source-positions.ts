/**
 * Stack traces as the author of the code knows it: without what was added to a file, and through its source map where it
 * names one. A map is read when the first trace needs it. It is a guest's text as any other: a broken one, a huge one or
 * one that points out of the worktree changes nothing but that the frame stays as it is.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path/posix';
import type { TraceMap } from '@jridgewell/trace-mapping';
import { withoutReading } from './loaded-files.ts';

type TraceMapping = typeof import('@jridgewell/trace-mapping');
let library: TraceMapping | undefined;

/** A map's own text, and of that the mappings, which become an array for every few characters. */
const maxMapLength = 2 * 1024 * 1024;
const maxMappingsLength = 1024 * 1024;
/** So many maps are kept at once. */
const maxMaps = 4;
/** More files than a session loads in any run; the oldest are forgotten first. */
const maxNoted = 10_000;
const maxSourceName = 1024;

const mapMark = '//# sourceMappingURL=';
/** What the engine says of a module that does not fit. */
const modulePattern = /(module ')([^'\n]+)(?=')/g;
const framePattern = /^( *at (?:.*? \()?)([^()\n]+):(\d+):(\d+)(\)?)$/gm;

interface Noted {
  readonly path: string;
  readonly addedColumns: number;
  readonly mapUrl?: string;
}

export class SourcePositions {
  readonly #noted = new Map<string, Noted>();
  readonly #maps = new Map<string, TraceMap | undefined>();
  readonly #readFile: (path: string) => string;

  /** `readFile` reads a file of the worktree, or throws. */
  constructor(readFile: (path: string) => string) {
    this.#readFile = readFile;
  }

  /** Remembers what the engine was given under a name. */
  note(name: string, { path, source, addedColumns }: { path: string; source: string; addedColumns: number }): void {
    const mapUrl = mapUrlOf(source);
    this.#noted.delete(name);
    this.#maps.delete(name);
    if (mapUrl === undefined && addedColumns === 0 && withoutReading(name) === name) return;
    const [oldest] = this.#noted.keys();
    if (this.#noted.size >= maxNoted && oldest !== undefined) this.#noted.delete(oldest);
    this.#noted.set(name, { path, addedColumns, ...(mapUrl === undefined ? {} : { mapUrl }) });
  }

  /** A text of an error, such as its stack, with the names and positions of the sources. */
  restore(text: string): string {
    if (this.#noted.size === 0) return text;
    const named = text.replace(modulePattern, (said, head, name) =>
      this.#noted.has(name) ? `${head}${withoutReading(name)}` : said,
    );
    if (!named.includes('at ')) return named;
    return named.replace(framePattern, (frame, head, name, line, column, tail) => {
      const place = this.#placeOf(name, Number(line), Number(column));
      return place === undefined ? frame : `${head}${place}${tail}`;
    });
  }

  #placeOf(name: string, line: number, column: number): string | undefined {
    const noted = this.#noted.get(name);
    if (noted === undefined) return undefined;
    const own = line === 1 ? Math.max(1, column - noted.addedColumns) : column;
    return this.#mapped(name, noted, line, own) ?? `${withoutReading(name)}:${line}:${own}`;
  }

  #mapped(name: string, noted: Noted, line: number, column: number): string | undefined {
    const map = this.#mapOf(name, noted);
    if (map === undefined || library === undefined) return undefined;
    try {
      const origin = library.originalPositionFor(map, { line, column: column - 1 });
      const source = origin.source === null ? undefined : insideName(noted.path, origin.source);
      return source === undefined ? undefined : `${source}:${origin.line}:${Number(origin.column) + 1}`;
    } catch {
      return undefined;
    }
  }

  #mapOf(name: string, noted: Noted): TraceMap | undefined {
    if (noted.mapUrl === undefined) return undefined;
    if (!this.#maps.has(name)) {
      const [oldest] = this.#maps.keys();
      if (this.#maps.size >= maxMaps && oldest !== undefined) this.#maps.delete(oldest);
      this.#maps.set(name, this.#read(noted.path, noted.mapUrl));
    }
    return this.#maps.get(name);
  }

  #read(path: string, url: string): TraceMap | undefined {
    try {
      const text = url.startsWith('data:') ? inlineText(url) : this.#readFile(join(dirname(path), decodeURI(url)));
      return parseMap(text);
    } catch {
      return undefined;
    }
  }
}

/** Names a map only where nothing but space follows: that is the file's own, and no text in it. */
function mapUrlOf(source: string): string | undefined {
  const at = source.lastIndexOf(mapMark);
  if (at < 0) return undefined;
  const url = source.slice(at + mapMark.length).trim();
  const isData = url.startsWith('data:application/json');
  if (url === '' || /\s/.test(url) || (!isData && /^([a-z][a-z\d+.-]*:|\/)/i.test(url))) return undefined;
  return url;
}

function inlineText(url: string): string {
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  if (body.length > 2 * maxMapLength) throw new Error('This map is too large');
  return url.slice(0, comma).endsWith(';base64') ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body);
}

function parseMap(text: string): TraceMap | undefined {
  if (text.length > maxMapLength) return undefined;
  const { version, mappings, names, sources, sourceRoot } = Object(JSON.parse(text));
  const isUsable = typeof mappings === 'string' && mappings.length <= maxMappingsLength && Array.isArray(sources);
  if (version !== 3 || !isUsable || !sources.every((source) => typeof source === 'string')) return undefined;
  library ??= createRequire(import.meta.url)('@jridgewell/trace-mapping') as TraceMapping; // as its types say
  const root = typeof sourceRoot === 'string' ? { sourceRoot } : {};
  return new library.TraceMap({ version, mappings, sources, names: Array.isArray(names) ? names : [], ...root });
}

/** A source as the worktree names it; undefined where that is no plain name of something inside. */
function insideName(path: string, source: string): string | undefined {
  if (source.length > maxSourceName || /^([a-z][a-z\d+.-]*:|\/)|[\\()\p{Cc}]/iu.test(source)) return undefined;
  const name = join(dirname(path), source);
  return name === '..' || name.startsWith('../') ? undefined : name;
}
