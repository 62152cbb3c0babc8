/** The help topics: one Markdown file each under resources/help, shown by `vm-system help` and readable on their own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const helpTopics: Readonly<Record<string, string>> = {
  'getting-started': 'from nothing to a first result in five minutes',
  architecture: 'what the parts are and how they work together',
  'templates-and-sessions': 'what a runtime may do, and how long it lives',
  repl: 'the language of snippets, and what they show',
  modules: 'files, commands, databases, the network, and imports',
  libraries: 'packages of npm in a session',
  'api-reference': 'the REST interface',
  'cli-command-reference': 'every command and flag, and the exit codes',
  examples: 'recipes to copy',
  contributing: 'how to work on vm-system itself',
};

export function isHelpTopic(name: string): boolean {
  return Object.hasOwn(helpTopics, name);
}

export function readHelpTopic(rootFolder: string, topic: string): Promise<string> {
  return readFile(join(rootFolder, 'resources', 'help', `${topic}.md`), 'utf8');
}
