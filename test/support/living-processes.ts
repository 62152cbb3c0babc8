/** Processes that a test's commands may have left, by a word in their command line that no other process has. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Pids of processes with this word among their arguments; those that have ended and wait to be collected have none. */
export function living(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && argumentsOf(pid).includes(word));
}

/** Resolves once there are as many of them, at least; a command has its own time to start what it starts. */
export async function becomeLiving(word: string, count: number): Promise<void> {
  while (living(word).length < count) await delay(10);
}

let lastNumber = 0;

/** A time to sleep that is a name too: longer than any test, and used once. */
export function newSleepTime(): string {
  lastNumber += 1;
  return `${100_000 + lastNumber}.${process.pid}`;
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Pids of processes that this one has started itself, whose entry lies in a folder of this name. */
export function childrenRunning(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(
      (pid) => parentOf(pid) === process.pid && argumentsOf(pid).some((text) => text.includes(`/${folder}/child/`)),
    );
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
