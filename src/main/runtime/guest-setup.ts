/**
 * What of a session's policy its guest is given when it is opened. Values of capabilities go to the guests that are
 * granted them and to no other; what the host itself guards, such as where `fetch` may go, stays here.
 */
import { grantedCapabilities } from '#core/policy';
import type { Policy } from '#core/ports';
import { VmError } from '#core/vm-error';
import { moduleCatalog } from '#shared/contract/catalog';
import type { GuestSetup } from './protocol.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws STARTUP_FAILED where a global of the policy could be no variable. */
export function guestSetupOf(policy: Policy, environment: Environment): GuestSetup {
  const { template_name, modules, settings } = policy;
  return {
    console: settings.runtime.console,
    esm: settings.runtime.esm,
    templateName: template_name,
    grantedModules: modules,
    knownModules: moduleCatalog.map(({ name }) => name),
    hasNetwork: grantedCapabilities(policy, 'net').length > 0,
    env: envOf(policy, environment),
    globals: globalsOf(policy),
  };
}

/** The refusal of a session whose template grants a global under a name that cannot be had. */
export function unusableGlobal({ template_name }: Policy, name: string, reason: string): VmError {
  const shown = name.slice(0, 100);
  const message =
    `The template "${template_name}" grants a global "${shown}", but ${reason}. Remove that capability ` +
    '(vm-system template list-capabilities TEMPLATE, then template remove-capability) and add it under another name.';
  return new VmError('STARTUP_FAILED', message, { details: { global: shown } });
}

/** Undefined variables are left out, as they are in `process.env`. Null where the policy names none at all. */
function envOf(policy: Policy, environment: Environment): GuestSetup['env'] {
  const granted = grantedCapabilities(policy, 'env');
  if (granted.length === 0) return null;
  const settled = (name: string, value: string | undefined) =>
    value ?? (Object.hasOwn(environment, name) ? environment[name] : undefined);
  return granted.flatMap(({ name, config }) => {
    const value = settled(name, config.value);
    return value === undefined ? [] : [[name, value] as const];
  });
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

function globalsOf(policy: Policy): GuestSetup['globals'] {
  return grantedCapabilities(policy, 'global').map(({ name, config }) => {
    if (!identifier.test(name)) throw unusableGlobal(policy, name, 'that is no name of a variable');
    return { name, value: config.value };
  });
}
