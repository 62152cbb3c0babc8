/**
 * Says what in the config of a capability will do nothing. Hosts take such configs, because older scripts send them; the
 * person who wrote `readonly` for `read_only` should hear of it before a guest has written.
 */

import { capabilityConfigs } from './contract/capability-config.ts';
import { moduleCatalog } from './contract/catalog.ts';
import type { Capability } from './contract/template.ts';
import { nearestWord } from './nearest-word.ts';

type Written = Pick<Capability, 'kind' | 'name' | 'config'>;
type Schema = (typeof capabilityConfigs)[keyof typeof capabilityConfigs];

/** Sentences to be put behind `Warning: `. */
export function configWarnings({ kind, name, config }: Written): string[] {
  const schema = schemaOf(kind === 'module' ? `module:${name}` : kind);
  if (schema === undefined) return kind === 'module' ? [unknownModule(name)] : [];
  const subject = `the config of ${kind}:${name}`;
  const known = Object.keys(schema.shape);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    return [`${subject} is no object such as {"${known[0]}":…}, so all of it is ignored.`];
  }
  const written = Object.keys(config);
  return [
    ...missingFields(schema, written).map(
      (field) => `"${field}" is missing in ${subject}, which grants nothing without it.`,
    ),
    ...written.filter((field) => !known.includes(field)).map((field) => unknownField(field, subject, known)),
  ];
}

function schemaOf(key: string): Schema | undefined {
  return Object.entries(capabilityConfigs).find(([known]) => known === key)?.[1];
}

/** Those that an empty config lacks and this one, too. */
function missingFields(schema: Schema, written: readonly string[]): string[] {
  const required = schema.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
  return required.filter((field) => !written.includes(field));
}

function unknownField(field: string, subject: string, known: readonly string[]): string {
  const meant = nearestWord(field, known);
  const advice = meant === undefined ? `, which knows ${known.join(', ')}.` : `; did you mean "${meant}"?`;
  return `"${field}" means nothing in ${subject}${advice}`;
}

function unknownModule(name: string): string {
  const names = moduleCatalog.map((module) => module.name);
  const meant = nearestWord(name, names);
  const advice = meant === undefined ? `the modules are ${names.join(', ')}.` : `did you mean "${meant}"?`;
  return `there is no module "${name}"; ${advice}`;
}
