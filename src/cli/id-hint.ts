/** Says where an id is found, to somebody who gave the host something that is none: ids are shown by the lists. */
import type { Command } from 'commander';

/** The command that lists what an argument names. */
const listings: Readonly<Record<string, string>> = {
  'template-id': 'template list',
  'session-id': 'session list',
  'execution-id': 'exec list SESSION',
  'startup-file-id': 'template list-startup TEMPLATE',
  'capability-id': 'template list-capabilities TEMPLATE',
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Of the command that was run; nothing where all its ids look like ids. */
export function idHint(command: Command): string | undefined {
  const { templateId } = command.opts<{ templateId?: string }>();
  const given = command.registeredArguments.map((argument, index) => ({
    name: argument.name(),
    text: command.args[index],
  }));
  const wrong = [...given, { name: 'template-id', text: templateId }].find(
    ({ name, text }) => Object.hasOwn(listings, name) && text !== undefined && !uuid.test(text),
  );
  return wrong && `find it with: vm-system ${listings[wrong.name]}`;
}
