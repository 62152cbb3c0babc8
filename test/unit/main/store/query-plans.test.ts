/** Every list has an index that gives its rows in order: what grows with use must not be scanned or sorted. */
import { afterAll, describe, expect, it } from 'vitest';
import { SqliteExecutionStore } from '#main/store/execution-store';
import { closeDatabase } from '#main/store/open-database';
import { SqliteSessionStore } from '#main/store/session-store';
import { SqliteTemplateStore } from '#main/store/template-store';
import { allEvents, sampleId } from '../../../support/sample-records.ts';
import { planningDatabase } from './planning-database.ts';

const { database, plansOf, allPlans } = planningDatabase();
afterAll(() => closeDatabase(database));
const templates = new SqliteTemplateStore(database);
const sessions = new SqliteSessionStore(database);
const executions = new SqliteExecutionStore(database);
const id = sampleId(1);

describe('query plans', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    // In the order of their rowids, which is a table's own: all rows are wanted, and none is sorted.
    ['the templates', () => templates.list(), ['SCAN template']],
    [
      'the versions of a template',
      () => templates.versions(id, 50),
      ['SEARCH template_version USING INDEX sqlite_autoindex_template_version_1 (template_id=?)'],
    ],
    [
      'the newest versions of some templates',
      () => templates.policyHashes([id]),
      [
        'SEARCH template USING INDEX sqlite_autoindex_template_1 (id=?)',
        'LIST SUBQUERY 1',
        'SCAN json_each VIRTUAL TABLE INDEX 1:',
        'SEARCH template_version USING INDEX sqlite_autoindex_template_version_1 (template_id=? AND version=?)',
      ],
    ],
    ['all sessions', () => sessions.list(), ['SCAN session']],
    [
      'the sessions of a status',
      () => sessions.list('ready'),
      ['SEARCH session USING INDEX session_by_status (status=?)'],
    ],
    [
      'the ids of the sessions of a status',
      () => sessions.listIds('ready'),
      ['SEARCH session USING COVERING INDEX session_id_by_status (status=?)'],
    ],
    [
      'the executions of a session',
      () => executions.list(id, 50),
      ['SEARCH execution USING INDEX execution_by_session (session_id=?)'],
    ],
    [
      'the status of an execution',
      () => executions.statusOf(id),
      ['SEARCH execution USING INDEX sqlite_autoindex_execution_1 (id=?)'],
    ],
    [
      'the highest cell of a session',
      () => executions.lastCell(id),
      ['SEARCH execution USING COVERING INDEX execution_cell (session_id=? AND cell>?)'],
    ],
    [
      'the events of an execution',
      () => executions.events(id, 7, allEvents),
      ['SEARCH execution_event USING PRIMARY KEY (execution_id=? AND seq>?)'],
    ],
    [
      'the running executions',
      () => executions.interruptRunning('', ''),
      [
        'SEARCH execution USING INDEX execution_running (status=?)',
        'CORRELATED SCALAR SUBQUERY 1',
        'SEARCH execution_event USING PRIMARY KEY (execution_id=?)',
      ],
    ],
  ])('finds %s by index, in order', async (_, call, plan) => {
    expect(await plansOf(call)).toEqual(plan);
  });

  it('sorts nothing in memory, and scans a table only to list all of it, in any statement of any store', () => {
    const plans = allPlans();
    expect(plans.length).toBeGreaterThan(25);
    const slow = (step: string) => step.includes('TEMP B-TREE') || /^SCAN (template_|execution)\w*$/.test(step);
    expect(plans.filter(({ steps }) => steps.some(slow))).toEqual([]);
  });
});
