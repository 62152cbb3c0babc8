/** The `fs` module's host side: files of the worktree, by the one path checker. */

import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { GuestCall, GuestReply, RuntimeSpec } from '#core/ports';
import type { GuestService } from './guest-services.ts';
import { openFile } from './paths.ts';

const pathArgument = z.strictObject({ path: z.string() });

export function openFsService(spec: RuntimeSpec): GuestService | undefined {
  return spec.policy.modules.includes('fs') ? new FsService(spec.worktree) : undefined;
}

class FsService implements GuestService {
  readonly #worktree: string;

  constructor(worktree: string) {
    this.#worktree = worktree;
  }

  async call({ operation, argument }: GuestCall): Promise<GuestReply> {
    if (operation !== 'readText') throw new GuestError(`fs has no operation "${operation}"`);
    const { path } = pathArgument.parse(argument);
    const file = await openFile(this.#worktree, path);
    try {
      return { value: await file.readFile('utf8') };
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {}
}
