/** Operations on sessions. */
import * as z from 'zod';
import { sessionPolicyDetailSchema } from './policy.ts';
import { byId, readById, readOperation, refusals, runOperation } from './route.ts';
import { createSessionSchema, sessionSchema, sessionStatusSchema } from './session.ts';
import { absentIfNull } from './tolerance.ts';

const missing = refusals('SESSION_NOT_FOUND');

export const sessionRoutes = {
  create: runOperation
    .route({ method: 'POST', path: '/sessions', successStatus: 201, summary: 'Create a session from a template' })
    .input(createSessionSchema)
    .output(sessionSchema)
    .errors(
      refusals(
        'TEMPLATE_NOT_FOUND',
        'TEMPLATE_INACTIVE',
        'INVALID_PATH',
        'FILE_NOT_FOUND',
        'LIBRARY_NOT_CACHED',
        'STARTUP_FAILED',
        'SESSION_LIMIT_REACHED',
      ),
    ),
  list: readOperation
    .route({ method: 'GET', path: '/sessions', summary: 'List sessions, newest first' })
    .input(absentIfNull(z.object({ status: sessionStatusSchema.optional() }), 'status').optional())
    .output(z.array(sessionSchema)),
  get: readOperation
    .route({ method: 'GET', path: '/sessions/{id}', summary: 'Get a session' })
    .input(readById)
    .output(sessionSchema)
    .errors(missing),
  policy: readOperation
    .route({ method: 'GET', path: '/sessions/{id}/policy', summary: 'Get the policy that a session runs under' })
    .input(readById)
    .output(sessionPolicyDetailSchema)
    .errors(missing),
  close: runOperation
    .route({ method: 'POST', path: '/sessions/{id}/close', summary: 'Close a session' })
    .input(byId)
    .output(sessionSchema)
    .errors({ ...missing, ...refusals('SESSION_NOT_READY') }),
  delete: runOperation
    .route({ method: 'DELETE', path: '/sessions/{id}', summary: 'Close a session' })
    .input(byId)
    .output(sessionSchema)
    .errors({ ...missing, ...refusals('SESSION_NOT_READY') }),
};
