/**
 * The contract bound to the core. Every transport serves this one router; it translates names and statuses and decides
 * nothing that the core could decide.
 */
import { implement, withEventMeta } from '@orpc/server';
import type { Core } from '#core/core';
import type { StartedExecution } from '#core/execution/execution-pipeline';
import type { StartOptions } from '#core/execution/execution-service';
import { requireProof } from '#main/api/access';
import type { ApiContext } from '#main/api/context';
import { moduleCatalog } from '#shared/contract/catalog';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { Health } from '#shared/contract/host';
import { contract } from '#shared/contract/router';

export interface RouterParts {
  readonly core: Core;
  readonly health: () => Health;
  /** HMAC of the nonce under the host's token. */
  readonly prove: (nonce: string) => string;
  readonly openapi: () => Promise<Record<string, unknown>>;
}

export type ApiRouter = ReturnType<typeof createRouter>;

export function createRouter(parts: RouterParts) {
  const os = implement(contract).$context<ApiContext>();
  return os.router({
    host: hostRouter(parts),
    catalog: {
      modules: os.catalog.modules.handler(() => [...moduleCatalog]),
      libraries: os.catalog.libraries.handler(() => parts.core.libraries.list()),
    },
    ...libraryRouters(parts.core),
    ...templateRouters(parts.core),
    sessions: sessionRouter(parts.core),
    sessionInspection: inspectionRouter(parts.core),
    executions: executionRouter(parts.core),
  });
}

function hostRouter({ core, health, prove, openapi }: RouterParts) {
  const os = implement(contract).$context<ApiContext>().host;
  return {
    health: os.health.handler(health),
    hello: os.hello.handler(({ input }) => ({ pid: health().pid, proof: prove(input.nonce) })),
    runtimeSummary: os.runtimeSummary.handler(async () => {
      const ids = await core.sessions.activeIds();
      return { active_sessions: ids.length, active_session_ids: ids };
    }),
    events: os.events.handler(async function* ({ lastEventId, signal }) {
      const reader = core.hostEvents.follow(lastEventId);
      // A reader that goes away while nothing happens would wait for the next event before it is let go.
      signal?.addEventListener('abort', () => void reader.return(), { once: true });
      for await (const { id, event } of reader) yield withEventMeta({ ...event }, { id });
    }),
    openapi: os.openapi.handler(openapi),
  };
}

function libraryRouters({ libraries, operations }: Core) {
  const os = implement(contract).$context<ApiContext>();
  return {
    libraries: {
      add: os.libraries.add.handler(({ input }) => libraries.add(input)),
      remove: os.libraries.remove.handler(async ({ input }) => ({
        status: 'ok' as const,
        name: await libraries.remove(input.name),
      })),
    },
    operations: {
      list: os.operations.list.handler(() => operations.list()),
      get: os.operations.get.handler(({ input }) => operations.get(input.id)),
      cancel: os.operations.cancel.handler(({ input }) => operations.cancel(input.id)),
    },
  };
}

function templateRouters({ templates, templateHistory }: Core) {
  const os = implement(contract).$context<ApiContext>();
  return {
    templates: {
      create: os.templates.create.handler(({ input }) => templates.create(input)),
      list: os.templates.list.handler(() => templates.list()),
      get: os.templates.get.handler(({ input }) => templates.get(input.id)),
      update: os.templates.update.handler(({ input: { params, body } }) => templates.update(params.id, body)),
      delete: os.templates.delete.handler(async ({ input: { id } }) => {
        await templates.delete(id);
        return { status: 'ok' as const, template_id: id };
      }),
      duplicate: os.templates.duplicate.handler(({ input: { params, body } }) =>
        templates.duplicate(params.id, body.name),
      ),
      export: os.templates.export.handler(({ input }) => templates.export(input.id)),
      import: os.templates.import.handler(({ input }) => templates.import(input)),
      getSettings: os.templates.getSettings.handler(async ({ input }) => (await templates.get(input.id)).settings),
      putSettings: os.templates.putSettings.handler(({ input: { params, body } }) => {
        const { vm_id: _, ...settings } = body;
        return templates.putSettings(params.id, settings);
      }),
      patchSettings: os.templates.patchSettings.handler(({ input: { params, body } }) =>
        templates.patchSettings(params.id, body),
      ),
    },
    templateVersions: {
      list: os.templateVersions.list.handler(({ input }) => templateHistory.list(input.id, input.limit)),
      get: os.templateVersions.get.handler(({ input }) => templateHistory.get(input.id, input.version)),
      diff: os.templateVersions.diff.handler(({ input }) => templateHistory.diff(input.id, input.from, input.to)),
      restore: os.templateVersions.restore.handler(({ input }) => templateHistory.restore(input.id, input.version)),
    },
    capabilities: {
      add: os.capabilities.add.handler(({ input: { params, body } }) => templates.addCapability(params.id, body)),
      list: os.capabilities.list.handler(async ({ input }) => (await templates.get(input.id)).capabilities),
      update: os.capabilities.update.handler(({ input: { params, body } }) =>
        templates.updateCapability(params.id, params.part_id, body),
      ),
      remove: os.capabilities.remove.handler(async ({ input: { id, part_id: partId } }) => {
        await templates.removeCapability(id, partId);
        return { status: 'ok' as const, template_id: id, id: partId };
      }),
    },
    startupFiles: {
      add: os.startupFiles.add.handler(({ input: { params, body } }) => templates.addStartupFile(params.id, body)),
      list: os.startupFiles.list.handler(async ({ input }) => (await templates.get(input.id)).startup_files),
      update: os.startupFiles.update.handler(({ input: { params, body } }) =>
        templates.updateStartupFile(params.id, params.part_id, body),
      ),
      reorder: os.startupFiles.reorder.handler(({ input: { params, body } }) =>
        templates.reorderStartupFiles(params.id, body.ids),
      ),
      remove: os.startupFiles.remove.handler(async ({ input: { id, part_id: partId } }) => {
        await templates.removeStartupFile(id, partId);
        return { status: 'ok' as const, template_id: id, id: partId };
      }),
    },
    moduleGrants: {
      add: os.moduleGrants.add.handler(async ({ input: { params, body } }) => ({
        template_id: params.id,
        name: await templates.addModule(params.id, body.name),
      })),
      list: os.moduleGrants.list.handler(async ({ input }) => (await templates.get(input.id)).template.exposed_modules),
      remove: os.moduleGrants.remove.handler(async ({ input: { id, name } }) => ({
        status: 'ok' as const,
        template_id: id,
        name: await templates.removeModule(id, name),
      })),
    },
    libraryGrants: {
      add: os.libraryGrants.add.handler(async ({ input: { params, body } }) => ({
        template_id: params.id,
        name: await templates.addLibrary(params.id, body.name),
      })),
      list: os.libraryGrants.list.handler(async ({ input }) => (await templates.get(input.id)).template.libraries),
      remove: os.libraryGrants.remove.handler(async ({ input: { id, name } }) => ({
        status: 'ok' as const,
        template_id: id,
        name: await templates.removeLibrary(id, name),
      })),
    },
  };
}

function sessionRouter({ sessions, templates }: Core) {
  const os = implement(contract).$context<ApiContext>().sessions;
  return {
    create: os.create.handler(async ({ input, context }) => {
      await requireProof(context, async () => (await templates.get(input.template_id)).template.exposed_modules);
      return sessions.create(input);
    }),
    list: os.list.handler(({ input }) => sessions.list(input?.status)),
    get: os.get.handler(({ input }) => sessions.get(input.id)),
    policy: os.policy.handler(({ input }) => sessions.policy(input.id)),
    close: os.close.handler(({ input }) => sessions.close(input.id)),
    delete: os.delete.handler(({ input }) => sessions.close(input.id)),
  };
}

function inspectionRouter({ sessionInspection }: Core) {
  const os = implement(contract).$context<ApiContext>().sessionInspection;
  return {
    globals: os.globals.handler(({ input }) => sessionInspection.globals(input.id)),
    complete: os.complete.handler(({ input: { params, body } }) => sessionInspection.complete(params.id, body)),
  };
}

function executionRouter({ executions, sessions }: Core) {
  const os = implement(contract).$context<ApiContext>().executions;
  const modulesOf = (sessionId: string) => async () => (await sessions.find(sessionId)).policy.modules;
  return {
    repl: os.repl.handler(async ({ input: { body, query }, context }) => {
      await requireProof(context, modulesOf(body.session_id));
      return replyTo(await executions.repl(body, optionsOf(query)), query);
    }),
    runFile: os.runFile.handler(async ({ input: { body, query }, context }) => {
      await requireProof(context, modulesOf(body.session_id));
      return replyTo(await executions.runFile(body, optionsOf(query)), query);
    }),
    list: os.list.handler(({ input }) => executions.list(input.session_id, input.limit)),
    get: os.get.handler(({ input }) => executions.get(input.id)),
    events: os.events.handler(({ input }) => executions.events(input.id, input.after_seq, input.limit)),
    // Not a generator itself, so that an unknown execution is a 404 and not a broken stream.
    stream: os.stream.handler(async ({ input, lastEventId, signal }) =>
      numbered(await executions.stream(input.id, sequenceNumber(lastEventId), signal)),
    ),
    cancel: os.cancel.handler(async ({ input, context }) => {
      await requireProof(context, modulesOf((await executions.get(input.id)).session_id));
      return executions.cancel(input.id);
    }),
  };
}

interface WaitQuery {
  readonly wait: 'true' | 'false';
}

function optionsOf({ wait }: WaitQuery): StartOptions {
  return { keepsEvents: wait === 'true' };
}

async function replyTo({ execution, ended }: StartedExecution, { wait }: WaitQuery) {
  if (wait === 'false') return { status: 202 as const, body: execution };
  return { status: 201 as const, body: await ended };
}

async function* numbered(events: AsyncGenerator<ExecutionEvent, Execution>): AsyncGenerator<ExecutionEvent, Execution> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      yield withEventMeta({ ...next.value }, { id: String(next.value.seq) });
    }
  } finally {
    // A reader that goes away ends this generator, and must end that one too.
    await events[Symbol.asyncDispose]();
  }
}

/** A Last-Event-ID that is no number of ours means: from the beginning. */
function sequenceNumber(lastEventId: string | undefined): number {
  const seq = Number(lastEventId ?? 0);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}
