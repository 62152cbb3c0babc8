/** Reads `NAME@VERSION`, `@scope/name@VERSION` or a name alone, which means its latest version. */
import { InvalidArgumentError } from 'commander';

export interface PackageArgument {
  readonly id: string;
  /** An exact version, a range or a tag. */
  readonly range: string;
}

export function readPackage(text: string): PackageArgument {
  const [, id = '', range = 'latest'] = /^(@?[^@]+)(?:@(.+))?$/.exec(text.trim()) ?? [];
  if (id === '') throw new InvalidArgumentError('Write NAME@VERSION, such as date-fns@4.1.0.');
  return { id, range };
}
