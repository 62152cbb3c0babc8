/** Operations on the history of a template. */
import * as z from 'zod';
import { idSchema } from './primitive.ts';
import { manageOperation, readOperation, refusals } from './route.ts';
import { templateDetailSchema } from './template.ts';
import { differenceSchema, templateVersionDetailSchema, templateVersionSchema } from './template-version.ts';
import { queryNumber } from './tolerance.ts';

const missing = refusals('TEMPLATE_NOT_FOUND');
const missingVersion = refusals('TEMPLATE_NOT_FOUND', 'TEMPLATE_VERSION_NOT_FOUND');
const version = queryNumber(1);

export const templateVersionRoutes = {
  list: readOperation
    .route({ method: 'GET', path: '/templates/{id}/versions', summary: 'List the versions, newest first' })
    .input(z.object({ id: idSchema, limit: queryNumber(1).default(50) }))
    .output(z.array(templateVersionSchema))
    .errors(missing),
  get: readOperation
    .route({ method: 'GET', path: '/templates/{id}/versions/{version}', summary: 'Get the template as it was' })
    .input(z.object({ id: idSchema, version }))
    .output(templateVersionDetailSchema)
    .errors(missingVersion),
  diff: readOperation
    .route({
      method: 'GET',
      path: '/templates/{id}/versions/{from}/diff/{to}',
      summary: 'List what two versions differ in',
    })
    .input(z.object({ id: idSchema, from: version, to: version }))
    .output(z.array(differenceSchema))
    .errors(missingVersion),
  restore: manageOperation
    .route({
      method: 'POST',
      path: '/templates/{id}/versions/{version}/restore',
      summary: 'Make the template as it was, as a new version',
    })
    .input(z.strictObject({ id: idSchema, version }))
    .output(templateDetailSchema)
    .errors({ ...missingVersion, ...refusals('TEMPLATE_NAME_TAKEN') }),
};
