/**
 * What two states of a template differ in, by what they mean: capabilities are known by kind and name, startup files by
 * their path, whatever their ids and places. Two states without a difference let nobody tell them apart.
 */
import { canonicalJson } from '#core/template/policy-hash';
import type { JsonValue } from '#shared/contract/primitive';
import type { TemplateDetail } from '#shared/contract/template';
import type { Difference } from '#shared/contract/template-version';

type Fields = Record<string, JsonValue>;

export function diffTemplates(before: TemplateDetail, after: TemplateDetail): Difference[] {
  const [one, other] = [meaningOf(before), meaningOf(after)];
  return [
    ...differences(one, other, ''),
    ...reordered(one, other, 'libraries'),
    ...reordered(one, other, 'startup_files'),
  ];
}

/** A change on one line, for the history. */
export function describeDifferences(found: readonly Difference[]): string {
  const named = found.slice(0, 3).map(({ kind, path }) => `${kind} ${path}`);
  const rest = found.length - named.length;
  return cut([...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', '));
}

const maxLineLength = 300;

function cut(line: string): string {
  return line.length <= maxLineLength ? line : `${line.slice(0, maxLineLength - 1).toWellFormed()}…`;
}

function meaningOf({ template, settings, capabilities, startup_files }: TemplateDetail) {
  const { name, engine, is_active, exposed_modules, libraries } = template;
  const { vm_id: _, ...options } = settings;
  return {
    name,
    engine,
    is_active,
    settings: options,
    modules: named(exposed_modules.map((module) => [module, module])),
    libraries: named(libraries.map((library) => [library, library])),
    capabilities: named(
      capabilities.map(({ kind, name, enabled, config }) => [`${kind}:${name}`, { enabled, config }]),
    ),
    startup_files: named(startup_files.map(({ path, mode, order_index }) => [path, { mode, order_index }])),
  };
}

/** By name; the second of one name is told apart by its number, so that none hides another. */
function named(entries: readonly (readonly [name: string, value: JsonValue])[]): Fields {
  const unique = entries.map(([name, value], index) => {
    const earlier = entries.slice(0, index).filter(([other]) => other === name).length;
    return [earlier === 0 ? name : `${name} (${earlier + 1})`, value] as const;
  });
  return Object.fromEntries(unique);
}

function differences(before: Fields, after: Fields, parent: string): Difference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differencesAt(key, { before, after, parent }));
}

interface Pair {
  readonly before: Fields;
  readonly after: Fields;
  readonly parent: string;
}

function differencesAt(key: string, { before, after, parent }: Pair): Difference[] {
  const path = pathTo(parent, key);
  const [one, other] = [ownValue(before, key), ownValue(after, key)];
  if (one === undefined) return other === undefined ? [] : [{ path, kind: 'added', after: other }];
  if (other === undefined) return [{ path, kind: 'removed', before: one }];
  if (isFields(one) && isFields(other)) return differences(one, other, path);
  return canonicalJson(one) === canonicalJson(other) ? [] : [{ path, kind: 'changed', before: one, after: other }];
}

/** Where the order means something, that of what both have. */
function reordered(before: Fields, after: Fields, path: string): Difference[] {
  const keys = (fields: JsonValue | undefined) => Object.keys(isFields(fields) ? fields : {});
  const [one, other] = [keys(before[path]), keys(after[path])];
  const kept = { before: one.filter((key) => other.includes(key)), after: other.filter((key) => one.includes(key)) };
  return canonicalJson(kept.before) === canonicalJson(kept.after) ? [] : [{ path, kind: 'changed', ...kept }];
}

/** As JavaScript would write it, so that every path can be read in one way only. */
function pathTo(parent: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

function ownValue(fields: Fields, key: string): JsonValue | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function isFields(value: JsonValue | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
