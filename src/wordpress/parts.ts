// Owns what of a site breaks for itself: security plugins close users, and hosts the addresses of some plugins.

import type { Logger } from '../log.ts';
import { type Breaker, createBreaker } from './breaker.ts';

/** A part of a site. */
export type Part = 'content' | 'users' | 'other' | 'pages';

/** A breaker for each part. */
export function createBreakers(logger: Logger, random: () => number): Readonly<Record<Part, Breaker>> {
  const breakerOf = (part: Part) =>
    createBreaker({
      onOpen: (failure, waitMs) =>
        logger.warn({ part, waitMs: Math.round(waitMs) }, `${failure.message}; WordPress is left alone`),
      onClose: () => logger.info({ part }, 'WordPress answers again'),
      random,
    });
  return {
    content: breakerOf('content'),
    users: breakerOf('users'),
    other: breakerOf('other'),
    pages: breakerOf('pages'),
  };
}

/** The part that a REST route is of. */
export function partOf(route: string): Part {
  if (route === 'wp/v2/users' || route.startsWith('wp/v2/users/')) return 'users';
  return route.startsWith('wp/v2/') ? 'content' : 'other';
}
