// Owns what of a site breaks for itself: one question, one kind of them, and what of a site is closed or moved as a whole.

import { createHash } from 'node:crypto';
import { createBoundedMap } from '../bounded-map.ts';
import type { Logger } from '../log.ts';
import { type AskedCall, type Breaker, type Task, within } from './breaker.ts';
import { createCommonBreakers } from './common-breakers.ts';
import { createOpenBreaker, type OpenBreaker } from './logged-breaker.ts';
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
   * site is left alone. What is read with credentials, or written, breaks for each caller: what becomes of it may be about who
   * asks. Only a WordPress that is down as a whole is left alone for all of them.
   */
  run<T>(call: BrokenCall, task: Task<T>): Promise<T>;
  /** The same for a page for people. */
  runPage<T>(call: Pick<BrokenCall, 'label' | 'target'>, task: Task<T>): Promise<T>;
}

type Part = 'content' | 'users' | 'other' | 'pages' | 'schemas';

/** What stands before the calls of one caller. */
interface Caller {
  readonly parts: Readonly<Record<Part, Breaker>>;
  readonly turns: ProbeTurns;
}

const callersBytes = 4 * 1024 * 1024;
const kindsBytes = 1024 * 1024;
const targetsBytes = 1024 * 1024;
const breakerBytes = 1024;
const callerBytes = 7 * breakerBytes;
const probeEveryMs = 1000;
/** The name of everybody who reads without credentials. */
const anyone = '';

/** Breakers that are closed. */
export function createBreakers(logger: Logger, random: () => number): Breakers {
  const openBreaker = createOpenBreaker(logger, random, 'WordPress');
  const open = createBranch(openBreaker, false);
  const own = createBranch(createOpenBreaker(logger, random, 'WordPress, for one caller,'), true);
  const common = createCommonBreakers(openBreaker);
  return {
    run({ label, method, route, target: path, authorization }, task) {
      const name = nameOf(authorization);
      const target = `${method} ${path} ${name}`;
      // Servers that do not know what to make of OPTIONS answer all else.
      const isSchema = method === 'OPTIONS';
      const asked = { label, kind: isSchema ? `OPTIONS ${route}` : kindOf(route), target };
      const part = isSchema ? 'schemas' : partOf(route);
      if (authorization === undefined && isRead(method)) {
        return open.before(anyone, part, asked).run(asked, (pass) => common.see(task(pass)));
      }
      const breaker = within(common.before(name, method), own.before(name, part, asked));
      return breaker.run(asked, (pass) => common.learn({ name, route }, task(pass)));
    },
    runPage({ label, target }, task) {
      const asked = { label, kind: target, target };
      return within(open.target(asked), open.part(anyone, 'pages')).run(asked, task);
    },
  };
}

/** Breakers by caller: what becomes of one closes nothing for others. `isOwn`: of callers who may each be told something else. */
function createBranch(openBreaker: OpenBreaker, isOwn: boolean) {
  const { createOfPart, ofKind, ofTarget } = createJudges();
  const kindOptions = { judge: ofKind, ignoresRetryAfter: true };
  const callers = createMemory<Caller>(callersBytes, callerBytes);
  const kinds = createMemory<Breaker>(kindsBytes, breakerBytes);
  const targets = createMemory<Breaker>(targetsBytes, breakerBytes);

  function createCaller(): Caller {
    const options = { judge: createOfPart(), onlyInARow: true, ignoresRetryAfter: isOwn };
    const parts = {
      content: openBreaker('content', options),
      users: openBreaker('users', options),
      other: openBreaker('other', options),
      pages: openBreaker('pages', options),
      schemas: openBreaker('schemas', options),
    };
    return { parts, turns: createProbeTurns() };
  }
  const callerOf = (name: string) => callers(name, createCaller);
  const kindFor = (name: string, kind: string) => {
    const { mayProbe, reset } = callerOf(name).turns;
    return kinds(`${name} ${kind}`, () => openBreaker(kind, { ...kindOptions, mayProbe }, reset));
  };
  const part = (name: string, ofPart: Part) => callerOf(name).parts[ofPart];
  const target = ({ target: asked, label }: Pick<AskedCall, 'target' | 'label'>) =>
    targets(asked, () => openBreaker(label, { judge: ofTarget }));
  return {
    part,
    target,
    /** What stands before a question, its kind and its part of the site. */
    before: (name: string, ofPart: Part, asked: AskedCall) =>
      within(target(asked), within(part(name, ofPart), kindFor(name, asked.kind))),
  };
}

/** What stands for credentials: they are kept nowhere. */
function nameOf(authorization: string | undefined): string {
  return authorization === undefined ? anyone : createHash('sha256').update(authorization).digest('base64url');
}

/** Breakers by name, made when they are asked for; those that nobody asks for are forgotten, and closed when they come again. */
function createMemory<Value extends object>(
  maxBytes: number,
  valueBytes: number,
): (name: string, make: () => Value) => Value {
  const known = createBoundedMap<Value>({ maxBytes, bytesOf: () => valueBytes });
  return (name, make) => {
    const value = known.get(name);
    if (value) return value;
    const made = make();
    known.set(name, made);
    return made;
  };
}

interface ProbeTurns {
  readonly mayProbe: () => boolean;
  readonly reset: () => void;
}

/** There may be many kinds: while all of them are left alone, they are asked one after the other, as long as none answers. */
function createProbeTurns(): ProbeTurns {
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

/** The part that a REST route is of. */
function partOf(route: string): Part {
  if (route === 'wp/v2/users' || route.startsWith('wp/v2/users/')) return 'users';
  return route.startsWith('wp/v2/') ? 'content' : 'other';
}

/** The list that a REST route is of: `wp/v2/posts` of `wp/v2/posts/12/revisions`. */
function kindOf(route: string): string {
  return route.split('/', 3).join('/');
}
