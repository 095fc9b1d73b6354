// Owns what the log says of breakers: that something is left alone, and that it answers again.

import type { Logger } from '../log.ts';
import { type BreakerOptions, createBreaker, type ToldBreaker } from './breaker.ts';

/** Makes a breaker of something that the log calls `part`. */
export type OpenBreaker = (
  part: string,
  options: Omit<BreakerOptions, 'onOpen' | 'onClose'>,
  onClose?: () => void,
) => ToldBreaker;

/** Makes breakers that tell the log that `what` is left alone. */
export function createOpenBreaker(logger: Logger, random: () => number, what: string): OpenBreaker {
  return (part, options, onClose = () => undefined) =>
    createBreaker({
      onOpen: (failure, waitMs) =>
        logger.warn({ part, waitMs: Math.round(waitMs) }, `${failure.message}; ${what} is left alone`),
      onClose() {
        logger.info({ part }, `${what} answers again`);
        onClose();
      },
      random,
      ...options,
    });
}
