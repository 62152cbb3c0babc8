/**
 * Which commands a template allows, and which program each of them is. A name is looked up in a fixed PATH, once per
 * session: what appears there later, or in the worktree, is never run under a name that was allowed before.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { GuestError } from '#core/guest-error';
import { type CommandRules, howToAllow, howToCall, isRelativePath } from './command-advice.ts';

export const fixedPath = pathOf(process.platform);

export class AllowedCommands {
  readonly #rules: CommandRules;
  readonly #allowed: readonly string[];
  readonly #programs = new Map<string, Promise<string>>();

  constructor(rules: CommandRules) {
    this.#rules = rules;
    this.#allowed = rules.commands;
  }

  /** The absolute path of a command; rejects with GuestError where the template does not allow it or there is none. */
  async resolve(command: string): Promise<string> {
    if (!this.#isAllowed(command)) throw this.#notAllowed(command);
    const known = this.#programs.get(command);
    if (known !== undefined) return known;
    const program = this.#find(command);
    this.#programs.set(command, program);
    program.catch(() => this.#programs.delete(command));
    return program;
  }

  /** By the very text: `./git` is not `git`. A path that is not absolute never is allowed. */
  #isAllowed(command: string): boolean {
    return this.#allowed.includes(command) || this.#allowed.includes('*');
  }

  async #find(command: string): Promise<string> {
    if (isAbsolute(command)) {
      if (await isProgram(command)) return command;
      throw new GuestError(`There is no program ${JSON.stringify(command)}`, { code: 'ENOENT', command });
    }
    if (isRelativePath(command) || command.includes('\0') || command === '') {
      const message = `A command is a name in the PATH or an absolute path, not ${JSON.stringify(command)}`;
      const advice = /\s/.test(command) ? howToCall(command, this.#allowed) : undefined;
      throw new GuestError(withAdvice(message, advice), { code: 'COMMAND_NOT_ALLOWED', command });
    }
    for (const folder of fixedPath.split(delimiter)) {
      const program = join(folder, process.platform === 'win32' ? `${command}.exe` : command);
      if (await isProgram(program)) return program;
    }
    const message = `There is no command ${JSON.stringify(command)} in the PATH of sessions, ${fixedPath}`;
    throw new GuestError(withAdvice(message, howToCall(command, this.#allowed)), { code: 'ENOENT', command });
  }

  #notAllowed(command: string): GuestError {
    const shown = JSON.stringify(command.slice(0, 200));
    const allowed = this.#allowed.length === 0 ? 'none' : this.#allowed.join(', ');
    const message = `The command ${shown} is not allowed: the template's capability module:exec allows ${allowed}`;
    const advice = [howToCall(command, this.#allowed), howToAllow(command, this.#rules)];
    return new GuestError(withAdvice(message, ...advice), {
      code: 'COMMAND_NOT_ALLOWED',
      command: command.slice(0, 200),
    });
  }
}

function withAdvice(message: string, ...advice: readonly (string | undefined)[]): string {
  return [message, ...advice.filter((one) => one !== undefined)].join('. ');
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function pathOf(platform: NodeJS.Platform): string {
  const root = process.env.SystemRoot ?? 'C:\\Windows';
  if (platform === 'win32') return [`${root}\\System32`, root].join(delimiter);
  const folders = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return (platform === 'darwin' ? ['/opt/homebrew/bin', ...folders] : folders).join(delimiter);
}
