/**
 * The `fs` module's host side. It does one thing at a time for each runtime, so that what it holds in memory is what one
 * operation may hold, and a guest's writes happen in the order of its calls. All of it is asynchronous: nothing here
 * keeps the host waiting.
 */
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import { moduleConfig } from '#core/policy';
import type { GuestCall, GuestCallContext, GuestReply, RuntimeSpec } from '#core/ports';
import type { FsModuleConfig } from '#shared/contract/capability-config';
import { FileAccess } from './fs/file-access.ts';
import { checkWanted } from './fs/file-operation.ts';
import { fileOperations } from './fs/file-operations.ts';
import { GrantedRoots } from './fs/granted-roots.ts';
import { toGuestError } from './fs/to-guest-error.ts';
import { WriteLedger } from './fs/write-quota.ts';
import type { GuestService, OpenService } from './guest-services.ts';
import { ProtectedFiles } from './paths/protected-files.ts';

/** Makes the services; `protectedFiles` are the host's own, which no guest touches. */
export function fsServices(protectedFiles = new ProtectedFiles()): OpenService {
  const ledger = new WriteLedger();
  return (spec) => {
    const config = moduleConfig(spec.policy, 'fs');
    return config === undefined ? undefined : new FsService(accessOf({ spec, config, protectedFiles, ledger }));
  };
}

interface AccessParts {
  readonly spec: RuntimeSpec;
  readonly config: FsModuleConfig;
  readonly protectedFiles: ProtectedFiles;
  readonly ledger: WriteLedger;
}

async function accessOf(parts: AccessParts): Promise<FileAccess> {
  return new FileAccess({ ...parts, roots: await GrantedRoots.pin(parts.spec, parts.config) });
}

/** What errors name; each operation checks its argument itself. */
const pathsSchema = z.looseObject({ path: z.string(), dest: z.string().optional() });

class FsService implements GuestService {
  readonly #access: Promise<FileAccess>;
  #last: Promise<unknown>;

  constructor(access: Promise<FileAccess>) {
    this.#access = access;
    this.#last = access.catch(() => undefined);
  }

  call(call: GuestCall, context: GuestCallContext): Promise<GuestReply> {
    const answer = this.#last.then(() => this.#run(call, context));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Resolves when nothing is being done any more. */
  async close(): Promise<void> {
    await this.#last;
  }

  async #run({ operation: name, argument, bytes }: GuestCall, { abort }: GuestCallContext): Promise<GuestReply> {
    const operation = fileOperations.get(name);
    if (operation === undefined) throw new GuestError(`fs has no operation "${name}"`);
    checkWanted(abort);
    try {
      return await operation.run({ access: await this.#access, argument, bytes, abort });
    } catch (error) {
      const { data: { path, dest } = { path: '' } } = pathsSchema.safeParse(argument);
      throw toGuestError(error, { syscall: operation.syscall, path, ...(dest === undefined ? {} : { dest }) });
    }
  }
}
