/**
 * The folders that a session's `fs` reaches: its worktree, and one for each capability of kind `fs`. Relative paths are
 * the worktree's; absolute ones belong to the innermost folder that they name. Links never lead from one to another.
 */
import { isAbsolute } from 'node:path';
import { grantedCapabilities } from '#core/policy';
import type { RuntimeSpec } from '#core/ports';
import type { FsModuleConfig, FsRootConfig } from '#shared/contract/capability-config';
import { refusePath } from '../paths/path-problem.ts';
import { checkGuestPath, componentsOf } from '../paths/path-text.ts';
import { Root } from '../paths/root.ts';

export interface GrantedRoot {
  readonly root: Root;
  /** The rule that forbids to write there; undefined where writing is granted. */
  readonly readOnlyRule: string | undefined;
}

export interface Target extends GrantedRoot {
  readonly components: readonly string[];
}

export class GrantedRoots {
  readonly #worktree: GrantedRoot;
  readonly #extra: readonly GrantedRoot[];

  private constructor(worktree: GrantedRoot, extra: readonly GrantedRoot[]) {
    this.#worktree = worktree;
    this.#extra = extra;
  }

  /** A capability's folder that is not there grants nothing. Rejects with INVALID_PATH where there is no worktree. */
  static async pin({ worktree, policy }: RuntimeSpec, config: FsModuleConfig): Promise<GrantedRoots> {
    const of = `of the template "${policy.template_name}"`;
    const moduleRule = config.read_only ? `the module fs ${of} is granted with read_only` : undefined;
    const pinExtra = async (name: string, { path, mode }: FsRootConfig): Promise<GrantedRoot> => {
      const modeRule = mode === 'ro' ? `the capability fs "${name}" ${of} has the mode ro` : undefined;
      return { root: await Root.pin(path, { label: `folder of "${name}"` }), readOnlyRule: moduleRule ?? modeRule };
    };
    const pinned = await Promise.allSettled(
      grantedCapabilities(policy, 'fs').map((capability) => pinExtra(capability.name, capability.config)),
    );
    const extra = pinned.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    return new GrantedRoots({ root: await Root.pin(worktree), readOnlyRule: moduleRule }, extra);
  }

  /** Throws INVALID_PATH for what is in none of them. */
  find(path: string): Target {
    const slashed = checkGuestPath(path);
    if (!isAbsolute(slashed)) return { ...this.#worktree, components: componentsOf(slashed) };
    const [innermost] = [this.#worktree, ...this.#extra]
      .flatMap((granted) => {
        const inside = granted.root.relativeByName(slashed);
        return inside === undefined ? [] : [{ ...granted, inside }];
      })
      .sort((one, other) => one.inside.length - other.inside.length);
    if (innermost === undefined) return this.#refuse(path);
    return { ...innermost, components: componentsOf(innermost.inside) };
  }

  #refuse(path: string): never {
    const labels = [this.#worktree, ...this.#extra].map(({ root }) => `the ${root.label}`);
    return refusePath(path, `it is not inside ${labels.join(' or ')}`);
  }
}
