/** The command tree: every word and flag the CLI knows. It parses and describes; the commands do the work. */
import { Command } from 'commander';
import { Cli } from './cli.ts';
import type { CliProcess } from './cli-process.ts';
import { addExecCommands } from './commands/exec.ts';
import { addHelpCommand } from './commands/help.ts';
import { addLibsCommands } from './commands/libs.ts';
import { addOpsCommands } from './commands/ops.ts';
import { addServeCommand, type Serve } from './commands/serve.ts';
import { addSessionCommands } from './commands/session.ts';
import { addTemplateCommands } from './commands/template.ts';
import { addGlobalOptions, type GlobalOptions } from './global-options.ts';

export interface Program {
  readonly command: Command;
  readonly cli: Cli;
  /** The command that the words named, once they were read. */
  readonly named: () => Command | undefined;
}

export interface ProgramOptions {
  readonly process: CliProcess;
  readonly version: string;
  /** Stands in for the real host in tests. */
  readonly serve?: Serve;
}

export function createProgram({ process, version, serve }: ProgramOptions): Program {
  const command = new Command('vm-system')
    .description('Run JavaScript in long-lived sandboxed sessions.')
    .usage('[flags] <command>')
    .version(version, '--version')
    .configureHelp({ showGlobalOptions: true, commandDescription: descriptionSentence })
    // Mistakes are reported in one place, like every other failure.
    .configureOutput({
      writeOut: (text) => process.stdout.write(text),
      writeErr: (text) => process.stderr.write(text),
      outputError: () => undefined,
    })
    .exitOverride();
  addGlobalOptions(command);
  const cli = new Cli(process, () => command.opts<GlobalOptions>());
  addServeCommand(command, cli, serve);
  addTemplateCommands(command, cli);
  addSessionCommands(command, cli);
  addExecCommands(command, cli);
  addOpsCommands(command, cli);
  addLibsCommands(command, cli);
  addHelpCommand(command, cli);
  for (const group of command.commands) group.helpCommand(false);
  let named: Command | undefined;
  command.hook('preAction', (_program, action) => {
    named = action;
  });
  return { command, cli, named: () => named };
}

/** Descriptions are phrases, as lists of commands show them; above its own help a command says a sentence. */
function descriptionSentence(command: Command): string {
  const description = command.description();
  return `${description.charAt(0).toUpperCase()}${description.slice(1)}${description.endsWith('.') ? '' : '.'}`;
}
