/** Operations on executions: run code, read what happened, watch it happen, stop it. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { executionEventSchema } from './event.ts';
import { executionSchema, replSchema, runFileSchema } from './execution.ts';
import { idSchema } from './primitive.ts';
import { byId, readById, readOperation, refusals, runOperation } from './route.ts';
import { queryNumber } from './tolerance.ts';

const missing = refusals('EXECUTION_NOT_FOUND');
const notRunnable = refusals(
  'SESSION_NOT_FOUND',
  'SESSION_NOT_READY',
  'SESSION_BUSY',
  'SESSION_LIMIT_REACHED',
  'STARTUP_FAILED',
  'PAYLOAD_TOO_LARGE',
  'OUTPUT_LIMIT_EXCEEDED',
);

/** `wait=false`: answer 202 with the running execution instead of waiting for its end. */
const waitQuery = z.object({ wait: z.enum(['true', 'false']).default('true') }).default({ wait: 'true' });

/** 201 with the ended execution and its events, or 202 with the running one. */
const startedSchema = z.union([
  z.object({ status: z.literal(201), body: executionSchema }),
  z.object({ status: z.literal(202), body: executionSchema }),
]);

export const executionRoutes = {
  repl: runOperation
    .route({
      method: 'POST',
      path: '/executions/repl',
      successStatus: 201,
      summary: 'Run a snippet',
      inputStructure: 'detailed',
      outputStructure: 'detailed',
    })
    .input(z.object({ query: waitQuery, body: replSchema }))
    .output(startedSchema)
    .errors(notRunnable),
  runFile: runOperation
    .route({
      method: 'POST',
      path: '/executions/run-file',
      successStatus: 201,
      summary: 'Run a file of the worktree',
      inputStructure: 'detailed',
      outputStructure: 'detailed',
    })
    .input(z.object({ query: waitQuery, body: runFileSchema }))
    .output(startedSchema)
    .errors({ ...notRunnable, ...refusals('INVALID_PATH', 'FILE_NOT_FOUND') }),
  list: readOperation
    .route({ method: 'GET', path: '/executions', summary: 'List executions of a session, newest first' })
    .input(z.object({ session_id: idSchema, limit: queryNumber(1).default(50) }))
    .output(z.array(executionSchema))
    .errors(refusals('SESSION_NOT_FOUND')),
  get: readOperation
    .route({ method: 'GET', path: '/executions/{id}', summary: 'Get an execution, without its events' })
    .input(readById)
    .output(executionSchema)
    .errors(missing),
  events: readOperation
    .route({ method: 'GET', path: '/executions/{id}/events', summary: 'List the events of an execution' })
    .input(readById.extend({ after_seq: queryNumber(0).default(0), limit: queryNumber(1).optional() }))
    .output(z.array(executionEventSchema))
    .errors(missing),
  stream: readOperation
    .route({
      method: 'GET',
      path: '/executions/{id}/stream',
      summary: 'Follow the events of an execution from Last-Event-ID on; ends with the execution',
    })
    .input(readById)
    .output(eventIterator(executionEventSchema, executionSchema))
    .errors({ ...missing, ...refusals('TOO_MANY_STREAMS') }),
  cancel: runOperation
    .route({ method: 'POST', path: '/executions/{id}/cancel', summary: 'Stop a running execution' })
    .input(byId)
    .output(executionSchema)
    .errors(missing),
};
