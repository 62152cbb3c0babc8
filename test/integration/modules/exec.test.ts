/** The `exec` module through a real runtime: what it gives, what it refuses, and what is left of what it ran: nothing. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Limits } from '#shared/contract/template';
import { becomeLiving, living, newSleepTime } from '../../support/living-processes.ts';
import { longestLagMs } from '../../support/loop-lag.ts';
import { newModuleHost, outcomeOf, sharedModuleHost } from '../../support/module-host.ts';
import { runRequest } from '../../support/run-code.ts';

const shared = sharedModuleHost();
const everything = { commands: ['*'] };

/** Runs one call, and shows what it threw by the fields that matter. */
const call = (args: string) => `
  try { require('exec').run(${args}) } catch (error) {
    ({ name: error.name, code: error.code, signal: error.signal, message: error.message, stderr: error.stderr })
  }`;

async function exec(args: string, config: { commands: string[]; [key: string]: unknown } = everything, limits = {}) {
  return outcomeOf(
    await shared().run({ name: 'exec', config: JSON.parse(JSON.stringify(config)), limits }, call(args)),
  );
}

describe('a command', () => {
  test('gives what it printed, and prints it as events', async () => {
    const finished = await shared().run(
      { name: 'exec', config: { commands: ['sh'] } },
      `require('exec').run('sh', ['-c', 'echo out; echo err >&2'])`,
    );
    expect(outcomeOf(finished)).toBe('out\n');
    expect(finished.events.map(({ type, payload }) => [type, payload])).toEqual(
      expect.arrayContaining([
        ['stdout', { text: 'out\n' }],
        ['stderr', { text: 'err\n' }],
      ]),
    );
  });

  test('that fails throws its code and what it said', async () => {
    const thrown = await exec(`'sh', ['-c', 'echo partly; echo broken >&2; exit 3']`);
    expect(thrown).toMatchObject({ name: 'Error', code: 3, signal: null, stderr: 'broken\n' });
    expect(thrown).toMatchObject({ message: 'The command "sh" ended with exit code 3: broken' });
  });

  test('that is killed throws its signal', async () => {
    expect(await exec(`'sh', ['-c', 'kill -9 $$']`)).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('prints while it runs', async () => {
    const host = newModuleHost();
    const runtime = await host.open({ name: 'exec', config: everything });
    const goOn = join(host.worktree, 'go-on');
    const script = 'echo one; while [ ! -e go-on ]; do sleep 0.01; done; echo two';
    const outcome = await runtime.run(runRequest(`require('exec').run('sh', ['-c', '${script}'])`), (events) => {
      if (events.some(({ payload }) => 'text' in payload && payload.text === 'one\n')) writeFileSync(goOn, '');
    });
    expect(outcome.end).toMatchObject({ value: { json: 'one\ntwo\n' } });
  });

  test('reads its input and nothing else', async () => {
    expect(await exec(`'cat', [], { input: 'grüße' }`)).toBe('grüße');
    expect(await exec(`'cat'`)).toBe('');
    expect(await exec(`'true', [], { input: 'x'.repeat(1e6) }`)).toBe('');
  });

  test('works in a folder of the worktree', async () => {
    const host = newModuleHost();
    mkdirSync(join(host.worktree, 'sub'));
    const source = `const { run } = require('exec'); [run('pwd'), run('pwd', [], { cwd: 'sub' })]`;
    expect(outcomeOf(await host.run({ name: 'exec', config: everything }, source))).toEqual([
      `${host.worktree}\n`,
      `${host.worktree}/sub\n`,
    ]);
  });

  test('keeps text whole where a character comes in two pieces', async () => {
    expect(await exec(`'sh', ['-c', 'printf "\\\\303"; sleep 0.1; printf "\\\\274"']`)).toBe('ü');
  });

  test('keeps a mebibyte of what it is given more of, and says so', async () => {
    const finished = await shared().run(
      { name: 'exec', config: everything, limits: { max_output_kb: 4096 } },
      `require('exec').run('head', ['-c', '3000000', '/dev/zero']).length`,
    );
    expect(outcomeOf(finished)).toBe(1024 * 1024);
    expect(finished.events.at(-1)).toMatchObject({
      type: 'stderr',
      payload: { text: expect.stringContaining('kept') },
    });
  });
});

describe('a command is refused', () => {
  test('where the template allows none, with the rule and what allows it', async () => {
    const host = newModuleHost();
    const message = outcomeOf(await host.run({ name: 'exec' }, `require('exec').run('git', ['status'])`));
    expect(message).toContain('The command "git" is not allowed');
    expect(message).toContain(
      `vm-system template add-capability TEMPLATE --kind module --name exec --config '{"commands":["git"]}'`,
    );
  });

  const names = [
    'sh',
    '/bin/echo',
    '/usr/bin/echo',
    './echo',
    '../echo',
    'bin/../echo',
    'Echo',
    'echo ',
    ' echo',
    '*',
    '',
  ];
  test.each(names)('that is not allowed by that very name: %j', async (name) => {
    expect(await exec(JSON.stringify(name), { commands: ['echo'] })).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
  });

  test.each(['./echo', '../echo', 'bin/echo', '..', '.', 'a\\b'])(
    'that is a relative path, by whatever list: %j',
    async (name) => {
      expect(await exec(JSON.stringify(name))).toMatchObject({
        code: expect.stringMatching(/COMMAND_NOT_ALLOWED|ENOENT/),
      });
    },
  );

  test('and a program of the worktree is never taken for one of the PATH', async () => {
    const host = newModuleHost();
    symlinkSync('/bin/sh', join(host.worktree, 'echo'));
    writeFileSync(join(host.worktree, 'own'), '#!/bin/sh\necho own\n', { mode: 0o755 });
    const source = `${call(`'own'`)}`;
    expect(outcomeOf(await host.run({ name: 'exec', config: everything }, source))).toMatchObject({ code: 'ENOENT' });
    const echoed = `require('exec').run('echo', ['-c', 'id'])`;
    expect(outcomeOf(await host.run({ name: 'exec', config: { commands: ['echo'] } }, echoed))).toBe('-c id\n');
  });

  test('that is no program', async () => {
    expect(await exec(`'/etc/passwd'`)).toMatchObject({ code: 'ENOENT' });
    expect(await exec(`'/tmp'`)).toMatchObject({ code: 'ENOENT' });
    expect(await exec(`'no-such-command'`)).toMatchObject({ code: 'ENOENT' });
  });

  test('with arguments that cannot be passed', async () => {
    for (const args of [
      `'echo', ['a\\0b']`,
      `'ec\\0ho'`,
      `'echo', ['x'.repeat(1e6)]`,
      `'echo', new Array(400000).fill('xx')`,
      `'echo', 'no list'`,
      `'echo', [{}]`,
      `'echo', [Symbol()]`,
      `42`,
      `'echo', [], { env: { A: 1 } }`,
      `'echo', [], { env: { A: 'a\\0b' } }`,
      `'echo', [], { cwd: 5 }`,
      `'echo', [], { timeout_ms: -1 }`,
      `'echo', [], { timeout_ms: Infinity, input: {} }`,
    ]) {
      expect([args, await exec(args)]).toMatchObject([args, { name: 'TypeError' }]);
    }
  });

  test.each([
    ['timeout', '{ timeout: 100 }'],
    ['shell', '{ cwd: ".", shell: true }'],
    ['onExit', '{ onExit() {} }'],
    ['Symbol(own)', '{ [Symbol("own")]: 1 }'],
    ['command', '{ command: "id" }'],
  ])('with the option %s, which there is not', async (name, options) => {
    expect(await exec(`'echo', ['ran'], ${options}`)).toMatchObject({
      name: 'TypeError',
      message: `exec.run has no option "${name}"; its options are cwd, env, timeout_ms and input`,
    });
  });

  test('with options that are no object', async () => {
    for (const options of ['null', '5', '"x"']) {
      expect(await exec(`'echo', [], ${options}`)).toMatchObject({
        name: 'TypeError',
        message: 'The options of exec.run have to be an object',
      });
    }
  });

  test.each(['..', '/', '/tmp', 'outside', 'sub/../..', 'file', 'missing', '../worktree-2', 'a\\b', 'sub/outside'])(
    'in the folder %j, which is not in the worktree',
    async (cwd) => {
      const host = newModuleHost();
      mkdirSync(join(host.worktree, 'sub'));
      mkdirSync(join(host.folder, 'worktree-2'));
      writeFileSync(join(host.worktree, 'file'), '');
      symlinkSync(tmpdir(), join(host.worktree, 'outside'));
      symlinkSync('../..', join(host.worktree, 'sub/outside'));
      const config = { name: 'exec', config: everything } as const;
      expect(outcomeOf(await host.run(config, call(`'pwd', [], { cwd: ${JSON.stringify(cwd)} }`)))).toMatchObject({
        code: expect.stringMatching(/^(INVALID_PATH|FILE_NOT_FOUND)$/),
      });
    },
  );
});

describe('the arguments of a command', () => {
  test('are read by no shell', async () => {
    const args = ['; id', '$(id)', '`id`', '&& ls', '| cat', '> stolen', '*', '~', '$HOME', "'", '"', '\n', '\\', '-e'];
    const host = newModuleHost();
    const source = `require('exec').run('printf', ['<%s>', ...${JSON.stringify(args)}])`;
    const outcome = await host.run({ name: 'exec', config: { commands: ['printf'] } }, source);
    expect(outcomeOf(outcome)).toBe(args.map((arg) => `<${arg}>`).join(''));
    expect(existsSync(join(host.worktree, 'stolen'))).toBe(false);
  });
});

describe('the environment of a command', () => {
  test('is made from scratch', async () => {
    process.env.EXEC_TEST_PLAIN = 'plain';
    onTestFinished(() => {
      delete process.env.EXEC_TEST_PLAIN;
    });
    const names = async (config: { commands: string[]; env?: string[] }, options = '') =>
      String(await exec(`'env', []${options}`, config))
        .split('\n')
        .map((line) => line.split('=')[0] ?? '')
        .filter((name) => name !== '' && !name.startsWith('GIT_'))
        .sort();
    const basic = ['HOME', 'LANG', 'PATH', 'TERM', 'TMPDIR', 'VM_SYSTEM_EXEC'];
    expect(await names({ commands: ['env'] })).toEqual(basic);
    expect(await names({ commands: ['env'], env: ['EXEC_TEST_PLAIN', 'EXEC_TEST_ABSENT'] })).toEqual(
      ['EXEC_TEST_PLAIN', ...basic].sort(),
    );
    const listing = { commands: ['env'], env: ['OWN'] };
    expect(await names(listing, ', { env: { OWN: "1", TZ: "UTC" } }')).toEqual([...basic, 'OWN', 'TZ'].sort());
  });

  const unlisted = ['OWN', 'XDG_CONFIG_HOME', 'TAR_OPTIONS', 'MAKEFILES', 'OPENSSL_CONF', 'ZDOTDIR', 'HTTPS_PROXY'];
  test.each(unlisted)('takes no %s from a call, unless the template lists it', async (name) => {
    const thrown = await exec(`'env', [], { env: { ${name}: 'x' } }`);
    expect(thrown).toMatchObject({ code: 'ENV_NOT_ALLOWED', message: expect.stringMatching(/update-capability/) });
  });

  const smuggled = [
    'LD_PRELOAD',
    'ld_preload',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'ELECTRON_RUN_AS_NODE',
    'BASH_ENV',
    'ENV',
    'BASH_FUNC_ls%%',
    'PATH',
    'HOME',
    'TMPDIR',
    'IFS',
    'PERL5OPT',
    'PYTHONSTARTUP',
    'RUBYOPT',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_COUNT',
    'GIT_EXTERNAL_DIFF',
    'PAGER',
    'EDITOR',
    'SSH_AUTH_SOCK',
    'AWS_PROFILE',
    'GITHUB_TOKEN',
    'API_KEY',
    'VM_SYSTEM_EXEC',
    'A=B',
    '',
    'A B',
    '1A',
    'Ä',
  ];
  test.each(smuggled)('never has %j, named by the call or by the template', async (name) => {
    const env = JSON.stringify({ [name]: '/tmp/x' });
    expect(await exec(`'env', [], { env: ${env} }`)).toMatchObject({ code: 'ENV_NOT_ALLOWED' });
    if (name.trim() === '') return;
    expect(await exec(`'env'`, { commands: ['env'], env: [name] })).toMatchObject({ code: 'ENV_NOT_ALLOWED' });
  });
});

describe('nothing is left of a command', () => {
  const time = '$TIME';
  const sh = (script: string, timeoutMs = 400) =>
    `'sh', ['-c', ${JSON.stringify(script)}], { timeout_ms: ${timeoutMs} }`;
  const attacks: [title: string, args: string, code: unknown][] = [
    ['that sleeps', `'sleep', ['${time}'], { timeout_ms: 300 }`, 'ETIMEDOUT'],
    ['with children', sh(`sleep ${time} & sleep ${time} & wait`), 'ETIMEDOUT'],
    ['with grandchildren', sh(`sh -c "sh -c 'sleep ${time}; :' & wait" & wait`), 'ETIMEDOUT'],
    ['that does not listen', sh(`trap "" TERM; sleep ${time}; sleep ${time}`), 'ETIMEDOUT'],
    ['that stops itself', sh(`sleep ${time} & kill -STOP $$`), 'ETIMEDOUT'],
    ['that leaves children behind', sh(`sleep ${time} & exit 0`), undefined],
    ['that leaves children behind which print', sh(`(echo late; sleep ${time}) & sleep 0.1; exit 5`), 5],
    ['that makes a session of its own', `'setsid', ['sleep', '${time}']`, undefined],
    [
      'that forks twice',
      sh(`(setsid sh -c 'sleep ${time} & sleep ${time}' </dev/null >/dev/null 2>&1 &) &`),
      undefined,
    ],
    ['that drops its environment', sh(`env -i setsid sleep ${time} >/dev/null 2>&1 & sleep 0.1`), undefined],
    ['that closes what it was given', sh(`setsid sh -c 'sleep ${time}' 3>&- >/dev/null 2>&1 & sleep 0.1`), undefined],
    ['that hides in its group', sh(`env -i sleep ${time} 3>&- >/dev/null 2>&1 & sleep 0.1`), undefined],
    ['that ignores being hung up', sh(`nohup sleep ${time} >/dev/null 2>&1 &`), undefined],
    ['that forks many', sh(`i=0; while [ $i -lt 100 ]; do sleep ${time} & i=$((i+1)); done; wait`, 1500), 'ETIMEDOUT'],
    [
      'that forks many sessions',
      sh(`i=0; while [ $i -lt 40 ]; do setsid sleep ${time} & i=$((i+1)); done; wait`, 1500),
      'ETIMEDOUT',
    ],
    [
      'that reads for ever',
      `'tail', ['-f', '/dev/null', '--pid', '1', '-s', '${time}'], { timeout_ms: 300 }`,
      'ETIMEDOUT',
    ],
    ['that writes a gigabyte', `'sh', ['-c', 'head -c 1000000000 /dev/zero; sleep ${time}']`, 'OUTPUT_TOO_LARGE'],
    ['that complains a gigabyte', `'sh', ['-c', 'yes >&2; sleep ${time}']`, 'OUTPUT_TOO_LARGE'],
  ];
  test.each(attacks)('%s', async (_title, args, code) => {
    const sleepTime = newSleepTime();
    const host = shared();
    const grant = { name: 'exec', config: everything, limits: { max_output_kb: 8192, max_events: 10_000 } } as const;
    const runtime = await host.open(grant);
    let end: unknown;
    const lagMs = await longestLagMs(async () => {
      const { limits } = grant;
      end = (
        await runtime.run(
          runRequest(`(${thrownCode})(() => require('exec').run(${args.replaceAll(time, sleepTime)}))`, { limits }),
          () => undefined,
        )
      ).end;
    });
    // The session is still open: what ran has to be gone by the end of the call.
    expect(living(sleepTime)).toEqual([]);
    expect(end).toMatchObject({ kind: 'value', value: { json: code ?? null } });
    expect(lagMs).toBeLessThan(1000);
  });

  const thrownCode = `(run) => { try { run(); return null } catch (error) { return error.code ?? error.message } }`;

  const limits: [title: string, limits: Partial<Limits>, limit: string][] = [
    ['time', { wall_ms: 700 }, 'wall_ms'],
    ['output', { max_output_kb: 16 }, 'max_output_kb'],
  ];
  test.each(limits)('when the run exceeds its %s', async (_title, allowed, limit) => {
    const sleepTime = newSleepTime();
    const host = shared();
    const runtime = await host.open({ name: 'exec', config: everything, limits: allowed });
    const script = `head -c 100000 /dev/zero; sleep ${sleepTime}`;
    const outcome = await runtime.run(
      runRequest(
        `for (;;) try { require('exec').run('sh', ['-c', '${limit === 'wall_ms' ? '' : script}sleep ${sleepTime}']) } catch {}`,
        { limits: allowed },
      ),
      () => undefined,
    );
    expect(outcome.end).toMatchObject({ kind: 'limit', limit });
    await runtime.close();
    expect(living(sleepTime)).toEqual([]);
  });

  test.each(['cancel', 'close'] as const)('when somebody says %s', async (method) => {
    const sleepTime = newSleepTime();
    const runtime = await shared().open({ name: 'exec', config: everything });
    const script = `setsid sleep ${sleepTime} & sleep ${sleepTime}`;
    const running = runtime.run(runRequest(`require('exec').run('sh', ['-c', '${script}'])`), () => undefined);
    await becomeLiving(sleepTime, 2);
    await runtime[method]();
    expect((await running).end).toMatchObject({ kind: 'cancelled' });
    // Cancelling leaves the session open: nothing but the call is over.
    await expect.poll(() => living(sleepTime), { timeout: 10_000 }).toEqual([]);
    await runtime.close();
  });

  test('not even a folder, once the session is closed', async () => {
    const host = newModuleHost();
    const home = outcomeOf(
      await host.run(
        { name: 'exec', config: everything },
        `require('exec').run('sh', ['-c', 'touch ~/x $TMPDIR/y; cd ~; pwd'])`,
      ),
    );
    expect(home).toMatch(/^\/.*\/home\n$/);
    expect(existsSync(String(home).trim())).toBe(false);
    expect(readdirSync(host.worktree)).toEqual([]);
  });
});
