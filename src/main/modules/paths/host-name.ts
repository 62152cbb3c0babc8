import { foldName } from './fold-name.ts';

/**
 * Whether a name is one that `vm-system serve` looks for in the folder where somebody starts it: its store, and its cache
 * of libraries. What a guest put there would be trusted by a host that is started there later.
 */
export function isHostName(name: string): boolean {
  const folded = foldName(name);
  return folded === '.vm-cache' || folded.startsWith('vm-system.db');
}
