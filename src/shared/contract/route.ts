/** How an operation of the contract is written down: who may call it, what it can refuse, where its input lies. */
import { type AnyContractProcedure, oc } from '@orpc/contract';
import * as z from 'zod';
import { type ErrorCode, errorTable } from './error.ts';
import { idSchema } from './primitive.ts';

/**
 * What an operation asks of its caller. `open`: nothing, it only proves who the host is. `read` and `run`: the user
 * of this machine, or the token. `manage`: changes what templates grant, so a peer that is not proven needs the token.
 */
export type Access = 'open' | 'read' | 'run' | 'manage';

const base = oc.$meta<{ access: Access }>({ access: 'manage' });

export const openOperation = base.meta({ access: 'open' });
export const readOperation = base.meta({ access: 'read' });
export const runOperation = base.meta({ access: 'run' });
export const manageOperation = base.meta({ access: 'manage' });

const detailsSchema = z.record(z.string(), z.unknown()).optional();

/** The refusals of one operation, with the status that the error table gives them. */
export function refusals<Code extends ErrorCode>(...codes: readonly Code[]) {
  const entries = codes.map((code) => [code, { status: errorTable[code].http, data: detailsSchema }] as const);
  return Object.fromEntries(entries) as Record<Code, { status: number; data: typeof detailsSchema }>;
}

/** What any call of an operation can be refused with, beside the refusals that it has of its own. */
export function generalRefusals(operation: AnyContractProcedure): ErrorCode[] {
  const { inputSchema, route, meta } = operation['~orpc'];
  const codes: ErrorCode[] = ['UNAUTHORIZED', 'FORBIDDEN', 'HEADERS_TOO_LARGE', 'INTERNAL', 'HOST_STOPPING'];
  if (inputSchema !== undefined) codes.push('VALIDATION_ERROR', 'INVALID_REQUEST');
  if (route.method !== 'GET') codes.push('PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  if (meta.access === 'run' || meta.access === 'manage') codes.push('STORE_WRITE_FAILED');
  return codes;
}

/** Input of a command on one thing: its body, if there is one, holds nothing. */
export const byId = z.strictObject({ id: idSchema });

/** Input of a read of one thing: what else a query holds is ignored, as old clients send parameters of their own. */
export const readById = z.object({ id: idSchema });

/** Input of an operation on one thing that also takes a body. */
export const byIdWith = <Body extends z.ZodType>(body: Body) => z.object({ params: byId, body });
