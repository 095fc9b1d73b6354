// Owns structured logs: one logger, made once, passed down.

import { type Logger as PinoLogger, pino } from 'pino';
import { createLineWriter, type LineWriter } from './log/line-writer.ts';

/** What the rooms need of a logger. */
export type Logger = Pick<
  PinoLogger,
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'isLevelEnabled'
>;

/** Levels that `LOG_LEVEL` may name. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

let stdout: LineWriter | undefined;

/** The process has one standard output; what waits is written before it ends. */
function openStdout(): LineWriter {
  const opened = createLineWriter(1);
  process.once('exit', opened.flushSync);
  return opened;
}

/** Lines that could not be written so far. */
export function countLostLines(): number {
  return stdout?.lost() ?? 0;
}

/** A logger that writes JSON lines to stdout; secrets in well-known places are redacted. */
export function createLogger(level: LogLevel): Logger {
  stdout ??= openStdout();
  return pino(
    {
      level,
      base: null,
      // A path with a star would cost more than the line itself.
      redact: { paths: ['authorization', 'headers.authorization', 'headers.cookie'], censor: '[redacted]' },
    },
    stdout,
  );
}
