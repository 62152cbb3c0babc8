/**
 * What SQL of a guest may do, as SQLite asks while it prepares a statement, and again for what triggers and views hide.
 * Nothing may name another file: that is ATTACH, which VACUUM uses too, and some PRAGMAs. Nothing may load code.
 */
import { constants } from 'node:sqlite';

const virtualTables = new Set(['fts5', 'fts5vocab', 'rtree', 'rtree_i32']);
const deniedFunctions = new Set(['load_extension', 'fts3_tokenizer']);

/** These change nothing but what they name in the database itself. */
const harmlessPragmas = new Set([
  'application_id',
  'defer_foreign_keys',
  'encoding',
  'foreign_key_check',
  'foreign_key_list',
  'foreign_keys',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
  'user_version',
]);

/** These may be asked for and not set; the full-text and R-tree modules ask too. */
const readablePragmas = new Set(['data_version', 'freelist_count', 'page_count', 'page_size']);

export class StatementGuard {
  #denied: string | undefined;

  /** Forgets what was denied, before the next statement. */
  begin(): void {
    this.#denied = undefined;
  }

  /** What was denied of the statement at hand, in words. */
  get denied(): string | undefined {
    return this.#denied;
  }

  authorize = (action: number, first: string | null, second: string | null): number => {
    const denied = deniedPart(action, first ?? '', second);
    if (denied === undefined) return constants.SQLITE_OK;
    this.#denied = denied;
    return constants.SQLITE_DENY;
  };
}

function deniedPart(action: number, first: string, second: string | null): string | undefined {
  switch (action) {
    case constants.SQLITE_ATTACH:
      return 'ATTACH, and VACUUM which works by it,';
    case constants.SQLITE_DETACH:
      return 'DETACH';
    case constants.SQLITE_PRAGMA:
      return mayUsePragma(first.toLowerCase(), second) ? undefined : `PRAGMA ${first}`;
    case constants.SQLITE_CREATE_VTABLE:
      return virtualTables.has((second ?? '').toLowerCase()) ? undefined : `the virtual table module ${second}`;
    case constants.SQLITE_FUNCTION:
      return deniedFunctions.has((second ?? '').toLowerCase()) ? `the function ${second}` : undefined;
    default:
      return undefined;
  }
}

function mayUsePragma(name: string, value: string | null): boolean {
  return harmlessPragmas.has(name) || (readablePragmas.has(name) && value === null);
}
