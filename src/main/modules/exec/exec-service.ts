/**
 * The `exec` module's host side: what a call may ask for by its template, and how a command's end reads to the guest.
 * A command and its arguments are what they are; no shell ever reads them.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import { moduleConfig } from '#core/policy';
import type { GuestCall, GuestCallContext, GuestReply, Policy, RuntimeSpec } from '#core/ports';
import type { GuestService, OpenService } from '#main/modules/guest-services';
import { resolveFolder } from '#main/modules/paths';
import type { ExecConfig } from '#shared/contract/capability-config';
import { AllowedCommands } from './allowed-commands.ts';
import type { ExecCapability } from './command-advice.ts';
import { commandEnvironment } from './command-environment.ts';
import type { CommandHost } from './command-host.ts';
import { endMarked } from './linux-processes.ts';
import { endingBytes, keptBytes } from './output-collector.ts';
import type { CommandEnd, CommandOrder, RunningCommand } from './running-command.ts';
import { refuseWritable } from './writable-program.ts';

const mebibyte = 1024 * 1024;
/** Below what systems take, so that the refusal is ours and says why. */
const maxArgumentLength = 64 * 1024;
const maxArgumentsLength = 128 * 1024;
const maxVariables = 256;
const maxInputBytes = 8 * mebibyte;
const maxCommands = 4;

const text = z.string().refine((value) => !value.includes('\0'), 'must not contain a NUL character');
const runArgument = z.strictObject({
  command: text,
  args: z
    .custom<string[]>(areTexts, 'must be a list of strings')
    .pipe(z.array(text.max(maxArgumentLength)))
    .refine((args) => args.reduce((sum, { length }) => sum + length + 1, 0) <= maxArgumentsLength, {
      error: `must have ${maxArgumentsLength} characters at most, all together`,
    }),
  cwd: text.optional(),
  env: z
    .custom<Record<string, string>>(areFewVariables, `must be an object of ${maxVariables} strings at most`)
    .pipe(z.record(z.string(), text.max(maxArgumentLength)))
    .default({}),
  timeout_ms: z.number().positive().optional(),
});
type RunArgument = z.infer<typeof runArgument> & { readonly input: Uint8Array | undefined };

/** Looked at first, and up to the first fault only: whoever lists every fault of a long list holds up the host. */
function areTexts(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= maxArgumentsLength &&
    value.every((one) => typeof one === 'string' && !one.includes('\0'))
  );
}

function areFewVariables(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length <= maxVariables;
}

export function execServices(host: CommandHost): OpenService {
  return (spec: RuntimeSpec) => {
    const { policy, worktree } = spec;
    const config = moduleConfig(policy, 'exec');
    return config === undefined
      ? undefined
      : new ExecService({
          host,
          config,
          worktree,
          checkProgram: (program) => refuseWritable(program, spec),
          templateName: policy.template_name,
          capability: capabilityOf(policy),
        });
  };
}

/** Whether it is switched on or not: its name is taken, so advice is to change it. */
function capabilityOf({ capabilities }: Policy): ExecCapability | undefined {
  return capabilities.find(({ kind, name }) => kind === 'module' && name === 'exec');
}

interface ExecParts {
  readonly host: CommandHost;
  readonly config: ExecConfig;
  readonly worktree: string;
  /** Rejects where a program must not be run from where it lies. */
  readonly checkProgram: (program: string) => Promise<void>;
  readonly templateName: string;
  readonly capability: ExecCapability | undefined;
}

class ExecService implements GuestService {
  readonly #parts: ExecParts;
  readonly #commands: AllowedCommands;
  readonly #calls = new Set<Promise<unknown>>();
  readonly #running = new Set<RunningCommand>();
  #folder: Promise<string> | undefined;
  #marks = 0;
  #isClosed = false;

  constructor(parts: ExecParts) {
    this.#parts = parts;
    this.#commands = new AllowedCommands({ commands: parts.config.commands, capability: parts.capability });
  }

  async call({ operation, argument, bytes }: GuestCall, context: GuestCallContext): Promise<GuestReply> {
    if (operation !== 'run') throw new GuestError(`exec has no operation "${operation}"`);
    if (this.#calls.size >= maxCommands) {
      throw new GuestError(`A session runs ${maxCommands} commands at once, no more`, { code: 'EAGAIN' });
    }
    const call = this.#run({ ...parseRun(argument), input: checkInput(bytes) }, context);
    this.#calls.add(call);
    try {
      return { value: null, text: Buffer.from(await call) };
    } finally {
      this.#calls.delete(call);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const command of this.#running) command.stop('closed');
    await Promise.allSettled(this.#calls);
    const folder = await this.#folder?.catch(() => undefined);
    if (folder === undefined) return;
    await endMarked(folder);
    await rm(folder, { recursive: true, force: true });
  }

  async #run(argument: RunArgument, { abort, print }: GuestCallContext): Promise<string> {
    const order = await this.#orderOf(argument, print);
    let running: RunningCommand | undefined;
    try {
      const end = await this.#parts.host.run(order, (command) => {
        running = command;
        this.#running.add(command);
        if (this.#isClosed) command.stop('closed');
        if (abort.aborted) command.stop('abort');
        abort.addEventListener('abort', () => command.stop('abort'), { once: true });
      });
      if (end.isCut) print('stderr', `[exec kept the first ${keptBytes} bytes of what ${argument.command} wrote]\n`);
      return outputOf(end, argument, order.timeoutMs);
    } catch (error) {
      throw startFailure(error, argument.command);
    } finally {
      if (running !== undefined) this.#running.delete(running);
    }
  }

  async #orderOf(argument: RunArgument, print: GuestCallContext['print']): Promise<CommandOrder> {
    const program = await this.#commands.resolve(argument.command);
    await this.#parts.checkProgram(program);
    const { config, worktree, templateName } = this.#parts;
    const cwd = await resolveFolder(worktree, argument.cwd ?? '.', { leaving: leavingRule(templateName) });
    this.#folder ??= this.#makeFolder();
    const folder = await this.#folder;
    this.#marks += 1;
    const mark = join(folder, String(this.#marks));
    const home = join(folder, 'home');
    const env = commandEnvironment({ home, mark, inherited: config.env, given: argument.env });
    const timeoutMs = Math.min(argument.timeout_ms ?? Number.POSITIVE_INFINITY, config.timeout_ms);
    return { program, args: argument.args, cwd, env, mark, input: argument.input, timeoutMs, print };
  }

  async #makeFolder(): Promise<string> {
    const folder = await this.#parts.host.newSessionFolder();
    await mkdir(join(folder, 'home'), { mode: 0o700 });
    return folder;
  }
}

function leavingRule(templateName: string): string {
  return `it leaves the worktree, and the template "${templateName}" lets commands start in the worktree only. Name a folder inside`;
}

function checkInput(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined || bytes.byteLength <= maxInputBytes) return bytes;
  throw new GuestError(
    `exec.run(command, args, {input}): the input has more than ${maxInputBytes} bytes`,
    { code: 'ERR_INVALID_ARG_VALUE' },
    'TypeError',
  );
}

function parseRun(argument: unknown): z.infer<typeof runArgument> {
  const { data, error } = runArgument.safeParse(argument);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new GuestError(
    `exec.run(command, args, {cwd, env, timeout_ms, input}): ${issue?.path.join('.') || 'the call'} ${issue?.message}`,
    { code: 'ERR_INVALID_ARG_VALUE' },
    'TypeError',
  );
}

function outputOf(end: CommandEnd, { command }: RunArgument, timeoutMs: number): string {
  const { code, signal, stdout, stderr, stopped } = end;
  const shown = JSON.stringify(command);
  const fields = { signal, stdout, stderr, command };
  if (stopped !== undefined) {
    const reasons = {
      timeout: [`was stopped after ${timeoutMs} ms, its time limit`, 'ETIMEDOUT'],
      flood: [`was stopped because it wrote more than ${endingBytes} bytes to one stream`, 'OUTPUT_TOO_LARGE'],
      abort: ['was stopped because the run is over', 'ABORTED'],
      closed: ['was stopped because the session was closed', 'ABORTED'],
    } as const;
    const [reason, reasonCode] = reasons[stopped];
    throw new GuestError(`The command ${shown} ${reason}`, { code: reasonCode, ...fields });
  }
  if (code === 0) return stdout;
  const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const said = stderr.trim().slice(0, 2000);
  throw new GuestError(`The command ${shown} ${how}${said === '' ? '' : `: ${said}`}`, { code, ...fields });
}

/** A program that the system would not start is the guest's matter, not a fault of the host. */
function startFailure(error: unknown, command: string): unknown {
  const isOfSpawn = error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');
  if (!isOfSpawn) return error;
  const code = 'code' in error ? String(error.code) : 'EUNKNOWN';
  return new GuestError(`The command ${JSON.stringify(command)} could not be started: ${code}`, { code, command });
}
