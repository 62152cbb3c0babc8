/** Versions of templates as lines, and what two of them differ in. */
import type { Difference, TemplateVersion } from '#shared/contract/template-version';

export const versionTableHeader = ['VERSION', 'CREATED', 'POLICY', 'CHANGE'];

export function versionRow({ version, created_at, policy_hash, change }: TemplateVersion): string[] {
  return [String(version), created_at, shortHash(policy_hash), change];
}

export function versionLines({ version, created_at, policy_hash, change }: TemplateVersion): string[] {
  return [
    `Version: ${version}`,
    `Version Created: ${created_at}`,
    `Version Change: ${change}`,
    `Policy: ${policy_hash}`,
  ];
}

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** `~ settings.limits.cpu_ms: 5000 → 10` */
export function differenceLine({ kind, path, before, after }: Difference): string {
  const values = [before, after].filter((value) => value !== undefined).map((value) => JSON.stringify(value));
  return `${signs[kind]} ${path}: ${values.join(' → ')}`;
}

/** Enough of a hash to tell policies apart by eye. */
function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
