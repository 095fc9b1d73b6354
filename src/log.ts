// Owns structured logs: one logger, made once, passed down.

import { type Logger as PinoLogger, pino } from 'pino';

/** What the rooms need of a logger. */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

/** Levels that `LOG_LEVEL` may name. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** A logger that writes JSON lines to stdout; secrets in well-known places are redacted. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: null,
    redact: {
      paths: ['authorization', '*.authorization', 'headers.authorization', 'headers.cookie'],
      censor: '[redacted]',
    },
  });
}
