/**
 * The `database` module's host side: one database per session, in a process of its own, opened when the guest names it
 * and again after it was lost. Which file that may be is decided here; what SQL may do, in the process.
 */
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import { moduleConfig } from '#core/policy';
import type { GuestCall, GuestCallContext, GuestReply, RuntimeSpec } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { GuestService, OpenService } from '#main/modules/guest-services';
import { resolveForWriting } from '#main/modules/paths';
import type { ProtectedFiles } from '#main/modules/paths/protected-files';
import type { DatabaseConfig } from '#shared/contract/capability-config';
import type { DatabaseProcess, Transaction } from './database-process.ts';
import { DatabaseProcesses } from './database-processes.ts';
import { DatabaseQuota } from './database-quota.ts';
import {
  companions,
  inMemory,
  type OpenOrder,
  type SqlParameter,
  type StatementOrder,
  type TransactionOrder,
} from './protocol.ts';
import { TemplateRule } from './template-rule.ts';

const configureArgument = z.strictObject({ driver: z.string(), file: z.string() });
const offset = z.int().min(0);
const place = z.tuple([offset, offset]);
const parameter = z.union([
  z.null(),
  z.boolean(),
  z.number(),
  z.string(),
  z.strictObject({ bigint: z.string().regex(/^-?\d{1,20}$/) }),
  z.strictObject({ number: z.enum(['NaN', 'Infinity', '-Infinity']) }),
  z.strictObject({ bytes: place }),
  z.strictObject({ text: place }),
]);
const maxParameters = 32_766;
/** Up to the first fault only: whoever lists every fault of a long list holds up the host. */
const parameters = z.custom<SqlParameter[]>((value) => isListOf(value, (one) => parameter.safeParse(one).success));
const names = z.custom<string[]>((value) => isListOf(value, (one) => typeof one === 'string'));
const statementArgument = z.strictObject({
  sql: z.union([z.string(), z.strictObject({ text: place })]),
  parameters,
  names: names.optional(),
});

function isListOf(value: unknown, isItem: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= maxParameters && value.every(isItem);
}

/** Starting a process, and opening what another session may be writing to. */
const openingMs = 10_000;

const undoneNotice = 'a transaction of db.transaction was not finished when the execution ended, so it was undone';
const openNotice =
  'a transaction of the database is open: COMMIT or ROLLBACK it; what is not committed when the session ends is lost';

export interface DatabaseOptions {
  /** Entry of the databases' processes. */
  readonly entry: URL;
  readonly protectedFiles: ProtectedFiles;
}

export function databaseServices({ entry, protectedFiles }: DatabaseOptions): OpenService {
  const processes = new DatabaseProcesses(entry);
  return ({ policy, worktree }: RuntimeSpec) => {
    const config = moduleConfig(policy, 'database');
    if (config === undefined) return undefined;
    const rule = new TemplateRule(policy.template_name, config);
    return new DatabaseService({ processes, protectedFiles, config, worktree, rule });
  };
}

interface DatabaseParts {
  readonly processes: DatabaseProcesses;
  readonly protectedFiles: ProtectedFiles;
  readonly config: DatabaseConfig;
  readonly worktree: string;
  readonly rule: TemplateRule;
}

class DatabaseService implements GuestService {
  readonly #parts: DatabaseParts;
  readonly #quota = new DatabaseQuota();
  /** What the guest named, as it named it. */
  #file: string | undefined;
  /** Kept when it is gone, until another one takes its place: a run that ends may have lost a transaction with it. */
  #process: DatabaseProcess | undefined;
  /** The open transaction that a notice has told of. */
  #told: Transaction | undefined;

  constructor(parts: DatabaseParts) {
    this.#parts = parts;
  }

  async call({ operation, argument, bytes }: GuestCall, context: GuestCallContext): Promise<GuestReply> {
    switch (operation) {
      case 'configure':
        return this.#configure(configureArgument.parse(argument), context);
      case 'query':
      case 'exec':
        return this.#run(orderOf(operation, statementArgument.parse(argument), bytes), context);
      case 'begin':
      case 'commit':
      case 'rollback':
        return this.#run({ kind: operation }, context);
      case 'close':
        this.#file = undefined;
        await this.close();
        return { value: null };
      default:
        throw new GuestError(`database has no operation "${operation}"`);
    }
  }

  async endRun(): Promise<readonly string[]> {
    const last = this.#process;
    if (last?.transaction.state === 'scoped') return this.#undo(last);
    if (last?.transaction.state !== 'manual' || last.transaction === this.#told || !last.isAlive) return [];
    this.#told = last.transaction;
    return [openNotice];
  }

  /** Without its process, which is ended where it does not answer, nothing of a transaction is left either. */
  async #undo(unfinished: DatabaseProcess): Promise<readonly string[]> {
    const deadlineMs = this.#parts.config.statement_timeout_ms;
    const abort = new AbortController().signal;
    await unfinished.ask({ kind: 'rollback' }, { deadlineMs, abort }).catch(() => unfinished.close());
    if (!unfinished.isAlive) this.#process = undefined;
    return [undoneNotice];
  }

  async close(): Promise<void> {
    await this.#process?.close();
  }

  async #configure(
    { driver, file }: z.infer<typeof configureArgument>,
    context: GuestCallContext,
  ): Promise<GuestReply> {
    if (driver !== 'sqlite3' && driver !== 'sqlite') {
      throw new GuestError(`database knows the driver "sqlite3" only, not ${JSON.stringify(driver)}`);
    }
    this.#file = undefined;
    await this.close();
    await this.#open(file, context);
    this.#file = file;
    return { value: null };
  }

  async #run(order: StatementOrder | TransactionOrder, context: GuestCallContext): Promise<GuestReply> {
    if (this.#file === undefined) {
      throw new GuestError('No database is open: call configure("sqlite3", "FILE") first, or with ":memory:"');
    }
    const running = this.#process?.isAlive ? this.#process : await this.#open(this.#file, context);
    const { config, rule } = this.#parts;
    const deadlineMs = config.statement_timeout_ms;
    const { json, bytes } = await running.ask(order, { deadlineMs, abort: context.abort }).catch((error) => {
      throw rule.explain(error);
    });
    const rows = { value: null, text: Buffer.from(json) };
    return bytes === undefined ? rows : { ...rows, bytes };
  }

  async #open(file: string, { abort }: GuestCallContext): Promise<DatabaseProcess> {
    const order = await this.#openOrder(file);
    const opened = this.#parts.processes.start();
    this.#process = opened;
    try {
      await opened.ask(order, { deadlineMs: openingMs, abort });
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async #openOrder(file: string): Promise<OpenOrder> {
    const { config, rule } = this.#parts;
    const { read_only: readOnly, max_rows: maxRows, max_result_bytes: maxResultBytes } = config;
    const busyTimeoutMs = Math.ceil(config.statement_timeout_ms / 2);
    const rules = { kind: 'open', readOnly, maxRows, maxResultBytes, busyTimeoutMs } as const;
    if (file === inMemory) return { ...rules, file, maxFileBytes: 0 };
    const { path, identity } = await this.#resolve(file);
    if (readOnly && identity === undefined) {
      throw new VmError(
        'FILE_NOT_FOUND',
        `There is no file "${file}" in the worktree, and none is made: ${rule.readOnly}.`,
      );
    }
    return { ...rules, file: path, identity, maxFileBytes: await this.#quota.leftFor(path) };
  }

  #resolve(file: string): ReturnType<typeof resolveForWriting> {
    if (/^file:/i.test(file)) {
      throw new VmError(
        'INVALID_PATH',
        `A database is named by its path, not by a URI such as ${JSON.stringify(file)}.`,
      );
    }
    const { worktree, protectedFiles, rule, config } = this.#parts;
    const isMade = !config.read_only;
    return resolveForWriting(worktree, file, { protectedFiles, companions, isMade, leaving: rule.leaving });
  }
}

/** Long texts come as bytes, also that of the statement. */
function orderOf(
  kind: StatementOrder['kind'],
  { sql, ...binding }: z.infer<typeof statementArgument>,
  bytes: Uint8Array = new Uint8Array(),
): StatementOrder {
  if (typeof sql === 'string') return { kind, sql, ...binding, bytes };
  const [from, length] = sql.text;
  return {
    kind,
    sql: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, from + length)),
    ...binding,
    bytes,
  };
}
