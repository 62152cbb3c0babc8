/** Operations on the host itself, and the two catalogs. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { catalogLibrarySchema, catalogModuleSchema } from './catalog.ts';
import { healthSchema, helloSchema, hostEventSchema, runtimeSummarySchema } from './host.ts';
import { openOperation, readOperation, refusals } from './route.ts';

export const hostRoutes = {
  health: readOperation
    .route({ method: 'GET', path: '/health', summary: 'Tell whether the host works' })
    .output(healthSchema),
  hello: openOperation
    .route({ method: 'GET', path: '/hello', summary: 'Prove that the host holds the token' })
    .input(z.object({ nonce: z.string().regex(/^[0-9a-f]{32,128}$/, 'must be 32 to 128 hex digits') }))
    .output(helloSchema),
  runtimeSummary: readOperation
    .route({ method: 'GET', path: '/runtime/summary', summary: 'Count the live sessions' })
    .output(runtimeSummarySchema),
  events: readOperation
    .route({ method: 'GET', path: '/events', summary: 'Follow what changes in the host' })
    .output(eventIterator(hostEventSchema))
    .errors(refusals('TOO_MANY_STREAMS')),
  openapi: readOperation
    .route({ method: 'GET', path: '/openapi.json', summary: 'This API as an OpenAPI document' })
    .output(z.record(z.string(), z.unknown())),
};

export const catalogRoutes = {
  modules: readOperation
    .route({ method: 'GET', path: '/modules', summary: 'List the native modules' })
    .output(z.array(catalogModuleSchema)),
  libraries: readOperation
    .route({ method: 'GET', path: '/libraries', summary: 'List the library catalog with its cache state' })
    .output(z.array(catalogLibrarySchema)),
};
