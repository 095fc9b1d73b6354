// Owns how what Yoga logs comes into our log.

import type { Logger } from '../log.ts';

/** A logger for Yoga. */
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
