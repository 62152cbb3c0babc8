/** The processes of all sessions' databases. Each may take half a gibibyte, so a host runs only so many at once. */
import { GuestError } from '#core/guest-error';
import { DatabaseProcess } from './database-process.ts';

export const maxProcesses = 32;

export class DatabaseProcesses {
  readonly #entry: URL;
  #running = 0;

  /** `entry` is the one of the databases' processes. */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  start(): DatabaseProcess {
    if (this.#running >= maxProcesses) {
      const message = `${maxProcesses} databases are open on this host, which is all it opens at once; try later`;
      throw new GuestError(message, { code: 'EAGAIN' });
    }
    const started = new DatabaseProcess(this.#entry);
    this.#running += 1;
    void started.ended.then(() => {
      this.#running -= 1;
    });
    return started;
  }
}
