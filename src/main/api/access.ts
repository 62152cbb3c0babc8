/**
 * What a caller may do that depends on what a template grants. The guard has settled who calls; this settles whether a
 * caller that is not proven to be the user may reach the machine through a session.
 */
import { VmError } from '#core/vm-error';
import type { ApiContext } from '#main/api/context';

const powerful: readonly string[] = ['database', 'exec', 'fs'];

/** Rejects with UNAUTHORIZED where the modules reach the machine and the caller has shown neither uid nor token. */
export async function requireProof({ caller }: ApiContext, modulesOf: () => Promise<readonly string[]>): Promise<void> {
  if (caller.proven || caller.authenticated) return;
  const granted = (await modulesOf()).filter((module) => powerful.includes(module));
  if (granted.length === 0) return;
  throw new VmError(
    'UNAUTHORIZED',
    `This session is granted ${granted.join(', ')}, and on this system the caller cannot be proven to be the same user. ` +
      'Send the token: curl -H "Authorization: Bearer $(vm-system ops token)" …',
    { details: { modules: granted } },
  );
}
