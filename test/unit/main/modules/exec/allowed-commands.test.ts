/** What a refusal advises; what is allowed at all is shown by the integration tests of the module. */
import { describe, expect, test } from 'vitest';
import { AllowedCommands } from '#main/modules/exec/allowed-commands';
import type { CommandRules } from '#main/modules/exec/command-advice';

async function refusal(command: string, rules: CommandRules): Promise<string> {
  return new AllowedCommands(rules).resolve(command).then(
    (program) => `allowed: ${program}`,
    (error: Error) => error.message,
  );
}

const capability = { id: 'C-1', vm_id: 'T-1', enabled: true, config: { commands: ['git'], timeout_ms: 5 } };

describe('a refused command comes with advice', () => {
  test.each<[string, string, CommandRules, string]>([
    ['to give arguments apart', 'git log -1', { commands: ['git'] }, `run('git', ['log', '-1'])`],
    ['to give them apart where all is allowed', 'git log', { commands: ['*'] }, `run('git', ['log'])`],
    ['to give them apart where one has a slash', 'git add a/b', { commands: ['*'] }, `run('git', ['add', 'a/b'])`],
    ['to give them apart, however they are written', `git 'a b'`, { commands: ['git'] }, `run('git', [`],
    ['to use the listed name', '/usr/bin/git', { commands: ['git'] }, 'the list has it as "git"'],
    ['to use the listed path', 'git', { commands: ['/usr/bin/git'] }, 'the list has it as "/usr/bin/git"'],
    [
      'to add a capability where there is none',
      'ls',
      { commands: [] },
      `template add-capability TEMPLATE --kind module --name exec --config '{"commands":["ls"]}'`,
    ],
    [
      'to update the one there is, and to keep what it says',
      'ls',
      { commands: ['git'], capability },
      `template update-capability T-1 C-1 --config '{"commands":["git","ls"],"timeout_ms":5}'`,
    ],
    [
      'to switch on the one there is',
      'git',
      { commands: [], capability: { ...capability, enabled: false } },
      `template update-capability T-1 C-1 --config '{"commands":["git"],"timeout_ms":5}' --enabled`,
    ],
    [
      'to list what was meant by a whole line',
      'ls -l',
      { commands: ['git'], capability },
      `--config '{"commands":["git","ls"],"timeout_ms":5}'`,
    ],
    ['that a shell reads as it is meant', 'ls', { commands: ["it's"] }, `--config '{"commands":["it'\\''s","ls"]}'`],
  ])('%s', async (_what, command, rules, advice) => {
    expect(await refusal(command, rules)).toContain(advice);
  });

  test('that has nothing of a guest a shell would read otherwise', async () => {
    const message = await refusal("x';reboot;'", { commands: [] });
    expect(message).toContain(`--config '{"commands":["git"]}'`);
  });

  test('that lists no relative path, which nothing would allow', async () => {
    const message = await refusal('./build.sh', { commands: ['git'] });
    expect(message).toContain('a name in the PATH or an absolute path');
    expect(message).not.toContain('vm-system template');
  });

  test('and names no other program where the path is not absolute', async () => {
    expect(await refusal('./git', { commands: ['git'] })).not.toContain('the list has it');
  });
});
