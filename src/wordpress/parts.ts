// Owns what of a site breaks for itself: security plugins close users, hosts the addresses of some plugins, plugins a route.

import { createBoundedMap } from '../bounded-map.ts';
import type { Logger } from '../log.ts';
import { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts';
import { createAvailabilityJudge, createSenseJudges } from './verdicts.ts';

/** The breakers of a site. */
export interface Breakers {
  /** Of pages for people. */
  readonly pages: Breaker;
  /**
   * Of what is asked of a REST route: it stands between callers and that question, the kind of content that it is about, and
   * its part of the site. What is written has no target: that of one write is that of another.
   */
  of(route: string, target: string | null): Breaker;
}

type Part = 'content' | 'users' | 'other' | 'pages';

const kindsBytes = 256 * 1024;
const targetsBytes = 1024 * 1024;
const breakerBytes = 1024;
const probeEveryMs = 1000;

/** Breakers that are closed. */
export function createBreakers(logger: Logger, random: () => number): Breakers {
  const openBreaker = (part: string, options: Pick<BreakerOptions, 'judge' | 'mayProbe'>, onClose = () => {}) =>
    createBreaker({
      onOpen: (failure, waitMs) =>
        logger.warn({ part, waitMs: Math.round(waitMs) }, `${failure.message}; WordPress is left alone`),
      onClose() {
        logger.info({ part }, 'WordPress answers again');
        onClose();
      },
      random,
      ...options,
    });
  const partBreaker = (part: Part) => openBreaker(part, { judge: createAvailabilityJudge() });
  const parts: Readonly<Record<Part, Breaker>> = {
    content: partBreaker('content'),
    users: partBreaker('users'),
    other: partBreaker('other'),
    pages: partBreaker('pages'),
  };
  const judges = createSenseJudges();
  const pace = createPace();
  const kinds = createMemory(kindsBytes);
  const targets = createMemory(targetsBytes);
  const kindBreaker = (kind: string) =>
    openBreaker(kind, { judge: judges.ofKind, mayProbe: pace.mayProbe }, pace.reset);
  const targetBreaker = (route: string) => openBreaker(route, { judge: judges.ofTarget });

  return {
    pages: parts.pages,
    of(route, target) {
      const kind = kindOf(route);
      const ofKind = within(
        parts[partOf(route)],
        kinds(kind, () => kindBreaker(kind)),
      );
      if (target === null) return ofKind;
      return within(
        targets(target, () => targetBreaker(route)),
        ofKind,
      );
    },
  };
}

/** Breakers by name, made when they are asked for. */
function createMemory(maxBytes: number): (name: string, make: () => Breaker) => Breaker {
  const known = createBoundedMap<Breaker>({ maxBytes, bytesOf: () => breakerBytes });
  return (name, make) => {
    const breaker = known.get(name);
    if (breaker) return breaker;
    const made = make();
    known.set(name, made);
    return made;
  };
}

/** There may be many kinds: while all of them are left alone, they are asked one after the other, as long as none answers. */
function createPace(): { readonly mayProbe: () => boolean; readonly reset: () => void } {
  let nextAt = Number.NEGATIVE_INFINITY;
  return {
    mayProbe() {
      const at = performance.now();
      if (at < nextAt) return false;
      nextAt = at + probeEveryMs;
      return true;
    },
    reset() {
      nextAt = Number.NEGATIVE_INFINITY;
    },
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
