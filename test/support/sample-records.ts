/** Whole, valid records for tests: a test says what matters to it and takes the rest from here. */
import type { EventPage, SessionRecord, TemplateRevision } from '#core/ports';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { Session } from '#shared/contract/session';
import {
  type Capability,
  defaultSettings,
  type StartupFile,
  type Template,
  type TemplateDetail,
} from '#shared/contract/template';

/** A page that no sample fills. */
export const allEvents: EventPage = { maxEvents: 1_000_000, maxBytes: 1e9 };

/** A valid id that a reader can tell from others: `sampleId(7)` ends in 7. */
export function sampleId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A time that many seconds after the start of the samples' day. */
export function sampleTime(second = 0): string {
  return new Date(Date.UTC(2026, 10, 20, 9, 30, second)).toISOString();
}

export function sampleTemplate(changes: Partial<Template> = {}): Template {
  return {
    id: sampleId(1),
    name: 'sample',
    engine: 'quickjs',
    is_active: true,
    exposed_modules: [],
    libraries: [],
    version: 1,
    created_at: sampleTime(),
    updated_at: sampleTime(),
    ...changes,
  };
}

/** A template with the default settings; its parts get the template's id. */
export function sampleTemplateDetail({
  capabilities = [],
  startup_files = [],
  ...changes
}: Partial<Template> & Partial<Pick<TemplateDetail, 'capabilities' | 'startup_files'>> = {}): TemplateDetail {
  const template = sampleTemplate(changes);
  const owned = <Part extends { vm_id: string }>(part: Part) => ({ ...part, vm_id: template.id });
  return {
    template,
    settings: owned({ vm_id: '', ...defaultSettings }),
    capabilities: capabilities.map(owned),
    startup_files: startup_files.map(owned),
  };
}

/** A template as it is stored, with its line of history. */
export function sampleRevision(
  detail = sampleTemplateDetail(),
  changes: Partial<TemplateRevision> = {},
): TemplateRevision {
  return { detail, change: 'created', policy_hash: 'ab'.repeat(32), ...changes };
}

export function sampleCapability(changes: Partial<Capability> = {}): Capability {
  return { id: sampleId(11), vm_id: sampleId(1), kind: 'module', name: 'fs', enabled: true, config: {}, ...changes };
}

export function sampleStartupFile(changes: Partial<StartupFile> = {}): StartupFile {
  return { id: sampleId(21), vm_id: sampleId(1), path: 'setup.js', order_index: 0, mode: 'eval', ...changes };
}

export function sampleSession(changes: Partial<Session> = {}): Session {
  return {
    id: sampleId(2),
    vm_id: sampleId(1),
    workspace_id: 'workspace',
    base_commit_oid: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    worktree_path: '/worktree',
    status: 'ready',
    created_at: sampleTime(),
    ...changes,
  };
}

/** A session under the policy of the sample template. */
export function sampleSessionRecord(changes: Partial<Session> = {}): SessionRecord {
  return {
    session: sampleSession(changes),
    policy: {
      template_name: 'sample',
      engine: 'quickjs',
      settings: defaultSettings,
      modules: ['fs'],
      libraries: ['lodash-4.17.21'],
      capabilities: [sampleCapability({ config: { root: 'data' } })],
      startup_files: [sampleStartupFile()],
    },
  };
}

/** A running REPL execution of the sample session. */
export function sampleExecution(changes: Partial<Execution> = {}): Execution {
  return {
    id: sampleId(3),
    session_id: sampleId(2),
    kind: 'repl',
    input: '6 * 7',
    args: {},
    env: {},
    status: 'running',
    started_at: sampleTime(),
    metrics: { wall_ms: 0, cpu_ms: 0, events: 0, output_bytes: 0, memory_bytes: 0 },
    ...changes,
  };
}

/** Console events numbered `from`, `from + 1`, … */
export function sampleEvents(count: number, { from = 1, execution_id = sampleId(3) } = {}): ExecutionEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    execution_id,
    seq: from + index,
    ts: sampleTime(),
    type: 'console',
    payload: { level: 'log', text: `line ${from + index}` },
  }));
}
