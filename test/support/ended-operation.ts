/** Begins to add a library on a host and resolves to the operation when it is over, as the events of the host tell. */
import { createClient } from '#cli/client';
import type { AddLibrary } from '#shared/contract/catalog';
import type { Operation } from '#shared/contract/operation';
import type { TestHost } from './test-host.ts';

export async function endedOperation(host: TestHost, wanted: AddLibrary): Promise<Operation> {
  const client = createClient(host.app.address, fetch);
  const events = await client.host.events();
  try {
    const { id } = await client.libraries.add(wanted);
    for await (const event of events) {
      if (event.type !== 'operation_changed' || event.operation.id !== id) continue;
      if (event.operation.status !== 'running') return event.operation;
    }
    throw new Error(`The events of the host ended before operation ${id}.`);
  } finally {
    await events.return?.(undefined);
  }
}
