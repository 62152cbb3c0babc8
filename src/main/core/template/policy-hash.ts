/**
 * The name of what a policy allows: two policies with one hash let a session do the same. What makes no difference is left
 * out of it, such as ids, the template's name, disabled capabilities, and the order of what has none. The digest itself
 * is handed in, because the core computes nothing that a machine does better.
 */
import type { Policy, Sha256 } from '#core/ports';
import type { Capability } from '#shared/contract/template';

export function policyHash(policy: Policy, sha256: Sha256): string {
  return sha256(canonicalJson(whatMatters(policy)));
}

/** JSON that is the same text for the same value, whatever the order in which its fields were written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isObject(part) ? withSortedKeys(part) : part));
}

function whatMatters({ engine, settings, modules, libraries, capabilities, startup_files }: Policy) {
  return {
    engine,
    settings,
    modules: modules.toSorted(),
    libraries,
    capabilities: capabilities
      .filter(({ enabled }) => enabled)
      .toSorted(byKindAndName)
      .map(grantOf),
    startup_files: startup_files.map(({ path, mode }) => ({ path, mode })),
  };
}

function grantOf({ kind, name, config }: Capability) {
  return { kind, name, config };
}

function byKindAndName(one: Capability, other: Capability): number {
  return compare(one.kind, other.kind) || compare(one.name, other.name);
}

/** By code units: the order of a language would differ from machine to machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withSortedKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => compare(one, other)));
}
