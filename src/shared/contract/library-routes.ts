/** Operations on the library cache of the host. What it holds is listed by the catalog. */
import * as z from 'zod';
import { addLibrarySchema } from './catalog.ts';
import { operationSchema } from './operation.ts';
import { manageOperation, refusals } from './route.ts';

export const libraryRoutes = {
  add: manageOperation
    .route({
      method: 'POST',
      path: '/libraries',
      successStatus: 202,
      summary: 'Bring a package of npm into the cache; the operation ends with the library as its result',
    })
    .input(addLibrarySchema)
    .output(operationSchema),
  /** A name may hold `@` and `/`: encode it. */
  remove: manageOperation
    .route({ method: 'DELETE', path: '/libraries/{name}', summary: 'Remove a library from the cache' })
    .input(z.strictObject({ name: z.string().trim().min(1) }))
    .output(z.strictObject({ status: z.literal('ok'), name: z.string() }))
    .errors(refusals('LIBRARY_NOT_FOUND')),
};
