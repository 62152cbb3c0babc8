/** `vm-system help`: topics to read, and the help of any command. */
import type { Command } from 'commander';
import { nearestWord } from '#shared/nearest-word';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { renderMarkdown } from '../format/render-markdown.ts';
import { helpTopics, isHelpTopic, readHelpTopic } from '../help-topics.ts';
import { examples } from '../options/examples.ts';

export function addHelpCommand(program: Command, cli: Cli): void {
  program
    .helpCommand(false)
    .command('help')
    .description('read about a topic, or about a command')
    .argument('[topic...]', 'a topic, or the words of a command')
    .addHelpText('after', examples('help getting-started', 'help template create'))
    .action(async (words: string[]) => {
      const topic = words.join(' ');
      if (isHelpTopic(topic)) return showTopic(cli, topic);
      const command = findCommand(program, words);
      if (command === undefined) throw unknownTopic(topic, wordsOf(program));
      command.outputHelp();
    });
  program.addHelpText('after', () => topicList());
}

async function showTopic(cli: Cli, topic: string): Promise<void> {
  const markdown = await readHelpTopic(cli.process.rootFolder, topic);
  if (cli.output.json) return cli.output.show({ topic, markdown }, []);
  cli.output.showDocument((color) => renderMarkdown(markdown, color));
}

/** No words find the program itself. */
function findCommand(start: Command, words: readonly string[]): Command | undefined {
  const [word, ...rest] = words;
  if (word === undefined) return start;
  const next = start.commands.find((command) => command.name() === word || command.aliases().includes(word));
  return next && findCommand(next, rest);
}

/** What could have been asked for of a command and those beneath it, as it is written. */
function wordsOf(command: Command, path: readonly string[] = []): string[] {
  const beneath = command.commands.flatMap((next) => wordsOf(next, [...path, next.name()]));
  return path.length === 0 ? beneath : [path.join(' '), ...beneath];
}

/** Commander guesses at commands only: to it, what follows "help" is an argument like any other. */
function unknownTopic(topic: string, commands: readonly string[]): CliError {
  const topics = Object.keys(helpTopics);
  const meant = nearestWord(topic, [...topics, ...commands]);
  const guess = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return new CliError('USAGE', `There is no help topic or command "${topic}".${guess} Topics: ${topics.join(', ')}.`);
}

function topicList(): string {
  const widest = Math.max(...Object.keys(helpTopics).map((name) => name.length));
  const lines = Object.entries(helpTopics).map(([name, summary]) => `  ${name.padEnd(widest)}  ${summary}`);
  return `\nTopics, to read with "vm-system help TOPIC":\n${lines.join('\n')}`;
}
