/** Refusals of a database with the rule of the template that they follow: SQLite, in its process, knows no template. */
import { GuestError } from '#core/guest-error';
import type { DatabaseConfig } from '#shared/contract/capability-config';

/** SQLITE_READONLY; what stands above the lowest byte says more of the same. */
const readOnlyCode = 8;

export class TemplateRule {
  readonly #templateName: string;
  readonly #isReadOnly: boolean;

  constructor(templateName: string, { read_only: isReadOnly }: DatabaseConfig) {
    this.#templateName = templateName;
    this.#isReadOnly = isReadOnly;
  }

  /** What a refusal says of a path that leaves the worktree. */
  get leaving(): string {
    return (
      `it leaves the worktree, and the template "${this.#templateName}" lets databases be files of the worktree only. ` +
      'Name one inside, or ":memory:"'
    );
  }

  get readOnly(): string {
    return (
      `the template "${this.#templateName}" grants the module database read-only. To let new sessions write, set ` +
      '"read_only" to false in its capability module:database'
    );
  }

  /** The same error with its rule, where it follows one. */
  explain(error: unknown): unknown {
    if (!(error instanceof GuestError)) return error;
    const rule = this.#ruleOf(error);
    return rule === undefined ? error : new GuestError(`${error.message}${rule}`, error.fields, error.guestName);
  }

  #ruleOf({ fields: { code, errcode } }: GuestError): string | undefined {
    if (code === 'SQL_NOT_ALLOWED') return `, whatever the template "${this.#templateName}" grants`;
    const isReadOnlyError = typeof errcode === 'number' && (errcode & 0xff) === readOnlyCode;
    return this.#isReadOnly && isReadOnlyError ? `: ${this.readOnly}` : undefined;
  }
}
