// Owns what of a site breaks for itself: one question, one kind of them, and what of a site is closed or moved as a whole.

import { createHash } from 'node:crypto';
import { createBoundedMap } from '../bounded-map.ts';
import type { Logger } from '../log.ts';
import { type Breaker, type BreakerOptions, createBreaker, type Task } from './breaker.ts';
import type { RestMethod } from './rest.ts';
import { isRead } from './retry.ts';
import { createJudges } from './verdicts.ts';

/** A request that a breaker may stand before. */
export interface BrokenCall {
  /** Method and route. */
  readonly label: string;
  readonly method: RestMethod;
  readonly route: string;
  readonly target: string;
  readonly authorization?: string | undefined;
}

/** The breakers of a site. */
export interface Breakers {
  /**
   * Runs a call of a REST route, or rejects at once with an `UpstreamError`: while that question, its kind or its part of the
   * site is left alone. What is read with credentials, or written, breaks for itself: what becomes of it may be about who asks.
   */
  run<T>(call: BrokenCall, task: Task<T>): Promise<T>;
  /** The same for a page for people. */
  runPage<T>(call: Pick<BrokenCall, 'label' | 'target'>, task: Task<T>): Promise<T>;
}

type Part = 'content' | 'users' | 'other' | 'pages';

const kindsBytes = 256 * 1024;
const targetsBytes = 1024 * 1024;
const breakerBytes = 1024;
const probeEveryMs = 1000;

/** Breakers that are closed. */
export function createBreakers(logger: Logger, random: () => number): Breakers {
  const open = createBranch(logger, random, false);
  const own = createBranch(logger, random, true);
  return {
    run({ label, method, route, target, authorization }, task) {
      const kind = kindOf(route);
      const inBranch = authorization === undefined && isRead(method) ? open : own;
      const ofKind = within(inBranch.part(partOf(route)), inBranch.kind(kind));
      const asked = { label, kind, target: `${method} ${target} ${nameOf(authorization)}` };
      return within(inBranch.target(asked.target, label), ofKind).run(asked, task);
    },
    runPage({ label, target }, task) {
      const breaker = within(open.target(target, label), open.part('pages'));
      return breaker.run({ label, kind: target, target }, task);
    },
  };
}

/** Breakers that learn from each other's calls. `isOwn`: of callers who may each be told something else. */
function createBranch(logger: Logger, random: () => number, isOwn: boolean) {
  const openBreaker = (part: string, options: Omit<BreakerOptions, 'onOpen' | 'onClose'>, onClose = () => {}) =>
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
  const { ofPart, ofKind, ofTarget } = createJudges();
  const turns = createProbeTurns();
  const partOptions = { judge: ofPart, onlyInARow: true, ignoresRetryAfter: isOwn };
  const kindOptions = { judge: ofKind, mayProbe: turns.mayProbe, ignoresRetryAfter: true };
  const parts: Readonly<Record<Part, Breaker>> = {
    content: openBreaker('content', partOptions),
    users: openBreaker('users', partOptions),
    other: openBreaker('other', partOptions),
    pages: openBreaker('pages', partOptions),
  };
  const kinds = createMemory(kindsBytes);
  const targets = createMemory(targetsBytes);
  return {
    part: (part: Part) => parts[part],
    kind: (kind: string) => kinds(kind, () => openBreaker(kind, kindOptions, turns.reset)),
    target: (target: string, label: string) => targets(target, () => openBreaker(label, { judge: ofTarget })),
  };
}

/** What stands for credentials: they are kept nowhere. */
function nameOf(authorization: string | undefined): string {
  return authorization === undefined ? '' : createHash('sha256').update(authorization).digest('base64url');
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
function createProbeTurns(): { readonly mayProbe: () => boolean; readonly reset: () => void } {
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
