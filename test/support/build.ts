/** Vitest's global set-up: the build is as new as the sources before any test starts. */
import { buildIfNeeded } from '../../scripts/build-if-needed.mjs';

export function setup(): void {
  buildIfNeeded();
}
