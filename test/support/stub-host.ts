/**
 * A host for tests of REST clients: the real contract behind a real socket, with canned answers instead of a core.
 * It keeps what was asked of it, so that a test can also tell what a client sent.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ValidationError } from '@orpc/contract';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { implement, ORPCError } from '@orpc/server';
import { policyOf } from '#core/policy';
import { documentOf } from '#core/template/template-export';
import { libraryCatalog, moduleCatalog } from '#shared/contract/catalog';
import { type ErrorCode, errorTable } from '#shared/contract/error';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { Operation } from '#shared/contract/operation';
import { apiPrefix, contract } from '#shared/contract/router';
import type { Session } from '#shared/contract/session';
import type { SessionVariable } from '#shared/contract/session-inspection';
import {
  type Capability,
  defaultSettings,
  type StartupFile,
  type Template,
  type TemplateDetail,
} from '#shared/contract/template';
import type { TemplateDocument } from '#shared/contract/template-document';
import type { Difference, TemplateVersion } from '#shared/contract/template-version';

export interface StubHostOptions {
  /** Asks for this token, as a host does in token mode. */
  readonly token?: string;
  /** Has nothing to list. */
  readonly isEmpty?: boolean;
}

interface StubCall {
  readonly operation: string;
  readonly input: unknown;
}

export interface StubHost {
  readonly url: string;
  readonly port: number;
  /** What was called, in order, with the input as it came over the wire. */
  readonly calls: StubCall[];
  /** The Authorization header of every request. */
  readonly authorizations: (string | undefined)[];
  /** Resolves with the next call of an operation. */
  nextCall(operation: string): Promise<StubCall>;
  close(): Promise<void>;
}

const idOf = (kind: string, number: number) => `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
const at = '2026-11-20T09:30:00.000Z';

export const templateId = idOf('a', 1);
export const sessionId = idOf('b', 1);
export const executionId = idOf('c', 1);
export const capabilityId = idOf('d', 1);
export const startupFileId = idOf('e', 1);
export const operationId = idOf('7', 1);
/** Of no thing. */
export const missingId = idOf('0', 9);
/** Of an execution with far more events than a pipe holds. */
export const floodId = idOf('f', 1);

/** Text that would clear a terminal, start a C1 sequence and turn the reading direction. */
export const hostileText = 'a\u001b[2Jb\u009b31mc\u202ed';

export const stubTemplate: Template = {
  id: templateId,
  name: 'notebook',
  engine: 'quickjs',
  is_active: true,
  exposed_modules: ['fs'],
  libraries: ['lodash-4.17.21'],
  version: 1,
  created_at: at,
  updated_at: at,
};

const stubCapability: Capability = {
  id: capabilityId,
  vm_id: templateId,
  kind: 'env',
  name: 'HOME',
  enabled: true,
  config: { value: '/' },
};

const stubStartupFile: StartupFile = {
  id: startupFileId,
  vm_id: templateId,
  path: 'setup.js',
  order_index: 10,
  mode: 'eval',
};

export const stubDetail: TemplateDetail = {
  template: stubTemplate,
  settings: { vm_id: templateId, ...defaultSettings },
  capabilities: [stubCapability],
  startup_files: [stubStartupFile],
};

export const stubDocument: TemplateDocument = documentOf(stubDetail);

const stubPolicy = { hash: 'ab'.repeat(32), template_version: 1, is_current: false };
const stubPolicyContent = policyOf(stubDetail);

const stubVersion: TemplateVersion = {
  version: 2,
  created_at: at,
  change: 'added modules.fs',
  policy_hash: stubPolicy.hash,
};

const stubDifferences: Difference[] = [
  { path: 'settings.limits.cpu_ms', kind: 'changed', before: 5000, after: 10 },
  { path: 'modules.fs', kind: 'added', after: 'fs' },
  { path: 'libraries["lodash-4.17.21"]', kind: 'removed', before: 'lodash-4.17.21' },
];

export const stubSession: Session = {
  id: sessionId,
  vm_id: templateId,
  workspace_id: 'ws-1',
  base_commit_oid: 'HEAD',
  worktree_path: '/tmp/worktree',
  status: 'ready',
  created_at: at,
};

const stubVariable: SessionVariable = {
  name: 'total',
  kind: 'let',
  type: 'number',
  preview: '42',
  size_bytes: 8,
  changed: true,
};

const metrics = { wall_ms: 12.5, cpu_ms: 3, events: 2, output_bytes: 5, memory_bytes: 1_048_576 };

const stubOperation: Operation = {
  id: operationId,
  kind: 'library_install',
  subject: 'date-fns@4.1.0',
  status: 'running',
  progress: { phase: 'fetching', bytes: 12, done: 1, total: 2 },
  started_at: at,
};

export const stubExecution: Execution = {
  id: executionId,
  session_id: sessionId,
  kind: 'repl',
  input: '40 + 2',
  args: {},
  env: {},
  status: 'ok',
  started_at: at,
  ended_at: at,
  result: { type: 'number', preview: '42', json: 42 },
  metrics,
};

export function stubEvents(text: string): ExecutionEvent[] {
  return [
    { execution_id: executionId, seq: 1, ts: at, type: 'input_echo', payload: { text } },
    { execution_id: executionId, seq: 2, ts: at, type: 'value', payload: { type: 'number', preview: '42', json: 42 } },
  ];
}

export async function startStubHost(options: StubHostOptions = {}): Promise<StubHost> {
  const calls: StubCall[] = [];
  const called = new EventEmitter();
  const authorizations: (string | undefined)[] = [];
  const router = stubRouter(options, () => server.closeAllConnections());
  const handler = new OpenAPIHandler(router, {
    clientInterceptors: [
      ({ path, input, next }) => {
        const call = { operation: path.join('.'), input };
        calls.push(call);
        called.emit(call.operation, call);
        return next().catch(refuseInput);
      },
    ],
    customErrorResponseBodyEncoder: ({ code, message, data }) => ({ error: { code, message, details: data } }),
  });
  const server = createServer(async (request, response) => {
    authorizations.push(request.headers.authorization);
    response.setHeader('x-request-id', randomUUID());
    if (isRefused(request, options.token)) return refuse(response);
    if (request.url === `${apiPrefix}/executions/${idFor('break')}/stream`) return breakStream(response);
    const { matched } = await handler.handle(request, response, { prefix: apiPrefix });
    if (!matched) sendJson(response, 404, { error: { code: 'NOT_FOUND', message: `No route ${request.url}` } });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    authorizations,
    nextCall: async (operation) => (await once(called, operation))[0],
    close: () => closeServer(server),
  };
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

export async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function isRefused({ url = '', headers }: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined || url.startsWith(`${apiPrefix}/hello?`)) return false;
  return headers.authorization !== `Bearer ${token}`;
}

/** One event, then what a host writes when it cannot go on: its error envelope as an event. */
function breakStream(response: ServerResponse): void {
  const error = { code: 'STORE_WRITE_FAILED', message: 'The disk is full.', details: { path: 'host.db' } };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`event: message\ndata: ${JSON.stringify(stubEvents('break')[0])}\n\n`);
  response.end(`event: error\ndata: ${JSON.stringify({ error })}\n\n`);
}

function refuse(response: ServerResponse): void {
  sendJson(response, 401, { error: { code: 'UNAUTHORIZED', message: 'This host asks for its token.' } });
}

/** What the contract refuses, in the words of a host. */
function refuseInput(error: unknown): never {
  if (!(error instanceof ORPCError) || !(error.cause instanceof ValidationError)) throw error;
  const fields = error.cause.issues.map(({ path = [], message }) => ({ path: String(path.at(-1)), message }));
  throw failure('VALIDATION_ERROR', `"${fields[0]?.path}" ${fields[0]?.message}.`, { fields });
}

function failure(code: ErrorCode, message: string, details: Record<string, unknown>) {
  return new ORPCError(code, { status: errorTable[code].http, message, data: details });
}

/** Answers for every id but the missing one. */
function found<Thing>(id: string, code: ErrorCode, thing: Thing): Thing {
  if (id === missingId) throw failure(code, `There is no such thing as ${id}.`, { id });
  return thing;
}

function stubRouter({ token = '', isEmpty = false }: StubHostOptions, breakConnections: () => void) {
  const os = implement(contract);
  const listed = <Thing>(things: Thing[]): Thing[] => (isEmpty ? [] : things);
  const cancellations = new Map<string, PromiseWithResolvers<void>>();
  /** Executions whose caller waits until they are cancelled. */
  const running = new Set<string>();
  const listing = Promise.withResolvers<void>();
  return os.router({
    host: {
      health: os.host.health.handler(() => ({ status: 'ok', version: '0.1.0', pid: 7, uptime_ms: 1, api: 'v1' })),
      hello: os.host.hello.handler(({ input }) => ({
        pid: 7,
        proof: createHmac('sha256', token).update(input.nonce).digest('hex'),
      })),
      runtimeSummary: os.host.runtimeSummary.handler(() => ({ active_sessions: 1, active_session_ids: [sessionId] })),
      events: os.host.events.handler(async function* () {}),
      openapi: os.host.openapi.handler(() => ({})),
    },
    catalog: {
      modules: os.catalog.modules.handler(() => listed([...moduleCatalog])),
      libraries: os.catalog.libraries.handler(() =>
        listed(libraryCatalog.map((entry) => ({ ...entry, name: `${entry.id}-${entry.version}`, cached: false }))),
      ),
    },
    libraries: {
      add: os.libraries.add.handler(({ input }) => ({ ...stubOperation, subject: `${input.name}@${input.version}` })),
      remove: os.libraries.remove.handler(({ input }) => ({ status: 'ok', name: input.name })),
    },
    operations: {
      list: os.operations.list.handler(() => listed([stubOperation])),
      get: os.operations.get.handler(({ input }) => found(input.id, 'OPERATION_NOT_FOUND', stubOperation)),
      cancel: os.operations.cancel.handler(() => ({ ...stubOperation, status: 'cancelled', ended_at: at })),
    },
    templates: {
      create: os.templates.create.handler(({ input }) => {
        if (input.name === 'taken') throw failure('TEMPLATE_NAME_TAKEN', 'The name is taken.', { name: input.name });
        return { ...stubTemplate, name: input.name };
      }),
      list: os.templates.list.handler(() => listed([stubTemplate])),
      get: os.templates.get.handler(({ input }) => found(input.id, 'TEMPLATE_NOT_FOUND', stubDetail)),
      update: os.templates.update.handler(() => stubTemplate),
      delete: os.templates.delete.handler(({ input }) =>
        found(input.id, 'TEMPLATE_NOT_FOUND', { status: 'ok', template_id: input.id }),
      ),
      duplicate: os.templates.duplicate.handler(({ input }) => ({ ...stubTemplate, name: input.body.name })),
      export: os.templates.export.handler(() => stubDocument),
      import: os.templates.import.handler(({ input: { template, name = template.name } }) => ({
        ...stubTemplate,
        name,
      })),
      getSettings: os.templates.getSettings.handler(() => stubDetail.settings),
      putSettings: os.templates.putSettings.handler(() => stubDetail.settings),
      patchSettings: os.templates.patchSettings.handler(() => stubDetail.settings),
    },
    templateVersions: {
      list: os.templateVersions.list.handler(({ input }) =>
        found(input.id, 'TEMPLATE_NOT_FOUND', listed([stubVersion])),
      ),
      get: os.templateVersions.get.handler(() => ({ ...stubVersion, detail: stubDetail })),
      diff: os.templateVersions.diff.handler(() => listed(stubDifferences)),
      restore: os.templateVersions.restore.handler(() => stubDetail),
    },
    capabilities: {
      add: os.capabilities.add.handler(({ input: { params, body } }) => ({
        id: capabilityId,
        vm_id: params.id,
        ...body,
      })),
      list: os.capabilities.list.handler(() => listed(stubDetail.capabilities)),
      update: os.capabilities.update.handler(({ input: { body } }) => ({
        ...stubCapability,
        config: body.config ?? stubCapability.config,
      })),
      remove: os.capabilities.remove.handler(({ input }) => ({
        status: 'ok',
        template_id: input.id,
        id: input.part_id,
      })),
    },
    startupFiles: {
      add: os.startupFiles.add.handler(({ input: { params, body } }) => ({
        id: startupFileId,
        vm_id: params.id,
        path: body.path,
        order_index: body.order_index,
        mode: 'eval',
      })),
      list: os.startupFiles.list.handler(() => listed(stubDetail.startup_files)),
      update: os.startupFiles.update.handler(() => stubStartupFile),
      reorder: os.startupFiles.reorder.handler(() => stubDetail.startup_files),
      remove: os.startupFiles.remove.handler(({ input }) => ({
        status: 'ok',
        template_id: input.id,
        id: input.part_id,
      })),
    },
    moduleGrants: {
      add: os.moduleGrants.add.handler(({ input: { params, body } }) => ({ template_id: params.id, name: body.name })),
      list: os.moduleGrants.list.handler(() => listed(stubTemplate.exposed_modules)),
      remove: os.moduleGrants.remove.handler(({ input }) => ({
        status: 'ok',
        template_id: input.id,
        name: input.name,
      })),
    },
    libraryGrants: {
      add: os.libraryGrants.add.handler(({ input: { params, body } }) => ({ template_id: params.id, name: body.name })),
      list: os.libraryGrants.list.handler(() => listed(stubTemplate.libraries)),
      remove: os.libraryGrants.remove.handler(({ input }) => ({
        status: 'ok',
        template_id: input.id,
        name: input.name,
      })),
    },
    sessionInspection: {
      globals: os.sessionInspection.globals.handler(({ input }) =>
        found(input.id, 'SESSION_NOT_FOUND', { awake: true, variables: listed([stubVariable]), truncated: false }),
      ),
      complete: os.sessionInspection.complete.handler(({ input: { params, body } }) =>
        found(params.id, 'SESSION_NOT_FOUND', {
          from: body.cursor - 3,
          to: body.cursor,
          items: listed([{ label: 'parse', kind: 'method' as const, type: 'function' }]),
        }),
      ),
    },
    sessions: {
      create: os.sessions.create.handler(({ input }) => {
        const { template_id: id, worktree_path } = input;
        if (worktree_path === '/broken') throw startupFailure();
        return found(id, 'TEMPLATE_NOT_FOUND', { ...stubSession, ...withoutTemplate(input), vm_id: id });
      }),
      list: os.sessions.list.handler(() => listed([{ ...stubSession, policy: stubPolicy }])),
      get: os.sessions.get.handler(({ input }) =>
        found(input.id, 'SESSION_NOT_FOUND', {
          ...stubSession,
          last_error: `Error: ${hostileText}\nagain`,
          policy: stubPolicy,
        }),
      ),
      policy: os.sessions.policy.handler(() => ({ ...stubPolicy, content: stubPolicyContent })),
      close: os.sessions.close.handler(({ input }) =>
        found(input.id, 'SESSION_NOT_FOUND', { ...stubSession, status: 'closed', closed_at: at }),
      ),
      delete: os.sessions.delete.handler(() => stubSession),
    },
    executions: {
      repl: os.executions.repl.handler(async ({ input: { query, body } }) => {
        found(body.session_id, 'SESSION_NOT_FOUND', body);
        if (body.input === 'flood') throw outputLimit();
        const execution = { ...stubExecution, id: idFor(body.input), input: body.input };
        if (query.wait === 'false') return { status: 202, body: { ...execution, status: 'running' } };
        if (['wait', 'wake', 'stuck'].includes(body.input)) {
          // A session that wakes up shows its execution only to those who ask again.
          if (body.input === 'wake') await listing.promise;
          running.add(execution.id);
          await cancellationOf(execution.id).promise;
          return { status: 201, body: { ...cancelled(execution.id), events: stubEvents(body.input).slice(0, 1) } };
        }
        if (body.input === 'throw') return { status: 201, body: { ...failed(execution), events: [] } };
        return { status: 201, body: { ...execution, events: stubEvents(body.input) } };
      }),
      runFile: os.executions.runFile.handler(({ input: { query, body } }) => {
        if (body.path === 'missing.js') throw failure('FILE_NOT_FOUND', 'No such file.', { path: body.path });
        const { path, args, env } = body;
        const { input: _, ...rest } = stubExecution;
        const execution: Execution = { ...rest, kind: 'run_file', path, args, env };
        if (query.wait === 'false') return { status: 202, body: { ...execution, status: 'running' } };
        return { status: 201, body: { ...execution, events: stubEvents(path).slice(1) } };
      }),
      list: os.executions.list.handler(({ input }) => {
        const live = [...running].map((id): Execution => ({ ...stubExecution, id, status: 'running' }));
        listing.resolve();
        return found(input.session_id, 'SESSION_NOT_FOUND', listed([...live, stubExecution]).slice(0, input.limit));
      }),
      get: os.executions.get.handler(({ input }) => found(input.id, 'EXECUTION_NOT_FOUND', stubExecution)),
      events: os.executions.events.handler(({ input: { id, after_seq: afterSeq } }) => {
        if (id === floodId) return floodOfEvents();
        return listed(stubEvents('40 + 2')).filter((event) => event.seq > afterSeq);
      }),
      stream: os.executions.stream.handler(async function* ({ input: { id } }) {
        const [echo, value] = stubEvents('40 + 2');
        if (echo === undefined || value === undefined) throw new Error('The stub has two events.');
        yield echo;
        if (id === idFor('leave')) breakConnections();
        if (id === idFor('wait')) {
          await cancellationOf(id).promise;
          return cancelled(id);
        }
        yield value;
        return id === idFor('throw') ? failed(stubExecution) : id === idFor('fill') ? filled() : stubExecution;
      }),
      cancel: os.executions.cancel.handler(async ({ input: { id } }) => {
        if (id === idFor('stuck')) await cancellationOf(id).promise;
        cancellationOf(id).resolve();
        return found(id, 'EXECUTION_NOT_FOUND', { ...stubExecution, id, status: 'cancelled' });
      }),
    },
  });

  function cancellationOf(id: string): PromiseWithResolvers<void> {
    const known = cancellations.get(id) ?? Promise.withResolvers<void>();
    cancellations.set(id, known);
    return known;
  }
}

/** The execution that a snippet gets, so that its stream knows how to behave. */
function idFor(input: string): string {
  const special = ['wait', 'throw', 'leave', 'fill', 'break', 'stuck', 'wake'].indexOf(input);
  return special < 0 ? executionId : idOf('c', special + 2);
}

function withoutTemplate({ template_id: _, ...rest }: { template_id: string } & Partial<Session>): Partial<Session> {
  return rest;
}

function cancelled(id: string): Execution {
  const { result: _, ...rest } = stubExecution;
  return { ...rest, id, status: 'cancelled' };
}

function failed(execution: Execution): Execution {
  const { result: _, ...rest } = execution;
  return { ...rest, status: 'error', error: { message: 'Error: no', stack: 'at cell 1:1:1' } };
}

function filled(): Execution {
  const error = { message: 'Output limit', stack: '', limit: 'max_events', allowed: 1000 } as const;
  return { ...failed(stubExecution), error };
}

function outputLimit() {
  const details = { execution_id: executionId, limit: 'max_events', allowed: 1000 };
  return failure('OUTPUT_LIMIT_EXCEEDED', 'The execution wrote more than 1000 events.', details);
}

function startupFailure() {
  const details = { session_id: sessionId, file: 'setup.js', message: 'Error: no', stack: 'at f (setup.js:1:1)\nat g' };
  return failure('STARTUP_FAILED', 'The startup file setup.js threw.', details);
}

function floodOfEvents(): ExecutionEvent[] {
  return Array.from({ length: 20_000 }, (_, index) => ({
    execution_id: floodId,
    seq: index + 1,
    ts: at,
    type: 'console',
    payload: { level: 'log', text: `line ${index}` },
  }));
}
