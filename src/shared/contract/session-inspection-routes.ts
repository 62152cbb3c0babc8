/** Operations that look into a session. They need its lock, so that none of them meets an execution. */
import { byIdWith, readById, readOperation, refusals } from './route.ts';
import { completeSchema, completionSchema, sessionGlobalsSchema } from './session-inspection.ts';

const refused = refusals('SESSION_NOT_FOUND', 'SESSION_NOT_READY', 'SESSION_BUSY');

export const sessionInspectionRoutes = {
  globals: readOperation
    .route({ method: 'GET', path: '/sessions/{id}/globals', summary: 'List the variables of a session' })
    .input(readById)
    .output(sessionGlobalsSchema)
    .errors(refused),
  complete: readOperation
    .route({
      method: 'POST',
      path: '/sessions/{id}/complete',
      inputStructure: 'detailed',
      summary: 'Complete code as it would run in a session',
    })
    .input(byIdWith(completeSchema))
    .output(completionSchema)
    .errors(refused),
};
