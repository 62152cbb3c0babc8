/** The OpenAPI document, made from the contract. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { apiPrefix, contract } from '#shared/contract/router';

export async function openApiDocument(version: string): Promise<Record<string, unknown>> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
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
