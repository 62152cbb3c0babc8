/** THE contract: every operation by name. REST, IPC, the clients, the OpenAPI document and the parity tests come from it. */
import { executionRoutes } from './execution-routes.ts';
import { catalogRoutes, hostRoutes } from './host-routes.ts';
import { libraryRoutes } from './library-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { sessionInspectionRoutes } from './session-inspection-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import {
  capabilityRoutes,
  libraryGrantRoutes,
  moduleGrantRoutes,
  startupFileRoutes,
  templateRoutes,
} from './template-routes.ts';
import { templateVersionRoutes } from './template-version-routes.ts';

/** Path in front of every REST route. */
export const apiPrefix = '/api/v1';

export const contract = {
  host: hostRoutes,
  catalog: catalogRoutes,
  templates: templateRoutes,
  templateVersions: templateVersionRoutes,
  capabilities: capabilityRoutes,
  startupFiles: startupFileRoutes,
  moduleGrants: moduleGrantRoutes,
  libraryGrants: libraryGrantRoutes,
  sessions: sessionRoutes,
  sessionInspection: sessionInspectionRoutes,
  executions: executionRoutes,
  libraries: libraryRoutes,
  operations: operationRoutes,
};
export type Contract = typeof contract;
