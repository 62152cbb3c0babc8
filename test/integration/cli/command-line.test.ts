/** Wrong command lines, help, and what the terminal gets to see. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpTopics } from '#cli/help-topics';
import { hostileText, type StubHost, sessionId, startStubHost, templateId } from '../../support/stub-host.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { runInProcess } from './run-in-process.ts';

let host: StubHost;
beforeAll(async () => {
  host = await startStubHost();
});
afterAll(() => host.close());

const run = (...words: string[]) => runInProcess({ words, env: { VM_SYSTEM_URL: host.url } });
const hint = 'See "vm-system help", or add --help to the command. (USAGE)\n';

const unknownTopic = (topic: string, guess = '') =>
  `There is no help topic or command "${topic}".${guess} Topics: ${Object.keys(helpTopics).join(', ')}. (USAGE)\n`;

const mistakes: [words: string[], message: string][] = [
  [['tempalte'], `unknown command 'tempalte' (Did you mean template?) ${hint}`],
  [['template', 'lst'], `unknown command 'lst' (Did you mean list?) ${hint}`],
  [['help', 'library'], unknownTopic('library', ' Did you mean libraries?')],
  [['help', 'sesion'], unknownTopic('sesion', ' Did you mean session?')],
  [['help', 'template', 'crate'], unknownTopic('template crate', ' Did you mean template create?')],
  [['template', 'create'], `required option '--name <name>' not specified. ${hint}`],
  [['template', 'get'], `missing required argument 'template-id'. ${hint}`],
  [['template', 'list', 'more'], `too many arguments for 'list'. Expected 0 arguments but got 1: more. ${hint}`],
  [['ops', 'health', '--fast'], `unknown option '--fast'. ${hint}`],
  [
    ['--log-level', 'loud', 'ops', 'health'],
    `option '--log-level <level>' argument 'loud' is invalid. Allowed choices are debug, info, warn, error. ${hint}`,
  ],
  [
    ['exec', 'list', sessionId, '--limit', 'many'],
    `option '--limit <n>' argument 'many' is invalid. It must be a whole number. ${hint}`,
  ],
  [
    ['template', 'settings', templateId, '--esm', 'yes'],
    `option '--esm <on|off>' argument 'yes' is invalid. It must be "on" or "off". ${hint}`,
  ],
  [
    ['template', 'update', templateId],
    'No change is named. Name at least one, such as --name notebook-2 or --no-active. (USAGE)\n',
  ],
  [['template', 'set-limits', templateId], 'No limit is named. Name at least one, such as --cpu-ms 10000. (USAGE)\n'],
  [
    ['template', 'get', ''],
    `command-argument value '' is invalid for argument 'template-id'. It must not be empty. ${hint}`,
  ],
  [
    ['template', 'remove-module', templateId, '--name', '..'],
    `option '--name <name>' argument '..' is invalid. It must be an id or a name. ${hint}`,
  ],
  [
    ['serve', '--listen', 'localhost:99999'],
    `option '--listen <address>' argument 'localhost:99999' is invalid. It must be HOST:PORT, such as 127.0.0.1:3210. ${hint}`,
  ],
  ...['0', '-1', '1.5', 'many'].map((text): [string[], string] => [
    ['serve', '--max-live', text],
    `option '--max-live <n>' argument '${text}' is invalid. It must be a whole number of at least 1. ${hint}`,
  ]),
  [
    ['--server-url', 'localhost', 'ops', 'health'],
    '--server-url is "localhost", which is no address such as http://127.0.0.1:3210. (USAGE)\n',
  ],
  [['help', 'everything'], unknownTopic('everything')],
];
it.for(mistakes)('%j is a usage error', async ([words, message]) => {
  expect(await run(...words)).toEqual({ code: 2, stdout: '', stderr: `Error: ${message}` });
});

it.for(['--server-url', 'VM_SYSTEM_URL'])('takes host and port without a scheme for http: %s', async (source) => {
  const address = `127.0.0.1:${host.port}`;
  const words = ['ops', 'health', ...(source === '--server-url' ? [source, address] : [])];
  const env = source === '--server-url' ? {} : { [source]: address };
  expect(await runInProcess({ words, env })).toMatchObject({ code: 0, stderr: '' });
});

it('says where the JSON of an option breaks', async () => {
  const { code, stderr } = await run('exec', 'run-file', sessionId, 'a.js', '--args', '{"year": twenty}');
  expect(code).toBe(2);
  expect(stderr).toContain(
    `option '--args <json>' argument '{"year": twenty}' is invalid. It must be JSON, but it breaks at position 10: `,
  );
});

describe('JSON that comes from elsewhere', () => {
  const runFile = (workingFolder: string, stdin: string | Uint8Array, ...flags: string[]) =>
    runInProcess({ words: ['exec', 'run-file', sessionId, 'a.js', ...flags], workingFolder, stdin });
  const cases: [flags: string[], stdin: string, message: string][] = [
    [['--args', '@none.json'], '', 'The file FOLDER/none.json could not be read as UTF-8 text: ENOENT: no such file'],
    [['--args', '@.'], '', 'The file FOLDER could not be read as UTF-8 text: EISDIR: '],
    [['--args', '@'], '', "option '--args <json>' argument '@' is invalid. It must name a file, such as @data.json. "],
    [['--args', '@latin.json'], '', 'The file FOLDER/latin.json could not be read as UTF-8 text: '],
    [['--args', '@broken.json'], '', '--args from broken.json: It must be JSON, but it breaks at position 5: '],
    [['--env', '@list.json'], '', '--env from list.json: It must be a JSON object'],
    [['--args', '-'], '{', '--args from standard input: It must be JSON, but it breaks at position 1: '],
    [['--args', '-', '--env', '-'], '{}', 'Standard input can be read only once: name a file instead.'],
  ];
  it.for(cases)('%j with %j on standard input is a usage error', async ([flags, stdin, message]) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'latin.json'), new Uint8Array([0x22, 0xff, 0x22]));
    writeFileSync(join(folder, 'broken.json'), '{"a":x}');
    writeFileSync(join(folder, 'list.json'), '[]');
    const { code, stdout, stderr } = await runFile(folder, stdin, ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Error: ${message.replace('FOLDER', folder)}`);
    expect(stderr).toMatch(/\(USAGE\)\n$/);
  });
});

it('asks for an object where a list would make no sense', async () => {
  const { code, stderr } = await run('exec', 'run-file', sessionId, 'a.js', '--env', '[]');
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('It must be a JSON object') });
});

it('names the variable when its address is wrong', async () => {
  const { code, stderr } = await runInProcess({ words: ['ops', 'health'], env: { VM_SYSTEM_URL: 'nowhere' } });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'Error: VM_SYSTEM_URL is "nowhere", which is no address such as http://127.0.0.1:3210. (USAGE)\n',
  });
});

it('refuses standard input that is no text', async () => {
  const words = ['exec', 'repl', sessionId, '-'];
  const stdin = new Uint8Array([0x61, 0xff]);
  expect(await runInProcess({ words, stdin, env: { VM_SYSTEM_URL: host.url } })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'Error: Standard input could not be read as UTF-8 text. (USAGE)\n',
  });
});

it('prints the help of a group that is called without a command, and exits as for a mistake', async () => {
  const { code, stdout, stderr } = await run('session');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: vm-system session /);
});

it('lists topics and commands for help alone', async () => {
  const { code, stdout } = await run('help');
  expect(code).toBe(0);
  for (const word of [...Object.keys(helpTopics), 'serve', 'template', 'session', 'exec', 'ops', 'libs']) {
    expect(stdout).toMatch(new RegExp(`^  ${word} `, 'm'));
  }
});

it('shows the same for help of a command as for its --help', async () => {
  const { stdout } = await run('help', 'template', 'create');
  expect(stdout).toBe((await run('template', 'create', '--help')).stdout);
  expect(stdout).toMatch(/\nExample:\n {2}vm-system template create --name notebook\n/);
});

it.for(Object.keys(helpTopics))('help %s prints the topic without marks of Markdown', async (topic) => {
  const { code, stdout, stderr } = await run('help', topic);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\S.*\n=+\n/);
  expect(stdout).not.toMatch(/^```|\*\*|^#+ /m);
});

it('prints the version of the package', async () => {
  const { code, stdout } = await run('--version');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it('lets no escape sequence of a guest reach the terminal, and keeps the meaning of the JSON', async () => {
  for (const flags of [[], ['--json'], ['--follow'], ['--follow', '--json']]) {
    const { stdout } = await run('exec', 'repl', sessionId, hostileText, ...flags);
    expect(stdout).not.toMatch(/(?![\n])[\p{Cc}\p{Bidi_Control}]/u);
  }
  const { stdout } = await run('exec', 'repl', sessionId, hostileText, '--json');
  expect(JSON.parse(stdout).input).toBe(hostileText);
});

it('lets no escape sequence reach the terminal through an error either', async () => {
  const { stderr } = await run('template', 'get', hostileText);
  expect(stderr).not.toMatch(/(?![\n])[\p{Cc}\p{Bidi_Control}]/u);
});

const colored = (env: Record<string, string>, ...words: string[]) =>
  runInProcess({ words, isTerminal: true, env: { VM_SYSTEM_URL: host.url, ...env } });

it('uses colour on a terminal only, and not where people decline it', async () => {
  expect((await colored({}, 'template', 'list')).stdout).toContain('\u001b[1mTEMPLATE ID');
  expect((await colored({}, 'help', 'examples')).stdout).toContain('\u001b[1mExamples');
  expect((await colored({}, 'nothing')).stderr).toContain('\u001b[31mError:');
  for (const run of [colored({ NO_COLOR: '1' }, 'template', 'list'), colored({}, 'template', 'list', '--no-color')]) {
    expect((await run).stdout).not.toContain('\u001b');
  }
  expect((await run('template', 'list')).stdout).not.toContain('\u001b');
});

it('writes each call to stderr with --log-level debug', async () => {
  const { stderr } = await run('--log-level', 'debug', 'template', 'list');
  expect(stderr).toMatch(/^debug: GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/templates 200 in \d+ ms\n$/);
});

it('shows what lies in the cache folder', async () => {
  const folder = temporaryFolder();
  const cache = join(folder, '.vm-cache', 'libraries');
  const run = (...words: string[]) => runInProcess({ words: ['libs', 'cache-info', ...words], workingFolder: folder });
  const head = (path: string) => `Cache directory: ${path}\nCached libraries:`;
  expect(await run()).toMatchObject({ code: 0, stdout: `${head(cache)} 0\nTotal size: 0 bytes\n` });
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'lodash-4.17.21.js'), '12345');
  writeFileSync(join(cache, 'readme.txt'), 'no library');
  const stdout = `${head(cache)} 1\nTotal size: 5 bytes\n  lodash-4.17.21 (5 bytes, damaged: it has no record of its digest)\n`;
  expect(await run()).toEqual({ code: 0, stdout, stderr: '' });
  expect(await run('--cache-dir', '.vm-cache/libraries')).toMatchObject({ stdout });
});
