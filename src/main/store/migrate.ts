/**
 * Brings a database to the schema of this program, one transaction for each step, so that it is always at a whole version.
 * `user_version` is the truth about where it stands. A database from the future is refused untouched: this program cannot
 * know what it means.
 */
import type { Database } from 'better-sqlite3';
import { VmError } from '#core/vm-error';
import type { Migration } from './migration.ts';
import { firstSchema } from './migrations/0001-first-schema.ts';
import { versionsAndOperations } from './migrations/0002-versions-and-operations.ts';
import { commitDurably } from './transaction.ts';

/** Every step there is, in order. */
export const migrations: readonly Migration[] = [firstSchema, versionsAndOperations];

export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  assertNumbered(steps);
  const version = schemaVersion(database);
  if (version > steps.length) throw fromTheFuture(database, { version, known: steps.length });
  for (const step of steps.slice(version)) apply(database, step);
}

export function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function assertNumbered(steps: readonly Migration[]): void {
  const stray = steps.find((step, index) => step.version !== index + 1);
  if (stray) throw new Error(`Migration ${stray.version} is out of place: versions count from 1 without a gap.`);
}

function apply(database: Database, step: Migration): void {
  commitDurably(database, () => {
    database.exec(step.sql);
    step.fill?.(database);
    database.pragma(`user_version = ${step.version}`);
  });
}

function fromTheFuture(database: Database, { version, known }: { version: number; known: number }): VmError {
  return new VmError(
    'STORE_WRITE_FAILED',
    `The database ${database.name} has schema version ${version}, but this vm-system knows versions up to ${known}. ` +
      'Update vm-system, or choose another database.',
    { details: { database: database.name, version, known } },
  );
}
