/**
 * What an exception alone does not say: how the template or the code has to change where a guest expects more than its
 * session has. A pure function of what was thrown; it knows the engine's messages, and is silent where it is not sure.
 */
import type { Policy, RunRequest } from '#core/ports';
import type { ExceptionPayload } from '#shared/contract/event';

export interface ThrownException {
  readonly exception: ExceptionPayload;
  readonly run: Pick<RunRequest, 'kind' | 'source' | 'fileName' | 'mode'>;
  /** The template of the session, for commands. */
  readonly templateId: string;
  readonly capabilities: Policy['capabilities'];
}

/** One line, or undefined where the exception says enough. */
export function hintForException(thrown: ThrownException): string | undefined {
  const { message } = thrown.exception;
  const missing = /^ReferenceError: '(\w+)' is not defined$/.exec(message)?.[1];
  if (missing !== undefined) return aboutMissing(missing, thrown);
  return isScriptFile(thrown) ? aboutScriptFile(message, thrown) : undefined;
}

function aboutMissing(name: string, thrown: ThrownException): string | undefined {
  switch (name) {
    case 'fetch':
      return `There is no fetch, for the template has no capability of kind net. ${howToFetch(thrown)}`;
    case 'process':
      return 'There is no process: arguments are in __ARGS__ and __ENV__, granted variables in env, and commands are run by the module exec.';
    case 'Buffer':
      return 'There is no Buffer: bytes are Uint8Arrays, and TextEncoder, TextDecoder, btoa and atob turn text into bytes and back.';
    case 'Intl':
      return 'There is no Intl, and locale arguments are ignored: format with toFixed, padStart, toISOString, or a library such as dayjs.';
    default:
      return undefined;
  }
}

function howToFetch({ templateId, capabilities }: ThrownException): string {
  const switchedOff = capabilities.find(({ kind, enabled }) => kind === 'net' && !enabled);
  if (switchedOff !== undefined) {
    return `One is switched off; for new sessions: vm-system template update-capability ${templateId} ${switchedOff.id} --enabled`;
  }
  const config = `'{"hosts":["HOST"]}'`;
  return `To add one for new sessions: vm-system template add-capability ${templateId} --kind net --name NAME --config ${config}`;
}

function isScriptFile({ run: { kind, mode } }: ThrownException): boolean {
  return kind === 'run_file' && mode === 'script';
}

function aboutScriptFile(message: string, thrown: ThrownException): string | undefined {
  const again = /^SyntaxError: redeclaration of '([^']{1,200})'$/.exec(message)?.[1];
  if (again !== undefined) {
    return `An earlier run or cell declared ${again}, and script files share one scope: put braces around the file's code, or make it a module. ${howToBeModule(thrown)}`;
  }
  return isModuleSyntax(message, thrown)
    ? `This file was run as a script, and only modules import and export. ${howToBeModule(thrown)}`
    : undefined;
}

/** The engine says the same of an `import` that is no call as of an `if` without its bracket. */
function isModuleSyntax(message: string, { run: { source } }: ThrownException): boolean {
  if (message === 'SyntaxError: unsupported keyword: export') return true;
  return message === "SyntaxError: expecting '('" && /^\s*import\b\s*[\w$*{'"]/m.test(source);
}

function howToBeModule({ run: { fileName }, templateId }: ThrownException): string {
  const name = /\.[cm]?ts$/.test(fileName) ? fileName.replace(/\w+$/, 'mts') : fileName.replace(/(?:\.c?js)?$/, '.mjs');
  return `Name it ${JSON.stringify(name)}, or run all files of new sessions as modules: vm-system template settings ${templateId} --esm on`;
}
