/** The command tree itself: what is documented, and what `serve` hands on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isContractProcedure } from '@orpc/contract';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import type { CliProcess } from '#cli/cli-process';
import type { HostOptions } from '#cli/commands/serve';
import { helpTopics } from '#cli/help-topics';
import { createProgram } from '#cli/program';
import { errorTable, exitCodes } from '#shared/contract/error';
import { limitNameSchema } from '#shared/contract/execution';
import { contract } from '#shared/contract/router';
import { defaultSettings, settingsSchema } from '#shared/contract/template';

const rootFolder = join(import.meta.dirname, '..', '..', '..');
const helpFolder = join(rootFolder, 'resources', 'help');
const readTopic = (topic: string) => readFileSync(join(helpFolder, `${topic}.md`), 'utf8');

const cliProcess: CliProcess = {
  stdin: Readable.from([]),
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  platform: 'linux',
  homeFolder: '/nonexistent',
  workingFolder: '/nonexistent',
  rootFolder,
  onInterrupt: () => () => undefined,
};

const { command: program } = createProgram({ process: cliProcess, version: '0.0.0' });

function leavesOf(command: Command, path: string[] = []): { path: string; command: Command }[] {
  if (command.commands.length === 0) return [{ path: path.join(' '), command }];
  return command.commands.flatMap((next) => leavesOf(next, [...path, next.name()]));
}

const leaves = leavesOf(program);

it('has every command and option in the command reference', () => {
  const reference = readTopic('cli-command-reference');
  const missing = leaves.flatMap(({ path, command }) => {
    const entry = entryOf(reference, path);
    const options = command.options.flatMap(({ long }) => long ?? []).filter((long) => !entry.includes(`\`${long}`));
    return [...(entry === '' ? [path] : []), ...options.map((long) => `${path} ${long}`)];
  });
  const globals = program.options.flatMap(({ long }) => long ?? []).filter((long) => !reference.includes(`\`${long}`));
  expect([...missing, ...globals]).toEqual([]);
});

it('has no command in the command reference that does not exist', () => {
  const documented = [...readTopic('cli-command-reference').matchAll(/^- `((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)/gm)];
  const known = new Set(leaves.map(({ path }) => path));
  expect(documented.map(([, path = '']) => path).filter((path) => !known.has(path))).toEqual([]);
});

it('gives every command a description and an example', () => {
  const poor = leaves.filter(({ command }) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    return command.description() === '' || !/\nExamples?:\n {2}vm-system /.test(help);
  });
  expect(poor.map(({ path }) => path)).toEqual([]);
});

it('describes itself, its groups and its commands as sentences in their own help', () => {
  const groups = program.commands.filter(({ commands }) => commands.length > 0);
  const notSentences = [program, ...groups, ...leaves.map(({ command }) => command)].filter((command) => {
    const [, description = ''] = command.helpInformation().split('\n\n');
    return !/^[A-Z].*[.]$/s.test(description);
  });
  expect(notSentences.map((command) => command.name())).toEqual([]);
});

it('has a file for every help topic, and a topic for every file', () => {
  const files = readdirSync(helpFolder).map((file) => file.replace(/\.md$/, ''));
  expect(files.sort()).toEqual(Object.keys(helpTopics).sort());
});

it('has every route and every error code in the API reference', () => {
  const reference = readTopic('api-reference');
  const documented = new Set(
    [...reference.matchAll(/^([A-Z]+) +(\/[^ ?\n]*)/gm)].map(([, method, path]) => `${method} ${path}`),
  );
  const missingRoutes = Object.values(contract)
    .flatMap((group) => Object.values(group).filter(isContractProcedure))
    .map((procedure) => `${procedure['~orpc'].route.method} ${procedure['~orpc'].route.path}`)
    .filter((route) => !documented.has(route));
  const missingCodes = Object.entries(errorTable).filter(
    ([code, { http }]) => !new RegExp(`^- ${http} [^:]*\`${code}\``, 'm').test(reference),
  );
  expect([...missingRoutes, ...missingCodes]).toEqual([]);
});

it('names the default, the least and the most of every limit in the help', () => {
  const topic = readTopic('templates-and-sessions');
  const shape = settingsSchema.shape.limits.shape;
  const missing = Object.entries(defaultSettings.limits).filter(([name, value]) => {
    const { minValue, maxValue } = shape[limitNameSchema.parse(name)];
    return !topic.includes(`- \`${name}\` (${value}; ${minValue} to ${maxValue}): `);
  });
  expect(missing).toEqual([]);
});

it('has every exit code in the command reference', () => {
  const reference = readTopic('cli-command-reference');
  const missing = [...Object.values(exitCodes), 130].filter((code) => !new RegExp(`^- ${code}: `, 'm').test(reference));
  expect(missing).toEqual([]);
});

it('hands the flags of serve on to the host, and ends with its exit code', async () => {
  const started: HostOptions[] = [];
  const serve = async (options: HostOptions) => {
    started.push(options);
    return 7;
  };
  const run = async (...words: string[]) => {
    const { command, cli } = createProgram({ process: cliProcess, version: '0.0.0', serve });
    await command.parseAsync(words, { from: 'user' });
    return cli.exitCode;
  };
  const flags = ['--listen', '127.0.0.1:4000', '--db', 'a.db', '--access', 'token', '--cache-dir', 'b'];
  expect(await run('serve')).toBe(7);
  expect(await run('--log-level', 'debug', 'serve', ...flags, '--max-live', '3')).toBe(7);
  expect(started).toEqual([
    {
      listen: '127.0.0.1:3210',
      databasePath: 'vm-system.db',
      access: 'compat',
      libraryCacheDirectory: '.vm-cache/libraries',
      logLevel: 'info',
    },
    {
      listen: '127.0.0.1:4000',
      databasePath: 'a.db',
      access: 'token',
      libraryCacheDirectory: 'b',
      logLevel: 'debug',
      maxLive: 3,
    },
  ]);
});

/** The entry of a command in the reference: its line, and the indented ones below it. */
function entryOf(reference: string, path: string): string {
  const lines = reference.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^- \`${path}[\` ]`).test(line));
  if (start < 0) return '';
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith('  '));
  return lines.slice(start, start + 1 + length).join('\n');
}
