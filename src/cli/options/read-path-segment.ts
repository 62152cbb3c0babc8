/**
 * Reads an id or name that becomes a part of a URL's path. An empty one, `.` or `..` would name another resource:
 * removing the library `..` from a template would address the template itself.
 */
import { InvalidArgumentError } from 'commander';

export function readPathSegment(text: string): string {
  const segment = text.trim();
  if (segment === '') throw new InvalidArgumentError('It must not be empty.');
  if (segment === '.' || segment === '..') throw new InvalidArgumentError('It must be an id or a name.');
  return segment;
}
