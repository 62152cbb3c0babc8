/**
 * The folders that a session's `fs` reaches: its worktree, and one for each capability of kind `fs`. Relative paths are
 * the worktree's; absolute ones belong to the innermost folder that they name. Links never lead from one to another.
 */
import { isAbsolute } from 'node:path';
import type { RuntimeSpec } from '#core/ports';
import type { FsModuleConfig } from '#shared/contract/capability-config';
import { refusePath } from '../paths/path-problem.ts';
import { checkGuestPath, componentsOf } from '../paths/path-text.ts';
import { Root } from '../paths/root.ts';
import { howToGrant, leavingRule, pinGrantedFolders, type UnusableFolder } from './granted-folders.ts';

export interface GrantedRoot {
  readonly root: Root;
  /** The rule that forbids to write there; undefined where writing is granted. */
  readonly readOnlyRule: string | undefined;
}

export interface Target extends GrantedRoot {
  readonly components: readonly string[];
}

interface RootsParts {
  readonly templateName: string;
  readonly worktree: GrantedRoot;
  readonly extra: readonly GrantedRoot[];
  readonly unusable: readonly UnusableFolder[];
}

export class GrantedRoots {
  readonly #parts: RootsParts;

  private constructor(parts: RootsParts) {
    this.#parts = parts;
  }

  /** A capability's folder that cannot be used grants nothing. Rejects with INVALID_PATH where there is no worktree. */
  static async pin({ worktree, policy }: RuntimeSpec, config: FsModuleConfig): Promise<GrantedRoots> {
    const templateName = policy.template_name;
    const of = `of the template "${templateName}"`;
    const moduleRule = config.read_only ? `the module fs ${of} is granted with read_only` : undefined;
    const { usable, unusable } = await pinGrantedFolders(policy);
    const extra = usable.map(({ name, mode, root }): GrantedRoot => {
      const modeRule = mode === 'ro' ? `the capability fs "${name}" ${of} has the mode ro` : undefined;
      return { root, readOnlyRule: moduleRule ?? modeRule };
    });
    const root = await Root.pin(worktree, { leaving: leavingRule('worktree', templateName) });
    return new GrantedRoots({ templateName, worktree: { root, readOnlyRule: moduleRule }, extra, unusable });
  }

  /** Throws INVALID_PATH for what is in none of them. */
  find(path: string): Target {
    const slashed = checkGuestPath(path);
    const { worktree } = this.#parts;
    if (!isAbsolute(slashed)) return { ...worktree, components: componentsOf(slashed) };
    const [innermost] = this.#all
      .flatMap((granted) => {
        const inside = granted.root.relativeByName(slashed);
        return inside === undefined ? [] : [{ ...granted, inside }];
      })
      .sort((one, other) => one.inside.length - other.inside.length);
    if (innermost === undefined) return refusePath(path, this.#ruleFor(slashed));
    return { ...innermost, components: componentsOf(innermost.inside) };
  }

  get #all(): readonly GrantedRoot[] {
    return [this.#parts.worktree, ...this.#parts.extra];
  }

  /** A capability that was meant to grant the path says more than that nothing does. */
  #ruleFor(path: string): string {
    const meant = this.#parts.unusable.find((folder) => folder.covers(path));
    if (meant !== undefined) return meant.problem;
    const labels = this.#all.map(({ root }) => `the ${root.label}`).join(' or ');
    return `it is not inside ${labels}, and the template "${this.#parts.templateName}" lets fs use nothing else. ${howToGrant}`;
  }
}
