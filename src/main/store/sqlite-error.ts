/**
 * The only place that reads SQLite's error codes. What the store cannot write becomes STORE_WRITE_FAILED with a sentence
 * of what to do, a name that is in use becomes the refusal the contract has for it, and everything else passes as it is.
 */
import Sqlite, { type Database } from 'better-sqlite3';
import { VmError } from '#core/vm-error';

/** What a statement names, for the message when the name is in use. */
interface NamedRow {
  readonly kind?: string;
  readonly name: string;
}

/** Advice by primary error code: `SQLITE_IOERR_WRITE` is found under `IOERR`. */
const advice: Readonly<Record<string, string>> = {
  FULL: 'The disk is full: free some space and try again.',
  IOERR: 'The disk reported an error: check its free space and its health, then try again.',
  READONLY: 'The file or its folder is read-only: make both writable, or choose another database.',
  CORRUPT: 'The file is damaged: stop the host, keep a copy, then restore a backup or choose another database.',
  NOTADB: 'The file is no SQLite database: choose another database.',
  CANTOPEN: 'The file cannot be opened: check that it is a file and that you may write to its folder.',
  BUSY: 'Another program holds the database: close it and try again.',
};

/** Runs `work` on the database and rethrows SQLite's errors in the words of the contract. */
export function withStoreErrors<Result>(database: Pick<Database, 'name'>, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw unusable(error, database.name) ?? error;
  }
}

/** Runs a statement that gives a row its name. */
export function withTakenName<Result>(row: NamedRow, statement: () => Result): Result {
  try {
    return statement();
  } catch (error) {
    throw taken(error, row) ?? error;
  }
}

function unusable(error: unknown, file: string): VmError | undefined {
  if (!(error instanceof Sqlite.SqliteError)) return undefined;
  const remedy = advice[error.code.split('_')[1] ?? ''];
  if (remedy === undefined) return undefined;
  const message = `The database ${file} cannot be used (${error.code}: ${error.message}). ${remedy}`;
  return new VmError('STORE_WRITE_FAILED', message, { details: { database: file, reason: error.code }, cause: error });
}

/** The row itself was refused, so of what it holds only the name means anything to others. */
function taken(error: unknown, { kind, name }: NamedRow): VmError | undefined {
  if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE') return undefined;
  const options = { details: kind === undefined ? { name } : { kind, name }, cause: error };
  // SQLite names the columns of the broken constraint in its message, and nowhere else.
  if (error.message.endsWith(': template.name')) {
    const message = `A template named "${name}" exists already. Choose another name, or change that one.`;
    return new VmError('TEMPLATE_NAME_TAKEN', message, options);
  }
  if (error.message.endsWith(', template_capability.name')) {
    const message = `The template has the capability ${kind}:${name} already. Remove it first, or choose another name.`;
    return new VmError('CAPABILITY_NAME_TAKEN', message, options);
  }
  return undefined;
}
