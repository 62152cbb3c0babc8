/**
 * What a host writes down of the commands it runs, so that the next one can end them if this one is killed. A pid alone
 * names nothing for long, so each goes with the time its process began, and nobody is ended by a pid whose time differs.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { endMarked, endProcess, startOf } from './linux-processes.ts';

const processSchema = z.object({ pid: z.int().min(2), started: z.string() });
type KnownProcess = z.infer<typeof processSchema>;

const ledgerSchema = z.object({
  host: processSchema,
  /** The folder that all marks of this host lie in. */
  folder: z.string().startsWith('/'),
  commands: z.array(processSchema),
});

/** What the names of hosts' folders in the system's temporary one begin with. */
export const folderPrefix = 'vm-system-';

const fileName = /^commands-\d+\.json$/;

export class CommandLedger {
  readonly #path: string;
  readonly #directory: string;
  readonly #commands = new Map<number, KnownProcess>();
  #head: { readonly host: KnownProcess; readonly folder: string } | undefined;

  constructor(runDirectory: string) {
    this.#directory = runDirectory;
    this.#path = join(runDirectory, `commands-${process.pid}.json`);
  }

  /** Begins, before the first command. Does nothing where processes cannot be told apart by their start. */
  async begin(folder: string): Promise<void> {
    const started = await startOf(process.pid);
    if (started === undefined) return;
    this.#head = { host: { pid: process.pid, started }, folder };
    this.#write();
  }

  async add(pid: number): Promise<void> {
    const started = await startOf(pid);
    if (started === undefined) return;
    this.#commands.set(pid, { pid, started });
    this.#write();
  }

  remove(pid: number): void {
    if (this.#commands.delete(pid)) this.#write();
  }

  end(): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    if (this.#head === undefined) return;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const draft = `${this.#path}.tmp`;
    writeFileSync(draft, JSON.stringify({ ...this.#head, commands: [...this.#commands.values()] }), { mode: 0o600 });
    renameSync(draft, this.#path);
  }
}

/** Ends what commands of hosts that are gone have left, and forgets them. Resolves to how many hosts that were. */
export async function endLeftCommands(runDirectory: string): Promise<number> {
  const paths = ledgersIn(runDirectory);
  const isEnded = await Promise.all(paths.map(endLeftOf));
  return isEnded.filter(Boolean).length;
}

function ledgersIn(runDirectory: string): string[] {
  try {
    return readdirSync(runDirectory).flatMap((name) => (fileName.test(name) ? join(runDirectory, name) : []));
  } catch {
    return [];
  }
}

async function endLeftOf(path: string): Promise<boolean> {
  const ledger = readLedger(path);
  if (ledger !== undefined) {
    if (await isRunning(ledger.host)) return false;
    for (const command of ledger.commands) if (await isRunning(command)) endProcess(-command.pid, 'SIGKILL');
    if (await isOfHost(ledger.folder)) {
      await endMarked(ledger.folder);
      await rm(ledger.folder, { recursive: true, force: true });
    }
  }
  rmSync(path, { force: true });
  return ledger !== undefined;
}

/** Whether a folder is such as hosts make for commands. A ledger is a file, and could name any folder of the user's. */
async function isOfHost(folder: string): Promise<boolean> {
  if (dirname(folder) !== (await realpath(tmpdir())) || !basename(folder).startsWith(folderPrefix)) return false;
  const found = await lstat(folder).catch(() => undefined);
  return found === undefined || (found.isDirectory() && found.uid === process.getuid?.());
}

function readLedger(path: string): z.infer<typeof ledgerSchema> | undefined {
  try {
    return ledgerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function isRunning({ pid, started }: KnownProcess): Promise<boolean> {
  return (await startOf(pid)) === started;
}
