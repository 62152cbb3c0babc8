/**
 * The environment of a command, made from scratch: what every command needs, what the template names of the host's, and
 * what the call gives. Variables that would make an allowed program load or run something else, and such as hold secrets
 * by their name, are refused from both, so that nobody wonders where they went.
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
  for (const name of Object.keys(given)) refuseForbidden(name, 'the option "env"');
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

/** Git asks for nothing, reads no system configuration, and runs no program that a repository names. */
const forGit: Environment = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'core.hooksPath',
  GIT_CONFIG_VALUE_0: '/dev/null',
  GIT_CONFIG_KEY_1: 'core.fsmonitor',
  GIT_CONFIG_VALUE_1: 'false',
};

const harmless = /^(NODE_ENV|GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE))$/;
const forbidden = [
  /^(PATH|PATHEXT|COMSPEC|HOME|TMPDIR|TEMP|TMP|TERM|SHELL|IFS|ENV|CDPATH|PS4|SHELLOPTS|BASHOPTS)$/,
  /^(NODE|LD|DYLD|ELECTRON|SSH|AWS|GIT|VM_SYSTEM|BASH|GCONV|MALLOC|GLIBC|NPM_CONFIG)_/,
  /^(PERL5?(OPT|LIB|DB)|PERLLIB|PERL5SHELL|PYTHON\w*|RUBY(OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS)$/,
  /^(\w*PAGER|\w*EDITOR|VISUAL|BROWSER|LESS(OPEN|CLOSE|KEY)?|MAKEFLAGS|CLASSPATH)$/,
  /(^|_)(TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/,
];

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
