/** Operations on templates and on what they grant. */
import * as z from 'zod';
import { idSchema } from './primitive.ts';
import { byId, byIdWith, manageOperation, readById, readOperation, refusals } from './route.ts';
import {
  addCapabilitySchema,
  addNameSchema,
  addStartupFileSchema,
  capabilitySchema,
  createTemplateSchema,
  grantSchema,
  patchSettingsSchema,
  putSettingsSchema,
  reorderStartupFilesSchema,
  settingsSchema,
  startupFileSchema,
  templateDetailSchema,
  templateSchema,
  updateCapabilitySchema,
  updateStartupFileSchema,
  updateTemplateSchema,
} from './template.ts';
import { duplicateTemplateSchema, importTemplateSchema, templateDocumentSchema } from './template-document.ts';

const deletedTemplateSchema = z.strictObject({ status: z.literal('ok'), template_id: idSchema });
const removedGrantSchema = z.strictObject({ status: z.literal('ok'), template_id: idSchema, name: z.string() });
const removedPartSchema = z.strictObject({ status: z.literal('ok'), template_id: idSchema, id: idSchema });
const byPart = z.strictObject({ id: idSchema, part_id: idSchema });
const byPartWith = <Body extends z.ZodType>(body: Body) => z.object({ params: byPart, body });
const byName = z.strictObject({ id: idSchema, name: z.string().trim().min(1) });
const missing = refusals('TEMPLATE_NOT_FOUND');

const namesItself = ({ params, body }: { params: { id: string }; body: { vm_id?: string | undefined } }): boolean =>
  body.vm_id === undefined || body.vm_id === params.id;

export const templateRoutes = {
  create: manageOperation
    .route({ method: 'POST', path: '/templates', successStatus: 201, summary: 'Create a template' })
    .input(createTemplateSchema)
    .output(templateSchema)
    .errors(refusals('TEMPLATE_NAME_TAKEN', 'ENGINE_UNSUPPORTED')),
  list: readOperation
    .route({ method: 'GET', path: '/templates', summary: 'List all templates' })
    .output(z.array(templateSchema)),
  get: readOperation
    .route({ method: 'GET', path: '/templates/{id}', summary: 'Get a template with all its parts' })
    .input(readById)
    .output(templateDetailSchema)
    .errors(missing),
  update: manageOperation
    .route({ method: 'PATCH', path: '/templates/{id}', summary: 'Rename or (de)activate', inputStructure: 'detailed' })
    .input(byIdWith(updateTemplateSchema))
    .output(templateSchema)
    .errors({ ...missing, ...refusals('TEMPLATE_NAME_TAKEN') }),
  delete: manageOperation
    .route({ method: 'DELETE', path: '/templates/{id}', summary: 'Delete a template and its parts' })
    .input(byId)
    .output(deletedTemplateSchema)
    .errors(missing),
  duplicate: manageOperation
    .route({
      method: 'POST',
      path: '/templates/{id}/duplicate',
      successStatus: 201,
      summary: 'Make another template of the same content',
      inputStructure: 'detailed',
    })
    .input(byIdWith(duplicateTemplateSchema))
    .output(templateSchema)
    .errors({ ...missing, ...refusals('TEMPLATE_NAME_TAKEN') }),
  export: readOperation
    .route({ method: 'GET', path: '/templates/{id}/export', summary: 'Get the template as a document of its own' })
    .input(readById)
    .output(templateDocumentSchema)
    .errors(missing),
  import: manageOperation
    .route({
      method: 'POST',
      path: '/templates/import',
      successStatus: 201,
      summary: 'Create a template from a document',
    })
    .input(importTemplateSchema)
    .output(templateSchema)
    .errors(
      refusals(
        'TEMPLATE_NAME_TAKEN',
        'ENGINE_UNSUPPORTED',
        'MODULE_NOT_ALLOWED',
        'CAPABILITY_NAME_TAKEN',
        'STARTUP_MODE_UNSUPPORTED',
        'INVALID_PATH',
      ),
    ),
  getSettings: readOperation
    .route({ method: 'GET', path: '/templates/{id}/settings', summary: 'Get the settings' })
    .input(readById)
    .output(settingsSchema)
    .errors(missing),
  putSettings: manageOperation
    .route({
      method: 'PUT',
      path: '/templates/{id}/settings',
      summary: 'Replace the settings',
      inputStructure: 'detailed',
    })
    .input(
      byIdWith(putSettingsSchema).refine(namesItself, {
        path: ['body', 'vm_id'],
        message: 'must be the id in the path',
      }),
    )
    .output(settingsSchema)
    .errors(missing),
  patchSettings: manageOperation
    .route({
      method: 'PATCH',
      path: '/templates/{id}/settings',
      summary: 'Change single settings',
      inputStructure: 'detailed',
    })
    .input(byIdWith(patchSettingsSchema))
    .output(settingsSchema)
    .errors(missing),
};

export const capabilityRoutes = {
  add: manageOperation
    .route({
      method: 'POST',
      path: '/templates/{id}/capabilities',
      successStatus: 201,
      summary: 'Add a capability',
      inputStructure: 'detailed',
    })
    .input(byIdWith(addCapabilitySchema))
    .output(capabilitySchema)
    .errors({ ...missing, ...refusals('CAPABILITY_NAME_TAKEN') }),
  list: readOperation
    .route({ method: 'GET', path: '/templates/{id}/capabilities', summary: 'List the capabilities' })
    .input(readById)
    .output(z.array(capabilitySchema))
    .errors(missing),
  update: manageOperation
    .route({
      method: 'PATCH',
      path: '/templates/{id}/capabilities/{part_id}',
      summary: 'Change, rename, or switch a capability',
      inputStructure: 'detailed',
    })
    .input(byPartWith(updateCapabilitySchema))
    .output(capabilitySchema)
    .errors({ ...missing, ...refusals('CAPABILITY_NOT_FOUND', 'CAPABILITY_NAME_TAKEN') }),
  remove: manageOperation
    .route({ method: 'DELETE', path: '/templates/{id}/capabilities/{part_id}', summary: 'Remove a capability' })
    .input(byPart)
    .output(removedPartSchema)
    .errors({ ...missing, ...refusals('CAPABILITY_NOT_FOUND') }),
};

export const startupFileRoutes = {
  add: manageOperation
    .route({
      method: 'POST',
      path: '/templates/{id}/startup-files',
      successStatus: 201,
      summary: 'Add a startup file',
      inputStructure: 'detailed',
    })
    .input(byIdWith(addStartupFileSchema))
    .output(startupFileSchema)
    .errors({ ...missing, ...refusals('STARTUP_MODE_UNSUPPORTED', 'INVALID_PATH') }),
  list: readOperation
    .route({ method: 'GET', path: '/templates/{id}/startup-files', summary: 'List the startup files in their order' })
    .input(readById)
    .output(z.array(startupFileSchema))
    .errors(missing),
  update: manageOperation
    .route({
      method: 'PATCH',
      path: '/templates/{id}/startup-files/{part_id}',
      summary: 'Change or move a startup file',
      inputStructure: 'detailed',
    })
    .input(byPartWith(updateStartupFileSchema))
    .output(startupFileSchema)
    .errors({ ...missing, ...refusals('STARTUP_FILE_NOT_FOUND', 'STARTUP_MODE_UNSUPPORTED', 'INVALID_PATH') }),
  reorder: manageOperation
    .route({
      method: 'PUT',
      path: '/templates/{id}/startup-files/order',
      summary: 'Put the startup files into an order: all of them, by id',
      inputStructure: 'detailed',
    })
    .input(byIdWith(reorderStartupFilesSchema))
    .output(z.array(startupFileSchema))
    .errors(missing),
  remove: manageOperation
    .route({ method: 'DELETE', path: '/templates/{id}/startup-files/{part_id}', summary: 'Remove a startup file' })
    .input(byPart)
    .output(removedPartSchema)
    .errors({ ...missing, ...refusals('STARTUP_FILE_NOT_FOUND') }),
};

export const moduleGrantRoutes = {
  add: manageOperation
    .route({
      method: 'POST',
      path: '/templates/{id}/modules',
      successStatus: 201,
      summary: 'Grant a native module',
      inputStructure: 'detailed',
    })
    .input(byIdWith(addNameSchema))
    .output(grantSchema)
    .errors({ ...missing, ...refusals('MODULE_NOT_ALLOWED') }),
  list: readOperation
    .route({ method: 'GET', path: '/templates/{id}/modules', summary: 'List the granted modules' })
    .input(readById)
    .output(z.array(z.string()))
    .errors(missing),
  remove: manageOperation
    .route({ method: 'DELETE', path: '/templates/{id}/modules/{name}', summary: 'Withdraw a native module' })
    .input(byName)
    .output(removedGrantSchema)
    .errors(missing),
};

export const libraryGrantRoutes = {
  add: manageOperation
    .route({
      method: 'POST',
      path: '/templates/{id}/libraries',
      successStatus: 201,
      summary: 'Add a library',
      inputStructure: 'detailed',
    })
    .input(byIdWith(addNameSchema))
    .output(grantSchema)
    .errors(missing),
  list: readOperation
    .route({ method: 'GET', path: '/templates/{id}/libraries', summary: 'List the libraries' })
    .input(readById)
    .output(z.array(z.string()))
    .errors(missing),
  remove: manageOperation
    .route({ method: 'DELETE', path: '/templates/{id}/libraries/{name}', summary: 'Remove a library' })
    .input(byName)
    .output(removedGrantSchema)
    .errors(missing),
};
