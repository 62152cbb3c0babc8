/**
 * Processes as Linux shows them under /proc. Those of a command are known by its mark, a folder: it is in the environment
 * they began with, and open in them as descriptor 3. One that leaves its process group, by setsid or a double fork, keeps
 * both; only one that clears its environment and closes descriptors that it did not open is lost sight of.
 * Elsewhere nothing is found here, and the process group is all there is to end.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { markVariable } from './command-environment.ts';

/** Descriptor of a command under which its mark is open. */
const markDescriptor = 3;

const maxRounds = 100;
const betweenRoundsMs = 5;

/** Ends every process with this mark, or with one beneath it; resolves to whether none is left. */
export async function endMarked(mark: string): Promise<boolean> {
  for (let round = 0; round < maxRounds; round += 1) {
    const pids = await markedProcesses(mark);
    if (pids.length === 0) return true;
    for (const pid of pids) endProcess(pid, 'SIGKILL');
    await delay(betweenRoundsMs);
  }
  return false;
}

/**
 * Whether a socket, by its inode, is held by what a command of any host has started. Where commands run, or processes
 * come and go while this looks, somebody without a mark has to be found who holds it: who cannot be seen is not trusted.
 */
export async function isOfCommand(inode: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const kinds = await Promise.all(pids.map(kindOf));
  if (!kinds.includes('command') && !kinds.includes('gone')) return false;
  for (const [index, pid] of pids.entries()) {
    if (kinds[index] === 'other' && (await descriptorsOf(pid)).includes(`socket:[${inode}]`)) return false;
  }
  return true;
}

/** What a process is, as far as this user may look into it. */
async function kindOf(pid: number): Promise<'command' | 'other' | 'hidden' | 'gone'> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    const descriptor = await readlink(`/proc/${pid}/fd/${markDescriptor}`).catch(() => '');
    const isMarked = variableOf(environment) !== '' || markFolder.test(descriptor);
    return isMarked ? 'command' : 'other';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'hidden' : 'gone';
  }
}

/** Where hosts put the marks of their commands, whatever the system's folder for temporary files is. */
const markFolder = /\/vm-system-[^/]+\/session-[^/]+\//;

async function descriptorsOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

async function markedProcesses(mark: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const isMarked = await Promise.all(pids.map((pid) => hasMark(pid, mark)));
  return pids.filter((_, index) => isMarked[index]);
}

/** When a process began, in ticks since boot; with the pid it names one process. Undefined where there is none. */
export async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process, or by `-pid` to a group; one that is gone is no error. */
export function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

/** Processes of others cannot be read, and are not ours. */
async function hasMark(pid: number, mark: string): Promise<boolean> {
  const [environment, descriptor] = await Promise.all([
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/fd/${markDescriptor}`).catch(() => ''),
  ]);
  return isBeneath(descriptor.replace(/ \(deleted\)$/, ''), mark) || isBeneath(variableOf(environment), mark);
}

function variableOf(environment: string): string {
  const start = `${markVariable}=`;
  return (
    environment
      .split('\0')
      .find((variable) => variable.startsWith(start))
      ?.slice(start.length) ?? ''
  );
}

function isBeneath(path: string, mark: string): boolean {
  return path === mark || path.startsWith(`${mark}/`);
}
