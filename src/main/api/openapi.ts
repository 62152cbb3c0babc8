/**
 * The OpenAPI document, made from the contract: its operations, and what the edge adds to each of them, which is the
 * token, the request id, the place where a stream is taken up, and the refusals that any call can meet.
 */
import {
  type AnyContractProcedure,
  type AnyContractRouter,
  ContractProcedure,
  getEventIteratorSchemaDetails,
  isContractProcedure,
  type OpenAPI,
} from '@orpc/contract';
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { jsonObjectSchema } from '#shared/contract/primitive';
import { generalRefusals, refusals } from '#shared/contract/route';
import { apiPrefix, contract } from '#shared/contract/router';

export async function openApiDocument(version: string): Promise<Record<string, unknown>> {
  const generator = new OpenAPIGenerator({ schemaConverters: [schemaConverter] });
  const document = await generator.generate(asServed(contract), {
    info: { title: 'vm-system', version, description: 'Runs JavaScript in long-lived sandboxes.' },
    servers: [{ url: apiPrefix }],
    security: [{ bearer: [] }, {}],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Not asked of the same user in compat mode.' },
      },
      headers: {
        RequestId: {
          description: 'Names this answer in the log of the host.',
          schema: { type: 'string', format: 'uuid' },
        },
      },
    },
    customErrorResponseBodySchema: (errors) => ({
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['code', 'message'],
          properties: {
            code: { type: 'string', examples: errors.map(([code]) => code) },
            message: { type: 'string' },
            details: { type: 'object' },
          },
        },
      },
    }),
  });
  return { ...document };
}

function asServed(router: AnyContractRouter): AnyContractRouter {
  if (isContractProcedure(router)) return operationAsServed(router);
  return Object.fromEntries(Object.entries(router).map(([name, part]) => [name, asServed(part)]));
}

function operationAsServed(operation: AnyContractProcedure): AnyContractProcedure {
  const definition = operation['~orpc'];
  return new ContractProcedure({
    ...definition,
    errorMap: { ...refusals(...generalRefusals(operation)), ...definition.errorMap },
    route: {
      ...definition.route,
      spec: (described) => ({
        ...described,
        ...(definition.meta.access === 'open' ? { security: [] } : {}),
        ...(isStream(operation) ? { parameters: [...(described.parameters ?? []), lastEventId] } : {}),
        responses: withRequestId(described.responses),
      }),
    },
  });
}

function isStream(operation: AnyContractProcedure): boolean {
  return getEventIteratorSchemaDetails(operation['~orpc'].outputSchema) !== undefined;
}

const lastEventId: OpenAPI.ParameterObject = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The id of the last event that was received: the stream goes on behind it.',
  schema: { type: 'string' },
};

function withRequestId(responses: OpenAPI.ResponsesObject = {}): OpenAPI.ResponsesObject {
  const headers = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
  return Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, { ...response, headers }]));
}

/** A custom schema checks by code, so what it stands for has to be said. */
const schemaConverter = new ZodToJsonSchemaConverter({
  interceptors: [({ schema, next }) => (schema === jsonObjectSchema ? [true, { type: 'object' }] : next())],
});
