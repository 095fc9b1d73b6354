// Owns how Yoga's own messages get into the log.

import type { Logger } from '../log.ts';

/** A logger as Yoga takes it. */
export function toYogaLogger(logger: Logger) {
  const write =
    (level: 'trace' | 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const [first, ...rest] = parts;
      if (first instanceof Error) logger[level]({ err: first }, first.message);
      else logger[level]([first, ...rest].map(String).join(' '));
    };
  // Yoga tells each step of each request at debug.
  return { debug: write('trace'), info: write('info'), warn: write('warn'), error: write('error') };
}
