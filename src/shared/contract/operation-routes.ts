/** Operations on long work; it is begun where its subject is, such as `POST /libraries`. */
import * as z from 'zod';
import { operationSchema } from './operation.ts';
import { byId, manageOperation, readById, readOperation, refusals } from './route.ts';

const missing = refusals('OPERATION_NOT_FOUND');

export const operationRoutes = {
  list: readOperation
    .route({ method: 'GET', path: '/operations', summary: 'List long work, newest first' })
    .output(z.array(operationSchema)),
  get: readOperation
    .route({ method: 'GET', path: '/operations/{id}', summary: 'Tell how far long work is' })
    .input(readById)
    .output(operationSchema)
    .errors(missing),
  cancel: manageOperation
    .route({ method: 'POST', path: '/operations/{id}/cancel', summary: 'Stop long work; answers how it ended' })
    .input(byId)
    .output(operationSchema)
    .errors(missing),
};
