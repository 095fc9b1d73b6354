// Owns what of a site breaks for itself: security plugins close users, hosts the addresses of some plugins, plugins a route.

import { createBoundedMap } from '../bounded-map.ts';
import type { Logger } from '../log.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { createAvailabilityJudge, createSenseJudge, type Judge } from './verdicts.ts';

/** The breakers of a site. */
export interface Breakers {
  /** Of pages for people. */
  readonly pages: Breaker;
  /** Of a REST route: it stands between callers and its part of the site, and the kind of content that it is of. */
  of(route: string): Breaker;
}

type Part = 'content' | 'users' | 'other' | 'pages';

const kindsBytes = 256 * 1024;
const breakerBytes = 1024;

/** Breakers that are closed. */
export function createBreakers(logger: Logger, random: () => number): Breakers {
  const breakerOf = (part: string, judge: Judge) =>
    createBreaker({
      onOpen: (failure, waitMs) =>
        logger.warn({ part, waitMs: Math.round(waitMs) }, `${failure.message}; WordPress is left alone`),
      onClose: () => logger.info({ part }, 'WordPress answers again'),
      judge,
      random,
    });
  const partBreaker = (part: Part) => breakerOf(part, createAvailabilityJudge());
  const parts: Readonly<Record<Part, Breaker>> = {
    content: partBreaker('content'),
    users: partBreaker('users'),
    other: partBreaker('other'),
    pages: partBreaker('pages'),
  };
  const makesSense = createSenseJudge();
  const kinds = createBoundedMap<Breaker>({ maxBytes: kindsBytes, bytesOf: () => breakerBytes });

  function kindBreaker(kind: string): Breaker {
    const known = kinds.get(kind);
    if (known) return known;
    const breaker = breakerOf(kind, makesSense);
    kinds.set(kind, breaker);
    return breaker;
  }

  return {
    pages: parts.pages,
    of: (route) => within(parts[partOf(route)], kindBreaker(kindOf(route))),
  };
}

/** A breaker of what is asked for by way of two. */
function within(outer: Breaker, inner: Breaker): Breaker {
  return {
    run: (call, task) =>
      outer.run(call, (pass) =>
        inner.run(call, ({ isProbe, check }) =>
          task({
            isProbe: isProbe || pass.isProbe,
            check() {
              pass.check();
              check();
            },
          }),
        ),
      ),
  };
}

/** The part that a REST route is of. */
function partOf(route: string): Part {
  if (route === 'wp/v2/users' || route.startsWith('wp/v2/users/')) return 'users';
  return route.startsWith('wp/v2/') ? 'content' : 'other';
}

/** The list that a REST route is of: `wp/v2/posts` of `wp/v2/posts/12/revisions`. */
function kindOf(route: string): string {
  return route.split('/', 3).join('/');
}
