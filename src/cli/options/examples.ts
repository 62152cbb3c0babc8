/** The examples at the end of a command's help. */
export function examples(...commandLines: readonly string[]): string {
  const title = commandLines.length === 1 ? 'Example:' : 'Examples:';
  return `\n${title}\n${commandLines.map((line) => `  vm-system ${line}`).join('\n')}`;
}
