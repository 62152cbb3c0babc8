/**
 * What a refused command could have been instead, and how a template would allow it. All of it goes into a message that
 * people copy to a shell, so nothing of a guest is in a command line unless it is plain.
 */
import { basename, isAbsolute } from 'node:path';
import type { Policy } from '#core/ports';
import type { JsonValue } from '#shared/contract/primitive';

/** A capability of kind `module` and name `exec`, switched on or not. */
export type ExecCapability = Pick<Policy['capabilities'][number], 'id' | 'vm_id' | 'enabled' | 'config'>;

/** What a template says of commands. */
export interface CommandRules {
  readonly commands: readonly string[];
  /** The one it has, where it has one. */
  readonly capability?: ExecCapability | undefined;
}

/** How the call would have to be written; undefined where nothing is wrong with how it is. */
export function howToCall(command: string, allowed: readonly string[]): string | undefined {
  const [name = '', ...args] = command.trim().split(/\s+/);
  if (args.length > 0) return aboutLine(name, args);
  if (isRelativePath(name)) return 'A command is a name in the PATH or an absolute path';
  const listed = allowed.find((one) => one !== command && isSameProgram(one, command));
  return listed === undefined
    ? undefined
    : `A call uses the very name of the list, and the list has it as ${JSON.stringify(listed)}`;
}

function aboutLine(name: string, args: readonly string[]): string | undefined {
  if (!isPlain(name)) return undefined;
  const shown = args.length <= 20 && args.every(isPlain) ? args.map((arg) => `'${arg}'`).join(', ') : '…';
  return `No shell reads it; give the arguments apart: run('${name}', [${shown}])`;
}

/** A name and an absolute path that ends in it; a relative path is another program. */
function isSameProgram(one: string, other: string): boolean {
  return isAbsolute(one) !== isAbsolute(other) && (basename(one) === other || basename(other) === one);
}

/** A path that is not absolute never is allowed. */
export function isRelativePath(command: string): boolean {
  return /[/\\]/.test(command) && !isAbsolute(command);
}

/** The line that allows a command to new sessions; undefined where no list would, or the list does already. */
export function howToAllow(command: string, { commands, capability }: CommandRules): string | undefined {
  const name = command.trim().split(/\s+/)[0] ?? '';
  if (isRelativePath(name) || commands.some((one) => one === name || isSameProgram(one, name))) return undefined;
  const config = configOf(capability);
  const listed = Array.isArray(config.commands) ? config.commands : commands;
  const merged = { ...config, commands: [...new Set([...listed, isPlain(name) ? name : 'git'])] };
  return `To allow it to new sessions: vm-system template ${commandLine(capability, merged)}`;
}

function configOf(capability: ExecCapability | undefined): { [key: string]: JsonValue } {
  const config = capability?.config;
  return typeof config === 'object' && config !== null && !Array.isArray(config) ? config : {};
}

function commandLine(capability: ExecCapability | undefined, config: JsonValue): string {
  const flag = `--config '${JSON.stringify(config).replaceAll("'", `'\\''`)}'`;
  if (capability === undefined) return `add-capability TEMPLATE --kind module --name exec ${flag}`;
  const { id, vm_id: templateId, enabled } = capability;
  return `update-capability ${templateId} ${id} ${flag}${enabled ? '' : ' --enabled'}`;
}

/** Nothing that a shell or a string would read otherwise. */
function isPlain(text: string): boolean {
  return /^[\w.+:=@%,/-]{1,100}$/.test(text);
}
