/** The Log port on pino: one JSON line per entry on stderr, so that stdout stays for what a program prints. */
import { destination, pino, stdSerializers } from 'pino';
import type { Log } from '#core/ports';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export function createLog(level: LogLevel): Log {
  const logger = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { error: stdSerializers.err },
    },
    destination({ dest: 2, sync: true }),
  );
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
