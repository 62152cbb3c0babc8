/** What `env` and `global` capabilities put into a guest, and what they keep out of every other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeHost } from '#core/ports';
import type { JsonValue } from '#shared/contract/primitive';
import type { Capability } from '#shared/contract/template';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';

let host: RuntimeHost;

beforeAll(() => {
  host = createRealRuntimeHost();
  process.env.VM_SYSTEM_TEST_SECRET = 'of the host';
});

afterAll(async () => {
  delete process.env.VM_SYSTEM_TEST_SECRET;
  await host.close();
});

const capability = (kind: Capability['kind'], name: string, config: JsonValue = {}, enabled = true): Capability => ({
  id: `${kind}-${name}`,
  vm_id: 't',
  kind,
  name,
  enabled,
  config,
});

async function jsonOf(source: string, ...capabilities: Capability[]) {
  const runtime = await host.open(runtimeSpec({ capabilities }));
  const { end } = await runCode(runtime, source);
  await runtime.close();
  return end.kind === 'value' ? end.value.json : end;
}

const attempt = `const attempt = (work) => { 'use strict'; try { return work() ?? 'done'; } catch (error) { return error.name; } };`;

describe('env', () => {
  test('holds what the capabilities say, or the host has, and nothing else', async () => {
    const granted = [
      capability('env', 'GIVEN', { value: 'by the template' }),
      capability('env', 'EMPTY', { value: '' }),
      capability('env', 'VM_SYSTEM_TEST_SECRET'),
      capability('env', 'VM_SYSTEM_TEST_UNSET'),
      capability('env', 'OFF', { value: 'x' }, false),
      capability('env', '__proto__', { value: 'own' }),
    ];
    expect(
      await jsonOf('[Object.keys(env), env.GIVEN, env.EMPTY, env.VM_SYSTEM_TEST_SECRET, env.OFF]', ...granted),
    ).toEqual([['GIVEN', 'EMPTY', 'VM_SYSTEM_TEST_SECRET', '__proto__'], 'by the template', '', 'of the host', null]);
  });

  test('is not there where no capability is on, whatever the host has', async () => {
    const off = capability('env', 'VM_SYSTEM_TEST_SECRET', {}, false);
    for (const capabilities of [[], [off]]) {
      expect(await jsonOf('[typeof env, typeof process]', ...capabilities)).toEqual(['undefined', 'undefined']);
    }
  });

  test('cannot be changed', async () => {
    const changes = `[() => { env.A = 'changed'; }, () => { env.B = 1; }, () => { delete env.A; }, () => { globalThis.env = 1; }, () => { delete globalThis.env; }]`;
    const source = `${attempt} (function () { 'use strict'; return [${changes}.map(attempt), env.A]; })()`;
    expect(await jsonOf(source, capability('env', 'A', { value: 'kept' }))).toEqual([
      Array(5).fill('TypeError'),
      'kept',
    ]);
  });
});

describe('a global', () => {
  const settings = { nested: { list: [1, { deep: true }] } };

  test('is a constant, however deep', async () => {
    const source = `(function () { 'use strict'; ${attempt}
      return [settings, [() => { settings = 1; }, () => { settings.x = 1; }, () => { settings.nested.list.push(1); },
        () => { settings.nested.list[1].deep = 1; }, () => { delete globalThis.settings; }].map(attempt), answer]; })()`;
    const granted = [
      capability('global', 'settings', { value: settings }),
      capability('global', 'answer', { value: 42 }),
    ];
    expect(await jsonOf(source, ...granted)).toEqual([settings, Array(5).fill('TypeError'), 42]);
  });

  test('without a value is null, and one that is off is not there', async () => {
    const granted = [capability('global', 'a'), capability('global', 'b', { value: 1 }, false)];
    expect(await jsonOf('[a, typeof b]', ...granted)).toEqual([null, 'undefined']);
  });

  test('of one template is not there in another', async () => {
    await jsonOf('1', capability('global', 'secret', { value: 'x' }), capability('env', 'SECRET', { value: 'x' }));
    expect(await jsonOf('[typeof secret, typeof env]')).toEqual(['undefined', 'undefined']);
  });

  test.each(['', 'a b', '1a', 'a-b', 'a.b', '"', 'a;b', `${'x'.repeat(3)}\n`])(
    'whose name no variable can have is refused: %j',
    async (name) => {
      await expect(host.open(runtimeSpec({ capabilities: [capability('global', name)] }))).rejects.toMatchObject({
        code: 'STARTUP_FAILED',
        message: expect.stringMatching(/"test".*remove-capability/s),
      });
    },
  );

  test.each([
    'Map',
    'URL',
    'undefined',
    'globalThis',
    'console',
    'require',
    'setTimeout',
    'toString',
    '__ARGS__',
    '$_',
    'eval',
  ])('that the runtime has already is refused: %s', async (name) => {
    const opened = host.liveCount;
    await expect(host.open(runtimeSpec({ capabilities: [capability('global', name)] }))).rejects.toMatchObject({
      code: 'STARTUP_FAILED',
      message: expect.stringContaining(`"${name}"`),
    });
    expect(host.liveCount).toBe(opened);
  });
});
