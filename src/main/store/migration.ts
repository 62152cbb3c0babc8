import type { Database } from 'better-sqlite3';

/** One numbered step of the schema. A migration that was released is history: it never changes, a new one follows it. */
export interface Migration {
  /** Counts from 1 without a gap, and is `user_version` once the step is done. */
  readonly version: number;
  readonly sql: string;
  /** What SQL cannot compute, after `sql` and in the same transaction. */
  readonly fill?: (database: Database) => void;
}
