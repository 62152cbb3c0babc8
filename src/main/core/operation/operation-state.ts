/** The life of an operation as a pure function: `running → ok | error | cancelled`, once and for good. */
import { VmError } from '#core/vm-error';
import type { Operation, OperationProgress } from '#shared/contract/operation';
import type { JsonValue } from '#shared/contract/primitive';

export type OperationCommand =
  | { readonly kind: 'progress'; readonly progress: OperationProgress }
  | { readonly kind: 'succeed'; readonly result: JsonValue; readonly at: string }
  | { readonly kind: 'fail'; readonly message: string; readonly at: string }
  | { readonly kind: 'cancel'; readonly at: string };

/** Returns the operation after the command; an ended one takes none. */
export function moveOperation(operation: Operation, command: OperationCommand): Operation {
  if (operation.status !== 'running') {
    throw new VmError('INTERNAL', `Operation ${operation.id} is over: it cannot be told to ${command.kind}.`);
  }
  switch (command.kind) {
    case 'progress':
      return { ...operation, progress: command.progress };
    case 'succeed':
      return { ...operation, status: 'ok', ended_at: command.at, result: command.result };
    case 'fail':
      return { ...operation, status: 'error', ended_at: command.at, error: { message: command.message } };
    case 'cancel':
      return { ...operation, status: 'cancelled', ended_at: command.at };
  }
}
