import { describe, expect, test } from 'vitest';
import { coreOnFakes } from '../../../../support/core-on-fakes.ts';

/** Runs to the end; its session is let go right after. */
async function runToEnd(core: ReturnType<typeof coreOnFakes>['core'], sessionId: string, input: string): Promise<void> {
  await (await repl(core, sessionId, input)).ended;
  await core.sessions.get(sessionId);
}

const repl = (core: ReturnType<typeof coreOnFakes>['core'], sessionId: string, input: string) =>
  core.executions.repl({ session_id: sessionId, input }, { keepsEvents: false });

async function sessionWith(input: string) {
  const fakes = coreOnFakes();
  const id = await fakes.newSession();
  await runToEnd(fakes.core, id, input);
  return { ...fakes, id, inspection: fakes.core.sessionInspection };
}

const labels = ({ items }: { readonly items: readonly { readonly label: string }[] }) =>
  items.map(({ label }) => label);

describe('the variables of a session', () => {
  test('are listed where it is awake', async () => {
    const { inspection, id } = await sessionWith('set total 7');
    expect(await inspection.globals(id)).toMatchObject({ awake: true, variables: [{ name: 'total', preview: '7' }] });
  });

  test('are none where it sleeps, and asking does not wake it', async () => {
    const { inspection, id, core, runtimes } = await sessionWith('set total 7');
    await runToEnd(core, id, 'fault gone');
    const before = runtimes.opened.length;
    expect(await inspection.globals(id)).toEqual({ awake: false, variables: [], truncated: false });
    expect(runtimes.opened.length).toBe(before);
  });

  test('are refused while an execution runs, which they name, and given when it has ended', async () => {
    const { inspection, id, core } = await sessionWith('set total 7');
    const { execution, ended } = await repl(core, id, 'wait');
    const refused = { code: 'SESSION_BUSY', details: { session_id: id, execution_id: execution.id } };
    await expect(inspection.globals(id)).rejects.toMatchObject(refused);
    await expect(inspection.complete(id, { code: '', cursor: 0 })).rejects.toMatchObject(refused);
    await core.executions.cancel(execution.id);
    await ended;
    await core.sessions.get(id);
    expect(await inspection.globals(id)).toMatchObject({ awake: true });
  });

  test('are refused of a session that is closed, or not there', async () => {
    const { inspection, id, core } = await sessionWith('set total 7');
    await core.sessions.close(id);
    await expect(inspection.globals(id)).rejects.toMatchObject({ code: 'SESSION_NOT_READY' });
    await expect(inspection.globals('00000000-0000-4000-8000-00000000dead')).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
  });
});

describe('completions', () => {
  test('are the names of the session first, then words of the code, then keywords', async () => {
    const { inspection, id } = await sessionWith('set total 7');
    const code = 'const tomorrow = 1; t';
    const completion = await inspection.complete(id, { code, cursor: code.length });
    expect(completion).toMatchObject({ from: code.length - 1, to: code.length });
    expect(labels(completion).slice(0, 4)).toEqual(['total', 'tomorrow', 'this', 'throw']);
  });

  test('of a member are those of the value', async () => {
    const { inspection, id } = await sessionWith('set point {"x":1,"deep":{"down":2}}');
    const at = (code: string) => inspection.complete(id, { code, cursor: code.length }).then(labels);
    expect([await at('point.'), await at('point.deep.do'), await at('point.x.')]).toEqual([
      ['deep', 'x'],
      ['down'],
      [],
    ]);
  });

  test('find names by their letters, whatever their case', async () => {
    const { inspection, id } = await sessionWith('set totalCount 7\nset Total 1\nset subtotal 2\nset t_o_t 3');
    expect(labels(await inspection.complete(id, { code: 'tot', cursor: 3 }))).toEqual([
      'totalCount',
      'Total',
      'subtotal',
      't_o_t',
    ]);
  });

  test('of a session that sleeps are what every session has', async () => {
    const { inspection, id, core, runtimes } = await sessionWith('set total 7');
    await runToEnd(core, id, 'fault gone');
    const before = runtimes.opened.length;
    expect(labels(await inspection.complete(id, { code: 'setTime', cursor: 7 }))).toEqual(['setTimeout']);
    expect(labels(await inspection.complete(id, { code: 'total', cursor: 5 }))).not.toContain('total');
    expect(runtimes.opened.length).toBe(before);
  });

  test('are at most two hundred', async () => {
    const { inspection, id } = await sessionWith('set total 7');
    const code = Array.from({ length: 500 }, (_, index) => `word${index}`).join(' ');
    const { items } = await inspection.complete(id, { code: `${code} `, cursor: code.length + 1 });
    expect(items.length).toBe(200);
  });

  test('are refused where the caret stands behind the end of the code', async () => {
    const { inspection, id } = await sessionWith('set total 7');
    await expect(inspection.complete(id, { code: 'tot', cursor: 4 })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(/cursor 4 .* 3 UTF-16 units/),
    });
    await expect(inspection.complete(id, { code: '', cursor: 1 })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(labels(await inspection.complete(id, { code: 'tot', cursor: 3 }))).toContain('total');
  });
});
