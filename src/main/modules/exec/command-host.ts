/**
 * What the commands of all sessions share: the folder they have their homes in, how many may run at once on this
 * machine, and the ledger by which the next host would find them.
 */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuestError } from '#core/guest-error';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
import { CommandLedger, endLeftCommands, folderPrefix } from './command-ledger.ts';
import { endMarked } from './linux-processes.ts';
import { type CommandEnd, type CommandOrder, RunningCommand } from './running-command.ts';

const maxCommands = 32;

export class CommandHost {
  readonly #runDirectory: string;
  readonly #ledger: CommandLedger;
  readonly #protectedFiles: ProtectedFiles;
  #folder: Promise<string> | undefined;
  #running = 0;

  /** The folder of the commands becomes one of the protected. */
  constructor(runDirectory: string, protectedFiles = new ProtectedFiles()) {
    this.#runDirectory = runDirectory;
    this.#ledger = new CommandLedger(runDirectory);
    this.#protectedFiles = protectedFiles;
  }

  /** Ends what a host that was killed has left behind. */
  async endLeftCommands(): Promise<void> {
    await endLeftCommands(this.#runDirectory);
  }

  /** A new folder for the commands of one session. */
  async newSessionFolder(): Promise<string> {
    this.#folder ??= this.#makeFolder();
    return mkdtemp(join(await this.#folder, 'session-'));
  }

  /** Runs a command to its end. `onStart` gets it while it runs. */
  async run(order: CommandOrder, onStart: (command: RunningCommand) => void): Promise<CommandEnd> {
    if (this.#running >= maxCommands) {
      throw new GuestError(
        `${maxCommands} commands are running on this host, which is all it runs at once; try later`,
        {
          code: 'EAGAIN',
        },
      );
    }
    this.#running += 1;
    try {
      return await this.#runCounted(order, onStart);
    } finally {
      this.#running -= 1;
    }
  }

  async close(): Promise<void> {
    const folder = await this.#folder;
    if (folder === undefined) return;
    await endMarked(folder);
    await rm(folder, { recursive: true, force: true });
    this.#ledger.end();
  }

  async #runCounted(order: CommandOrder, onStart: (command: RunningCommand) => void): Promise<CommandEnd> {
    await mkdir(order.mark, { mode: 0o700 });
    const command = await RunningCommand.start(order);
    onStart(command);
    try {
      if (command.pid !== undefined) await this.#ledger.add(command.pid);
      return await command.ended;
    } finally {
      if (command.pid !== undefined) this.#ledger.remove(command.pid);
      await rm(order.mark, { recursive: true, force: true });
    }
  }

  async #makeFolder(): Promise<string> {
    const folder = await mkdtemp(join(await realpath(tmpdir()), folderPrefix));
    this.#protectedFiles.addFolder({ path: folder, isReadable: false });
    await this.#ledger.begin(folder);
    return folder;
  }
}
