/**
 * Checks an address to listen on, so that a wrong one is a mistake of the command line and not a host that failed to
 * start. It takes what the host takes and hands it on as it was written; what it means is the host's to say.
 */
import { InvalidArgumentError } from 'commander';

const pattern = /^(?:(?:\[[^\]]+\]|[^:]*):)?(?<port>\d{1,5})$/;

export function readListenAddress(text: string): string {
  const port = pattern.exec(text.trim())?.groups?.port;
  if (port !== undefined && Number(port) <= 65_535) return text;
  throw new InvalidArgumentError('It must be HOST:PORT, such as 127.0.0.1:3210.');
}
