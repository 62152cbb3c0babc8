/** What every SessionStore does, whatever it stands on. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionStore } from '#core/ports';
import type { Session } from '#shared/contract/session';
import { sampleId, sampleSession, sampleSessionRecord, sampleTime } from '../../support/sample-records.ts';

const unknownId = sampleId(99);

export function describeSessionStore(adapter: string, open: () => SessionStore): void {
  describe(`SessionStore ${adapter}`, () => {
    let sessions: SessionStore;
    beforeEach(() => {
      sessions = open();
    });

    const insert = async (...changes: Partial<Session>[]) => {
      for (const change of changes) await sessions.insert(sampleSessionRecord(change));
    };

    it('gives a session and its policy back as they were stored, though its template is nowhere', async () => {
      const record = sampleSessionRecord({
        closed_at: sampleTime(5),
        last_error: 'ü',
        runtime_meta: { pid: [1, null] },
        policy: { hash: 'ab'.repeat(32), template_version: 3 },
      });
      await sessions.insert(record);
      expect(await sessions.find(record.session.id)).toStrictEqual(record);
      expect(await sessions.list()).toStrictEqual([record.session]);
    });

    it('leaves out what a session does not have', async () => {
      await insert({});
      expect(await sessions.find(sampleId(2))).toStrictEqual(sampleSessionRecord());
      expect(await sessions.list()).toStrictEqual([sampleSession()]);
    });

    it('finds nothing under an unknown id', async () => {
      expect(await sessions.find(unknownId)).toBeUndefined();
    });

    it('refuses a second session of one id', async () => {
      await insert({ workspace_id: 'first' });
      await expect(insert({ workspace_id: 'second' })).rejects.toThrow();
      expect(await sessions.list()).toStrictEqual([sampleSession({ workspace_id: 'first' })]);
    });

    it('lists sessions newest first, whatever the clock said when they were made', async () => {
      await insert(
        { id: sampleId(31), created_at: sampleTime(1) },
        { id: sampleId(33), created_at: sampleTime(9) },
        { id: sampleId(32), created_at: sampleTime(1) },
      );
      expect(idsOf(await sessions.list())).toEqual([sampleId(32), sampleId(33), sampleId(31)]);
    });

    it('lists the sessions of one status in the same order', async () => {
      await insert(
        { id: sampleId(31), status: 'closed' },
        { id: sampleId(32), status: 'ready' },
        { id: sampleId(33), status: 'closed' },
        { id: sampleId(34), status: 'closed', created_at: sampleTime(9) },
      );
      expect(idsOf(await sessions.list('closed'))).toEqual([sampleId(34), sampleId(33), sampleId(31)]);
      expect(await sessions.list('crashed')).toEqual([]);
    });

    it('lists the ids of one status sorted', async () => {
      await insert({ id: sampleId(33) }, { id: sampleId(31) }, { id: sampleId(32), status: 'closed' });
      expect(await sessions.listIds('ready')).toEqual([sampleId(31), sampleId(33)]);
    });

    it('writes the fields that change, and only those', async () => {
      await insert({ status: 'starting' });
      const changes = {
        status: 'closed',
        closed_at: sampleTime(7),
        last_error: 'boom',
        runtime_meta: { a: 1 },
      } as const;
      await sessions.update(sampleSession({ ...changes, worktree_path: '/elsewhere', vm_id: unknownId }));
      expect(await sessions.find(sampleId(2))).toStrictEqual(sampleSessionRecord(changes));
    });

    it('takes a field away that is no longer there', async () => {
      await insert({ last_error: 'boom', runtime_meta: { a: 1 } });
      await sessions.update(sampleSession());
      expect(await sessions.find(sampleId(2))).toStrictEqual(sampleSessionRecord());
    });

    it('refuses to change a session that does not exist', async () => {
      await expect(sessions.update(sampleSession())).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    });

    it('moves every starting session to crashed, and no other', async () => {
      await insert(
        { id: sampleId(31), status: 'starting' },
        { id: sampleId(32), status: 'ready' },
        { id: sampleId(33), status: 'starting' },
      );
      expect(await sessions.crashStarting('the host ended')).toBe(2);
      const crash = { status: 'crashed', last_error: 'the host ended' } as const;
      expect(await sessions.list()).toStrictEqual([
        sampleSession({ id: sampleId(33), ...crash }),
        sampleSession({ id: sampleId(32) }),
        sampleSession({ id: sampleId(31), ...crash }),
      ]);
      expect(await sessions.crashStarting('again')).toBe(0);
    });
  });
}

function idsOf(sessions: readonly Session[]): string[] {
  return sessions.map((session) => session.id);
}
