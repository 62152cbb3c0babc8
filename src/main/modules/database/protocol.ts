/**
 * What a database's child process and its host say. Values of SQL travel as the guest's prelude writes and reads them:
 * JSON, beside which blobs go as bytes. The host never looks into rows: it passes on text that the child has written.
 */

/** A parameter: plain JSON, or what JSON cannot say. Bytes and long texts are a place in what goes beside. */
export type SqlParameter =
  | null
  | boolean
  | number
  | string
  | { readonly bigint: string }
  | { readonly number: string }
  | { readonly bytes: readonly [offset: number, length: number] }
  | { readonly text: readonly [offset: number, length: number] };

export interface OpenOrder {
  readonly kind: 'open';
  /** Real path of a file, or `:memory:`. */
  readonly file: string;
  /** Which file that is; a database in memory is none. */
  readonly identity?: { readonly dev: bigint; readonly ino: bigint } | undefined;
  /** How large the file may become. */
  readonly maxFileBytes: number;
  readonly readOnly: boolean;
  readonly maxRows: number;
  readonly maxResultBytes: number;
  readonly busyTimeoutMs: number;
}

export interface StatementOrder {
  readonly kind: 'query' | 'exec';
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  /** The name of each parameter, where they were given by name. */
  readonly names?: readonly string[] | undefined;
  readonly bytes?: Uint8Array | undefined;
}

/** What `db.transaction` asks for; the host itself asks to roll back what is left of one. */
export interface TransactionOrder {
  readonly kind: 'begin' | 'commit' | 'rollback';
}

export type Order = OpenOrder | StatementOrder | TransactionOrder;
export type OrderMessage = Order & { readonly id: number };

/** What came of a statement, as JSON text of `{rows, special}`, and the blobs in it one after the other. */
export interface StatementResult {
  readonly json: string;
  readonly bytes?: Uint8Array | undefined;
}

/** What is open: by `db.transaction`, which ends with its function, or by SQL of the guest, which may span executions. */
export const transactionStates = ['none', 'scoped', 'manual'] as const;
export type TransactionState = (typeof transactionStates)[number];

interface AnswerHead {
  readonly id: number;
  /** After the order, however it ended. */
  readonly transaction: TransactionState;
}

export type Answer =
  | ({ readonly kind: 'result' } & AnswerHead & StatementResult)
  | ({ readonly kind: 'refusal' } & AnswerHead & RefusalAnswer);

export interface RefusalAnswer {
  readonly name: RefusalName;
  readonly message: string;
  readonly fields: AnswerFields;
}

/** The class of the error as the guest gets it. */
export type RefusalName = 'Error' | 'RangeError';

/** Own fields of the error as the guest gets it. */
export type AnswerFields = Readonly<Record<string, string | number>>;

export const inMemory = ':memory:';

/** What the names of the files that SQLite keeps beside a database add to its own. */
export const companions = ['-journal', '-wal', '-shm'] as const;
