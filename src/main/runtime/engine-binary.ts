/**
 * The engine's WebAssembly binary with its function table exported. QuickJS reports unhandled promise rejections to a C
 * callback that the library offers no way to set; with the table at hand, the worker can set it (rejection-tracker.ts).
 * Only the export section changes: one more entry, no code.
 */
import { tableExport } from './protocol.ts';

const headerBytes = 8;
const exportSection = 7;
const tableKind = 1;

/** Returns the binary with one more export: table 0. */
export function withTableExport(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [binary.subarray(0, headerBytes)];
  for (let at = headerBytes; at < binary.length; ) {
    const size = readNumber(binary, at + 1);
    const end = size.next + size.value;
    const isExports = binary[at] === exportSection;
    parts.push(isExports ? extendedExports(binary.subarray(size.next, end)) : binary.subarray(at, end));
    at = end;
  }
  return new Uint8Array(Buffer.concat(parts));
}

function extendedExports(section: Uint8Array): Uint8Array {
  const count = readNumber(section, 0);
  const name = Buffer.from(tableExport);
  const entry = [name.length, ...name, tableKind, 0];
  const body = Buffer.concat([writeNumber(count.value + 1), section.subarray(count.next), Uint8Array.from(entry)]);
  return Buffer.concat([Uint8Array.of(exportSection), writeNumber(body.length), body]);
}

/** Reads an unsigned LEB128 number, WebAssembly's form for sizes. */
function readNumber(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let next = from, shift = 0; ; next += 1, shift += 7) {
    const byte = bytes[next];
    if (byte === undefined) throw new Error('The engine binary is cut short');
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: next + 1 };
  }
}

function writeNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Uint8Array.from([...bytes, rest]);
}
