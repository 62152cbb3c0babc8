/**
 * Entry of a database's process. It runs SQL of a guest, one order after the other, each to its end; the host ends the
 * process where that takes too long. It imports nothing of the host, and trusts what the host sends.
 */
import type { Answer, OrderMessage, RefusalAnswer, StatementResult, TransactionState } from '../protocol.ts';
import { Connection } from './connection.ts';
import { startGuardian } from './guardian.ts';
import { Refusal } from './refusal.ts';

let connection: Connection | undefined;

startGuardian();
process.on('message', (message: OrderMessage) => process.send?.(answer(message)));
process.on('disconnect', () => process.exit());
// Ctrl-C in the host's terminal reaches this process too; the host says when it is over.
process.on('SIGINT', () => undefined);

function answer(message: OrderMessage): Answer {
  const { id } = message;
  try {
    const result = resultOf(message);
    return { kind: 'result', id, transaction: transaction(), ...result };
  } catch (error) {
    return { kind: 'refusal', id, transaction: transaction(), ...refusalOf(error) };
  }
}

function transaction(): TransactionState {
  return connection?.transaction ?? 'none';
}

function resultOf(order: OrderMessage): StatementResult {
  if (order.kind === 'open') {
    connection = new Connection(order);
    return { json: 'null' };
  }
  if (connection === undefined) throw new Error('No database is open in this process');
  return connection.run(order);
}

/** Errors as node:sqlite makes them: `code`, and of SQLite's own the number and its meaning. */
function refusalOf(error: unknown): RefusalAnswer {
  if (error instanceof Refusal) return { name: error.guestName, message: error.message, fields: error.fields };
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} };
  const { message } = error;
  const known = Object.entries(error).filter(
    (entry): entry is [string, string | number] =>
      ['code', 'errcode', 'errstr'].includes(entry[0]) && ['string', 'number'].includes(typeof entry[1]),
  );
  return { name: 'Error', message, fields: Object.fromEntries(known) };
}
