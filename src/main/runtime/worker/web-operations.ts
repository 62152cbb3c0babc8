/**
 * What the guest's web globals need and JavaScript lacks: URLs, text codings, base64, randomness and a fine clock, as
 * Node has them, answered in the worker without its host. It keeps no state: that is all in the guest's memory, where it
 * comes back with it. The guest's prelude bounds what it sends; here nothing can be refused but by an answer.
 */
import type { Engine } from './engine.ts';
import { type PieceDecoder, serializedText, utf8Of } from './guest-text.ts';

/** Answers become JSON texts: a text of the engine's own would end at its first NUL. */
const operations: Readonly<Record<string, (argument: never) => unknown>> = {
  'url.parse': ([input, base]: [string, string | null]) => partsOf(URL.parse(input, base ?? undefined)),
  'url.set': ([href, name, value]: [string, UrlPart, string]) => {
    const url = new URL(href);
    url[name] = value;
    return partsOf(url);
  },
  'query.parse': (text: string) => [...new URLSearchParams(text)].flat(),
  'query.write': (flat: readonly string[]) => new URLSearchParams(pairsOf(flat)).toString(),
  'text.coding': (label: string) => codingOf(label),
  'base64.encode': (text: string) => orNull(() => btoa(text)),
  'base64.decode': (text: string) => orNull(() => atob(text)),
  'random.uuid': () => crypto.randomUUID(),
  'time.now': () => performance.timeOrigin + performance.now(),
};

type UrlPart =
  | 'href'
  | 'protocol'
  | 'username'
  | 'password'
  | 'host'
  | 'hostname'
  | 'port'
  | 'pathname'
  | 'search'
  | 'hash';

type Decoding = readonly [coding: string, fatal: boolean, ignoreBOM: boolean];

export function provideWebOperations(engine: Engine): void {
  for (const [name, operation] of Object.entries(operations)) {
    engine.provide(name, (json, _value, context) =>
      engine.newText(context, JSON.stringify(operation(JSON.parse(json) as never))),
    );
  }
  engine.provide('text.encode', (_json, value, context) =>
    engine.newBytes(context, utf8Of(engine.serializeText(context, value))),
  );
  engine.provide('text.decode', (json, value, context) => {
    const bytes = engine.copyBytes(context, value);
    const decoder = decoderOf(JSON.parse(json));
    const text = orNull(() => serializedText(bytes, decoder));
    return text === null ? undefined : engine.newSerializedText(context, text);
  });
  engine.provide('random.bytes', (json, _value, context) =>
    engine.newBytes(context, crypto.getRandomValues(new Uint8Array(JSON.parse(json)))),
  );
}

/** In the order in which the guest's URL keeps them. */
function partsOf(url: URL | null): readonly string[] | null {
  if (url === null) return null;
  const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
  return [href, origin, protocol, username, password, host, hostname, port, pathname, search, hash];
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']);
}

/** Those that can be decoded piece by piece with what the guest keeps of a piece: at most three bytes. */
const codings =
  /^(?:utf-8|utf-16le|utf-16be|ibm866|koi8-[ru]|macintosh|x-mac-cyrillic|iso-8859-\d+(?:-i)?|windows-\d+)$/;

/** The name of a coding by one of its labels, or null. */
function codingOf(label: string): string | null {
  return orNull(() => codings.exec(new TextDecoder(label).encoding)?.[0] ?? null);
}

function decoderOf([coding, fatal, ignoreBOM]: Decoding): PieceDecoder {
  const decoder = new TextDecoder(coding, { fatal, ignoreBOM });
  return { write: (piece) => decoder.decode(piece, { stream: true }), end: () => decoder.decode() };
}

function orNull<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    return null;
  }
}
