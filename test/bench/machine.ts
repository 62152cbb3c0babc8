/** What the figures were measured on, in one line, and how busy it was. */
import { cpus, loadavg, totalmem } from 'node:os';
import Sqlite from 'better-sqlite3';

export function describeMachine(): string {
  const cores = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const database = new Sqlite(':memory:');
  const sqlite = database.prepare<[], string>('SELECT sqlite_version()').pluck().get();
  database.close();
  return [
    `${cores.length} × ${cores[0]?.model.trim() ?? 'unknown processor'}`,
    `${gibibytes} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `SQLite ${sqlite}`,
  ].join(', ');
}

/** Processes that ran or waited in the last minute, on average; above the number of processors, figures are noise. */
export function describeLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
