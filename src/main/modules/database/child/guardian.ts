/**
 * A thread that ends the process when its host is gone or its memory grows too large. SQLite blocks the main thread for
 * as long as a statement runs, and nothing but the end of the process can interrupt it.
 */
import { Worker } from 'node:worker_threads';

const maxResidentBytes = 512 * 1024 * 1024;
const everyMs = 50;

/** Runs by itself, as text, so that the process needs one file only. */
const source = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    const isOrphan = process.ppid !== workerData.hostPid || !isAlive(workerData.hostPid);
    if (isOrphan || process.memoryUsage.rss() > workerData.maxResidentBytes) process.kill(process.pid, 'SIGKILL');
  }, workerData.everyMs);
  function isAlive(pid) {
    try { return process.kill(pid, 0); } catch { return false; }
  }
`;

export function startGuardian(): void {
  new Worker(source, { eval: true, workerData: { hostPid: process.ppid, maxResidentBytes, everyMs } }).unref();
}
