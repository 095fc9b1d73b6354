// Owns what of a site breaks for itself: one question, those of its shape, and what of a site is closed or moved as a whole.

import { createHash } from 'node:crypto';
import { createBoundedMap } from '../bounded-map.ts';
import type { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type AskedCall, type Breaker, type BreakerOptions, type Task, within } from './breaker.ts';
import { createCommonBreakers } from './common-breakers.ts';
import { createOpenBreaker, type OpenBreaker } from './logged-breaker.ts';
import type { RestMethod, RestRequest } from './rest.ts';
import { isRead } from './retry.ts';
import { createJudges } from './verdicts.ts';

/** A request that a breaker may stand before. */
export interface BrokenCall {
  /** Method and route. */
  readonly label: string;
  readonly method: RestMethod;
  readonly route: string;
  readonly target: string;
  readonly query?: RestRequest['query'];
  readonly authorization?: string | undefined;
}

/** The breakers of a site. */
export interface Breakers {
  /**
   * Runs a call of a REST route, or rejects at once with an `UpstreamError`: while that question, its shape or its part of the
   * site is left alone. What is read with credentials, or written, breaks for each caller: what becomes of it may be about who
   * asks. Only a WordPress that is down as a whole is left alone for all of them. `again` asks the same for nobody, to find out
   * whether others can be answered.
   */
  run<T>(call: BrokenCall, task: Task<T>, again?: () => Promise<T>): Promise<T>;
  /** The same for a page for people. `refusalOf` tells which of them may come in the place of all of the site's. */
  runPage<T>(
    call: Pick<BrokenCall, 'label' | 'target'>,
    task: Task<T>,
    refusalOf: (page: T) => UpstreamError | undefined,
  ): Promise<T>;
  /** Whether a question was answered when this caller asked it last. */
  isKnown(call: Pick<BrokenCall, 'method' | 'target' | 'authorization'>): boolean;
  /** Whether a page was answered when it was asked for last. */
  isKnownPage(target: string): boolean;
}

type Part = 'content' | 'users' | 'other' | 'pages' | 'schemas';

/** What a caller asks. */
interface Question extends Pick<AskedCall, 'target' | 'label'> {
  readonly name: string;
  readonly part: Part;
  readonly shape: string;
}

/** There is room for some thousand of each, and for the turns of all callers whose parts are known. */
const callersBytes = 1024 * 1024;
const partsBytes = 4 * 1024 * 1024;
const shapesBytes = 5 * 1024 * 1024;
const targetsBytes = 2 * 1024 * 1024;
// Measured with Node.js 20, closed; with what is remembered of the answers of a shape.
const callerBytes = 512;
const partBytes = 3.5 * 1024;
const shapeBytes = 4.5 * 1024;
const targetBytes = 2 * 1024;
const probeEveryMs = 1000;
const mostWaiting = 1000;
/** The name of everybody who reads without credentials. */
const anyone = '';

/** Breakers that are closed. */
export function createBreakers(logger: Logger, random: () => number): Breakers {
  const openBreaker = createOpenBreaker(logger, random, 'WordPress');
  const open = createBranch(openBreaker, false);
  const own = createBranch(createOpenBreaker(logger, random, 'WordPress, for one caller,'), true);
  const common = createCommonBreakers(openBreaker);
  // Apart from the call, which leads to its answer: V8 keeps with a closure all that any beside it sees.
  const seen =
    <T>(again: () => Promise<T>) =>
    () =>
      common.see(again());
  return {
    run({ label, method, route, query, target: path, authorization }, task, again) {
      const name = nameOf(authorization);
      const target = targetFor({ method, target: path }, name);
      // Servers that do not know what to make of OPTIONS answer all else.
      const isSchema = method === 'OPTIONS';
      const asked = { label, kind: isSchema ? `OPTIONS ${route}` : kindOf(route), target };
      const [part, shape] = isSchema ? (['schemas', asked.kind] as const) : [partOf(route), shapeOf(route, query)];
      if (isOpen({ method, authorization })) {
        const call = { ...asked, again: again && seen(again) };
        return open.before({ name: anyone, part, shape, target, label }).run(call, (pass) => common.see(task(pass)));
      }
      const breaker = within(common.before(name, method), own.before({ name, part, shape, target, label }));
      return breaker.run(asked, (pass) => common.learn({ name, route }, task(pass)));
    },
    async runPage({ label, target }, task, refusalOf) {
      const asked = { label, kind: target, target };
      const breaker = within(open.target(asked), open.part(anyone, 'pages'));
      let refused: { readonly page: Awaited<ReturnType<typeof task>>; readonly refusal: UpstreamError } | undefined;
      try {
        return await breaker.run(asked, async (pass) => {
          const page = await task(pass);
          const refusal = refusalOf(page);
          if (!refusal) return page;
          refused = { page, refusal };
          throw refusal;
        });
      } catch (error) {
        if (refused && error === refused.refusal) return refused.page;
        throw error;
      }
    },
    isKnown: (call) => (isOpen(call) ? open : own).isKnown(targetFor(call, nameOf(call.authorization))),
    isKnownPage: open.isKnownOfPart,
  };
}

/** Breakers by caller: what becomes of one closes nothing for others. `isOwn`: of callers who may each be told something else. */
function createBranch(openBreaker: OpenBreaker, isOwn: boolean) {
  const { createOfPart, createOfShape, ofTarget, isKnown, isKnownOfPart } = createJudges();
  const callers = createMemory<ProbeTurns>(callersBytes, callerBytes);
  const parts = createMemory<Breaker>(partsBytes, partBytes);
  const shapes = createMemory<Breaker>(shapesBytes, shapeBytes);
  const targets = createMemory<Breaker>(targetsBytes, targetBytes);

  const turnsOf = (name: string) => callers(name, createProbeTurns);
  const part = (name: string, ofPart: Part) => {
    const { join, reset } = turnsOf(name);
    const options = { onlyInARow: true, ignoresRetryAfter: isOwn };
    const openPart = () => openBreaker(ofPart, { ...createOfPart(), ...options, mayProbe: join() }, reset);
    return parts(`${name} ${ofPart}`, openPart);
  };
  const shapeFor = (name: string, shape: string) => {
    const { join, reset } = turnsOf(name);
    const openShape = () =>
      openBreaker(shape, { ...createOfShape(), ignoresRetryAfter: true, mayProbe: join() }, reset);
    return shapes(`${name} ${shape}`, openShape);
  };
  const target = ({ target: asked, label }: Pick<AskedCall, 'target' | 'label'>) =>
    targets(asked, () => openBreaker(label, { judge: ofTarget }));
  return {
    part,
    target,
    isKnown,
    isKnownOfPart,
    /** What stands before a question of a caller, those of its shape and its part of the site. */
    before: ({ name, part: ofPart, shape, ...asked }: Question) =>
      within(target(asked), within(part(name, ofPart), shapeFor(name, shape))),
  };
}

/** Whether a call is the same for everybody. */
function isOpen({ method, authorization }: Pick<BrokenCall, 'method' | 'authorization'>): boolean {
  return authorization === undefined && isRead(method);
}

/** What a caller of that name asks for exactly. */
function targetFor({ method, target }: Pick<BrokenCall, 'method' | 'target'>, name: string): string {
  return `${method} ${target} ${name}`;
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

type MayProbe = NonNullable<BreakerOptions['mayProbe']>;

interface ProbeTurns {
  /** The turns of one more breaker. */
  readonly join: () => MayProbe;
  readonly reset: () => void;
}

/** Breakers that wait for their turn. */
interface Turns {
  readonly waiting: Set<MayProbe>;
  nextAt: number;
}

/**
 * There may be many shapes: while all of them are left alone, and the parts that they are of, they are asked one after the
 * other, as long as none answers: who has waited longest, or anybody where he does not come within a second. What never
 * worked, of which there may be any number, takes no turn of what did.
 */
function createProbeTurns(): ProbeTurns {
  const createTurns = (): Turns => ({ waiting: new Set(), nextAt: Number.NEGATIVE_INFINITY });
  let known = createTurns();
  let others = createTurns();
  let taker: AskedCall | undefined;
  return {
    join: () =>
      function mayProbe(call, isOfKnown) {
        // Of its part and of its shape it is the same probe.
        if (call === taker) return true;
        const turns = isOfKnown ? known : others;
        const { waiting, nextAt } = turns;
        if (waiting.size < mostWaiting) waiting.add(mayProbe);
        const at = performance.now();
        const [first] = waiting;
        if (at < nextAt || (first !== mayProbe && at < nextAt + probeEveryMs)) return false;
        for (const done of [first, mayProbe]) if (done) waiting.delete(done);
        turns.nextAt = at + probeEveryMs;
        taker = call;
        return true;
      },
    reset() {
      known = createTurns();
      others = createTurns();
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

/** What questions have in common beside what they ask for: the depth of their route and the names of what restricts them. */
function shapeOf(route: string, query: RestRequest['query'] = {}): string {
  const path = route.split('/').map((segment, index) => (index < 3 ? segment : '*'));
  return `${path.join('/')}?${Object.keys(query).sort().join('&')}`;
}
