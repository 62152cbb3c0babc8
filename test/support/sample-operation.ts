/** A running operation for tests, changed where the test needs it. */
import type { Operation } from '#shared/contract/operation';
import { sampleId, sampleTime } from './sample-records.ts';

export function sampleOperation(changes: Partial<Operation> = {}): Operation {
  return {
    id: sampleId(41),
    kind: 'library_install',
    subject: 'lodash@4.17.21',
    status: 'running',
    progress: { phase: 'waiting', bytes: 0, done: 0, total: 0 },
    started_at: sampleTime(),
    ...changes,
  };
}
