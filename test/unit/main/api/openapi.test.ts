import type { OpenAPI } from '@orpc/contract';
import { traverseContractProcedures } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '#main/api/openapi';
import { errorTable, isErrorCode } from '#shared/contract/error';
import { contract } from '#shared/contract/router';

const document = (await openApiDocument('1.2.3')) as OpenAPI.Document;

interface Documented {
  readonly name: string;
  readonly access: string;
  readonly hasInput: boolean;
  readonly ownCodes: readonly string[];
  readonly method: string;
  readonly operation: OpenAPI.OperationObject;
}

const operations: Documented[] = [];
traverseContractProcedures({ router: contract, path: [] }, ({ path, contract: procedure }) => {
  const { route, meta, inputSchema, errorMap } = procedure['~orpc'];
  const method = (route.method ?? 'POST').toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  operations.push({
    name: path.join('.'),
    access: meta.access,
    hasInput: inputSchema !== undefined,
    ownCodes: Object.keys(errorMap),
    method,
    operation: document.paths?.[route.path ?? '']?.[method] ?? {},
  });
});

const errorSchema = z.object({
  properties: z.object({
    error: z.object({ properties: z.object({ code: z.object({ examples: z.array(z.string()) }) }) }),
  }),
});

/** Every documented code, behind the status under which it stands. */
function refusalsOf({ responses }: OpenAPI.OperationObject): string[] {
  return Object.entries(responses ?? {}).flatMap(([status, response]) => {
    if (Number(status) < 400 || !('content' in response)) return [];
    const { properties } = errorSchema.parse(response.content?.['application/json']?.schema);
    return properties.error.properties.code.examples.map((code) => `${status} ${code}`);
  });
}

function withStatus(codes: readonly string[]): string[] {
  return codes.filter(isErrorCode).map((code) => `${errorTable[code].http} ${code}`);
}

function operation(name: string): OpenAPI.OperationObject {
  const found = operations.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found.operation;
}

describe('the OpenAPI document', () => {
  it.each(operations)('says what $name can be refused with, once each', (documented) => {
    const { ownCodes, hasInput, method, access } = documented;
    const codes = new Set([
      ...ownCodes,
      ...['UNAUTHORIZED', 'FORBIDDEN', 'HEADERS_TOO_LARGE', 'INTERNAL', 'HOST_STOPPING'],
      ...(hasInput ? ['VALIDATION_ERROR', 'INVALID_REQUEST'] : []),
      ...(method === 'get' ? [] : ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']),
      ...(access === 'run' || access === 'manage' ? ['STORE_WRITE_FAILED'] : []),
    ]);
    expect(refusalsOf(documented.operation).sort()).toEqual(withStatus([...codes]).sort());
  });

  it.each(operations)('shows the request id on every answer to $name', ({ operation: { responses } }) => {
    const header = { $ref: '#/components/headers/RequestId' };
    for (const response of Object.values(responses ?? {})) {
      expect(response).toMatchObject({ headers: { 'X-Request-Id': header } });
    }
    expect(document.components?.headers).toHaveProperty('RequestId');
  });

  it('offers the token, and asks none of hello', () => {
    expect(document.components?.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
    expect(document.security).toEqual([{ bearer: [] }, {}]);
    expect(operations.filter(({ operation }) => operation.security !== undefined).map(({ name }) => name)).toEqual([
      'host.hello',
    ]);
  });

  it('lets the two streams be taken up where they broke off', () => {
    const resumable = operations.filter(({ operation: { parameters = [] } }) =>
      parameters.some((parameter) => 'name' in parameter && parameter.name === 'Last-Event-ID'),
    );
    expect(resumable.map(({ name }) => name).sort()).toEqual(['executions.stream', 'host.events']);
  });

  it('takes ids in capitals, and numbers for numbers', () => {
    const parameters = operation('executions.list').parameters ?? [];
    const schemas = parameters.flatMap((parameter) => ('schema' in parameter ? [parameter.schema] : []));
    expect(schemas).toEqual([
      expect.objectContaining({ type: 'string', pattern: expect.stringContaining('A-F') }),
      expect.objectContaining({ type: 'integer', minimum: 1, default: 50 }),
    ]);
  });

  it('describes a body by its fields', () => {
    const { requestBody } = operation('executions.runFile');
    expect(requestBody).toMatchObject({
      required: true,
      content: {
        'application/json': {
          schema: {
            required: ['session_id', 'path'],
            properties: { env: { type: 'object' } },
            additionalProperties: false,
          },
        },
      },
    });
  });
});
