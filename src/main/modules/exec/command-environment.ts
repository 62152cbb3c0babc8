/**
 * The environment of a command, made from scratch: what every command needs, what the template names of the host's, and
 * what the call gives to names of that list. Hardly a program does not read some variable that makes it load or run
 * something else, so a call sets no other; the worst of them, and such as hold secrets by their name, are refused even
 * where a template names them.
 */
import { GuestError } from '#core/guest-error';
import { fixedPath } from './allowed-commands.ts';

export interface EnvironmentParts {
  /** Home of the session's commands. */
  readonly home: string;
  /** Folder of one command, which is its temporary one and by which its processes are known. */
  readonly mark: string;
  /** Names of variables of the host that the template lets through. */
  readonly inherited: readonly string[];
  readonly given: Readonly<Record<string, string>>;
}

/** Every process that a command starts inherits this variable, unless it takes care not to. */
export const markVariable = 'VM_SYSTEM_EXEC';

type Environment = Readonly<Record<string, string>>;

export function commandEnvironment(
  { home, mark, inherited, given }: EnvironmentParts,
  host: NodeJS.ProcessEnv = process.env,
): Environment {
  for (const name of inherited) refuseForbidden(name, "the template's capability module:exec");
  for (const name of Object.keys(given)) refuseUnlisted(name, inherited);
  const fromHost = inherited.flatMap((name) => {
    const value = host[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { LANG: 'C.UTF-8', ...Object.fromEntries(fromHost), ...given, ...fixedVariables(home, mark) };
}

function fixedVariables(home: string, mark: string): Environment {
  const windows =
    process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot ?? '', TEMP: mark, TMP: mark } : {};
  return { PATH: fixedPath, HOME: home, TMPDIR: mark, TERM: 'dumb', [markVariable]: mark, ...forGit, ...windows };
}

/**
 * Git asks for nothing, reads no system configuration, and runs no hooks. The filters that a repository configures it
 * does run: whoever may call git in a folder that they can write to, may run anything.
 */
const gitSettings = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['safe.bareRepository', 'explicit'],
  ['protocol.ext.allow', 'never'],
] as const;
const forGit: Environment = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: String(gitSettings.length),
  ...Object.fromEntries(
    gitSettings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};

/** What any call may set: how things are shown, and who commits. */
const harmless = /^(NODE_ENV|NO_COLOR|COLUMNS|LINES|TZ|LANG|LC_[A-Z]+|GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE))$/;
const forbidden = [
  /^(PATH|PATHEXT|COMSPEC|HOME|TMPDIR|TEMP|TMP|TERM|SHELL|IFS|ENV|CDPATH|PS4|SHELLOPTS|BASHOPTS)$/,
  /^(NODE|LD|DYLD|ELECTRON|SSH|AWS|GIT|VM_SYSTEM|BASH|GCONV|MALLOC|GLIBC|NPM_CONFIG)_/,
  /^(PERL5?(OPT|LIB|DB)|PERLLIB|PERL5SHELL|PYTHON\w*|RUBY(OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS)$/,
  /^(\w*PAGER|\w*EDITOR|VISUAL|BROWSER|LESS(OPEN|CLOSE|KEY)?|MAKEFLAGS|CLASSPATH)$/,
  /(^|_)(TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/,
];

function refuseUnlisted(name: string, listed: readonly string[]): void {
  refuseForbidden(name, 'the option "env"');
  if (listed.includes(name) || harmless.test(name)) return;
  const shown = JSON.stringify(name.slice(0, 100));
  throw new GuestError(
    `The option "env" sets ${shown}, which the template's capability module:exec does not list. To allow it for new ` +
      `sessions, add it to "env" of that capability's config: vm-system template update-capability`,
    { code: 'ENV_NOT_ALLOWED' },
  );
}

function refuseForbidden(name: string, source: string): void {
  const upper = name.toUpperCase();
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  if (isName && (harmless.test(name) || !forbidden.some((pattern) => pattern.test(upper)))) return;
  const shown = JSON.stringify(name.slice(0, 100));
  throw new GuestError(
    isName
      ? `The variable ${shown} of ${source} is never given to commands: it could make them run something else, or hold a secret`
      : `${source} names ${shown}, which is no name of a variable`,
    { code: 'ENV_NOT_ALLOWED' },
  );
}
