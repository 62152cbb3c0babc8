/** Routes of the contract with canned answers, for tests of a transport: every kind of answer once, and no core. */
import { implement, withEventMeta } from '@orpc/server';
import { VmError } from '#core/vm-error';
import type { ApiContext, Caller } from '#main/api/context';
import { contract } from '#shared/contract/router';
import { anEvent, anExecution, aTemplate, knownId } from './stub-answers.ts';

export interface StubRouter {
  readonly router: ReturnType<typeof routerOf>;
  /** Callers of `health`, in order. */
  readonly callers: Caller[];
  /** Inputs of `repl`, in order. */
  readonly inputs: string[];
  /** Streams that were given back. */
  readonly endedStreams: string[];
  /** Resolves when `executions.cancel` has been called; it answers no sooner than it is released. */
  readonly busy: Promise<void>;
  release(): void;
}

export function createStubRouter(): StubRouter {
  const entered = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const recorder = { callers: [], inputs: [], endedStreams: [], enter: entered.resolve, left: left.promise };
  return { ...recorder, router: routerOf(recorder), busy: entered.promise, release: left.resolve };
}

interface Recorder extends Pick<StubRouter, 'callers' | 'inputs' | 'endedStreams'> {
  readonly enter: () => void;
  readonly left: Promise<void>;
}

function routerOf(recorder: Recorder) {
  const os = implement(contract).$context<ApiContext>();
  return {
    host: {
      health: os.host.health.handler(({ context }) => {
        recorder.callers.push(context.caller);
        return { status: 'ok' as const, version: '0.0.0', pid: 1, uptime_ms: 1, api: 'v1' as const };
      }),
      hello: os.host.hello.handler(({ input }) => ({ pid: 1, proof: input.nonce })),
      // One numbered event, then silence until the client goes.
      events: os.host.events.handler(async function* ({ signal }) {
        try {
          yield withEventMeta({ type: 'reset' as const }, { id: '7' });
          await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
        } finally {
          recorder.endedStreams.push('events');
        }
      }),
      // An answer that breaks the contract.
      runtimeSummary: os.host.runtimeSummary.handler(() => ({ active_sessions: 1.5, active_session_ids: [] })),
    },
    templates: {
      list: os.templates.list.handler(() => {
        throw new TypeError('secret inside');
      }),
      create: os.templates.create.handler(({ input }) => aTemplate(input.name)),
      get: os.templates.get.handler(({ input }) => {
        throw new VmError('TEMPLATE_NOT_FOUND', `There is no template ${input.id}.`, {
          details: { template_id: input.id },
        });
      }),
      patchSettings: os.templates.patchSettings.handler(({ input }) => {
        throw new VmError('STORE_WRITE_FAILED', `Could not write ${input.params.id}.`, {
          cause: new Error('disk full'),
        });
      }),
    },
    moduleGrants: {
      remove: os.moduleGrants.remove.handler(({ input: { id, name } }) => ({
        status: 'ok' as const,
        template_id: id,
        name,
      })),
    },
    executions: {
      repl: os.executions.repl.handler(({ input: { body, query } }) => {
        recorder.inputs.push(body.input);
        const status = query.wait === 'false' ? (202 as const) : (201 as const);
        return { status, body: { ...anExecution(body.session_id), input: body.input } };
      }),
      list: os.executions.list.handler(({ input }) => [anExecution(input.session_id)]),
      cancel: os.executions.cancel.handler(async () => {
        recorder.enter();
        await recorder.left;
        return anExecution(knownId);
      }),
      stream: os.executions.stream.handler(async function* ({ input, lastEventId }) {
        if (lastEventId === 'broken') throw new VmError('EXECUTION_NOT_FOUND', 'It went away.');
        for (const seq of [1, 2]) yield withEventMeta({ ...anEvent(input.id, seq) }, { id: String(seq) });
        return anExecution(knownId);
      }),
    },
  };
}
