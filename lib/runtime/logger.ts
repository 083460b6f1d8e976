import { pino } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Never written, at the top of a logged object or one level down. */
const SECRET_KEYS = [
  'password',
  'token',
  'authorization',
  'connectionString',
  'sharedAccessKey',
  'cookie',
  // On every error of the database: the statement with its values, which may be those of hundreds of orders.
  'sql',
];

/** One JSON object a line on stdout: time (UTC), level as a word, service, msg, and what the call adds. */
export function createLogger(service: string, level: LogLevel = 'info') {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
  });
}
