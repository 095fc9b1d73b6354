// Owns structured logs: one logger, made once, passed down.

import { destination, type Logger as PinoLogger, pino } from 'pino';

/** What the rooms need of a logger. */
export type Logger = Pick<
  PinoLogger,
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'isLevelEnabled'
>;

/** Levels that `LOG_LEVEL` may name. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** Lines wait for each other this long: a write of its own costs more than a kept answer. */
const flushMs = 100;
const bufferBytes = 4096;

let stdout: ReturnType<typeof destination> | undefined;

/** The process has one standard output; what waits is written before it ends. */
function openStdout() {
  const opened = destination({ dest: 1, sync: true, minLength: bufferBytes });
  setInterval(() => opened.flush(), flushMs).unref();
  process.once('exit', () => opened.flushSync());
  return opened;
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
