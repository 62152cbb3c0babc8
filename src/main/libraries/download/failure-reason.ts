/** Says in one sentence why a library could not be brought, and what to do where that is known. */
const advice: Readonly<Record<string, string>> = {
  E401: 'The registry asks for a login: try "npm login".',
  E403: 'The registry refuses it to you.',
  E404: 'The registry does not have this package.',
  ETARGET: 'The registry does not have this version.',
  EINTEGRITY: 'What came is not what the registry promised. Try again; if it stays so, do not trust the registry.',
  ENOTCACHED: "npm is set to work offline, and the package is not in npm's cache.",
  ENOTFOUND: 'The registry cannot be found: is there a network? See "npm config get registry".',
  ECONNREFUSED: 'The registry does not answer. See "npm config get registry".',
  ETIMEDOUT: 'The registry did not answer in time.',
};

export function failureReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return withoutLogins([advice[codeOf(error)], message].filter(Boolean).join(' ').replaceAll(/\s+/g, ' '));
}

/** Its own, or that of the error behind it: what a dependency met is told by the bundle that wanted it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return 'code' in error ? String(error.code) : codeOf(error.cause);
}

/** Addresses in npm's messages may hold the user's password. */
function withoutLogins(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]+@/g, '//');
}
