/** The OpenAPI document, made from the contract. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { jsonObjectSchema } from '#shared/contract/primitive';
import { apiPrefix, contract } from '#shared/contract/router';

export async function openApiDocument(version: string): Promise<Record<string, unknown>> {
  const generator = new OpenAPIGenerator({ schemaConverters: [schemaConverter] });
  const document = await generator.generate(contract, {
    info: { title: 'vm-system', version, description: 'Runs JavaScript in long-lived sandboxes.' },
    servers: [{ url: apiPrefix }],
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

/** A custom schema checks by code, so what it stands for has to be said. */
const schemaConverter = new ZodToJsonSchemaConverter({
  interceptors: [({ schema, next }) => (schema === jsonObjectSchema ? [true, { type: 'object' }] : next())],
});
