// Owns reading from WordPress for one GraphQL request: shared calls, and routes that are known to be closed.

import type { Mark } from '../cache/purge-log.ts';
import type { SingleFlight } from '../cache/single-flight.ts';
import { UpstreamError } from '../errors.ts';
import { onceForLists } from '../long-lists.ts';
import { inTheWay, isHidden, isHiddenByPage, isOwnRefusal } from '../wordpress/failures.ts';
import type { QueryValue, RestResponse, WordPressClient } from '../wordpress/rest.ts';
import { type Trace, traced } from './trace.ts';

/** Query of a GET request. */
export type Query = Readonly<Record<string, QueryValue>>;

/** Reads a REST route. */
export type Read = (route: string, query: Query) => Promise<RestResponse>;

/**
 * Routes that refuse every caller alike, such as `/users` behind a security plugin, and those that answered lately. A
 * single query of a route is remembered in the same way, by its key.
 */
export interface ClosedRoutes {
  /** Why a route is known to be closed. */
  get(route: string): UpstreamError | undefined;
  /** A moment between the times when all are forgotten: what was asked for before the last of them says nothing after it. */
  mark(): Mark;
  /**
   * Remembers one, or a query of one, unless all were forgotten since it was asked: not for long where it answered lately,
   * since that may come back. Twice as long each time where a log-in goes on being refused: failed ones lock accounts out.
   */
  add(route: string, error: UpstreamError, query?: string, since?: Mark): void;
  /** Remembers that a route answers. */
  answered(route: string): void;
  /** Whether it did so within the last hour. */
  hasAnswered(route: string): boolean;
  /** Forgets them all. */
  clear(): void;
}

/** Most routes that are remembered: some have ids in them. */
const maxRoutes = 1000;
/** Longer ones have a hundred ids in them: hardly anybody asks for the same. */
const maxKeyLength = 2000;
const answeredMs = 3_600_000;
/** Who comes back is seen within ten seconds. */
const soonSeconds = 8;

/** How long closed routes are remembered. */
export interface ClosedRoutesOptions {
  readonly seconds: number;
  /** The longest, where a log-in goes on being refused. */
  readonly loginSeconds?: number;
  readonly now?: () => number;
}

interface Closed {
  readonly error: UpstreamError;
  readonly at: number;
  readonly seconds: number;
}

/** Remembers closed routes for some time. */
export function createClosedRoutes(options: ClosedRoutesOptions): ClosedRoutes {
  const { seconds, loginSeconds = 0, now = () => performance.now() } = options;
  const closed = new Map<string, Closed>();
  const answers = new Map<string, number>();
  let cleared: Mark = 0;
  const put = <Value>(map: Map<string, Value>, route: string, value: Value) => {
    map.delete(route);
    map.set(route, value);
    const [oldest] = map.keys();
    if (map.size > maxRoutes && oldest !== undefined) map.delete(oldest);
  };
  const answeredAt = (route: string) => answers.get(route) ?? Number.NEGATIVE_INFINITY;
  const hasAnswered = (route: string) => answeredAt(route) > now() - answeredMs;
  const isStillRefused = (route: string, before: Closed | undefined): before is Closed =>
    before !== undefined && isLogin(before.error) && before.at >= answeredAt(route);
  return {
    get(route) {
      const known = closed.get(route);
      return known && now() - known.at < 1000 * known.seconds ? known.error : undefined;
    },
    mark: () => cleared,
    add(route, error, query = route, since = cleared) {
      if (since < cleared) return;
      const usual = hasAnswered(route) ? Math.min(soonSeconds, seconds) : seconds;
      const before = closed.get(query);
      const longer = isLogin(error) && isStillRefused(route, before) ? Math.min(loginSeconds, 2 * before.seconds) : 0;
      put(closed, query, { error, at: now(), seconds: Math.max(usual, longer) });
    },
    answered: (route) => put(answers, route, now()),
    hasAnswered,
    clear() {
      cleared += 1;
      closed.clear();
    },
  };
}

function isLogin({ details }: UpstreamError): boolean {
  return details.status === 401;
}

/** Reads once for all processes that want the same at the same time. */
export type ShareRead = (key: string, signal: AbortSignal, call: () => Promise<RestResponse>) => Promise<RestResponse>;

/** What all callers of one kind share: the public, or the gateway itself with its own credentials. Never both. */
export interface SharedReads {
  readonly client: WordPressClient;
  readonly flight: SingleFlight<RestResponse>;
  readonly closed: ClosedRoutes;
  /** Shares reads with other processes; only those of the public. */
  readonly share?: ShareRead;
  /** The gateway's own credentials, for reads that the public cannot do. */
  readonly authorization?: string;
}

/**
 * Reads for callers that share what they read: equal requests at the same time are one, as long as nothing is purged
 * between their beginnings.
 */
export function createSharedRead(
  { client, flight, closed, share, authorization }: SharedReads,
  trace: Trace,
  signal?: AbortSignal,
  since: Mark = 0,
): Read {
  // As with `since`, what is read may have been asked for by others of that time already.
  const before = closed.mark();
  return async (route, query) => {
    const key = keyOf(route, query);
    const refused = closed.get(route) ?? closed.get(key);
    if (refused) throw refused;
    try {
      const answer = await traced(
        trace,
        () => `GET /${route}${printQuery(query)}`,
        (markOwn) =>
          flight.run(`${since} ${key}`, signal, ({ signal: shared, goOn, isAwaited }) => {
            const waiting = { signal: shared, onSent: goOn, isAwaited };
            const call = () => {
              markOwn();
              return client.request({ route, query, ...waiting, ...(authorization ? { authorization } : {}) });
            };
            return share ? share(key, shared, call) : call();
          }),
      );
      closed.answered(route);
      return answer;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      // Who was shown something an hour ago is not refused by a page: a proxy or an update is in the way. So it is with
      // credentials that opened it: security plugins lock accounts out for a while.
      const isLockedOut = authorization !== undefined && guardedRoutes.has(route) && isDenied(error);
      const told = closed.hasAnswered(route) && (isPage(error) || isLockedOut) ? inTheWay(error) : error;
      if (isClosed(route, told)) closed.add(route, told, route, before);
      else if (isForbidden(told) && key.length <= maxKeyLength) closed.add(route, told, key, before);
      throw told;
    }
  };
}

/** A query as people read it. */
function printQuery(query: Query): string {
  const pairs = pairsOf(query);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** A canonical key of a request: requests that WordPress may answer differently never have the same. */
export function keyOf(route: string, query: Query): string {
  // Texts may have an & in them, names have none: doubled, it is told from one between two values.
  const pairs = pairsOf(query).map((pair) => pair.replaceAll('&', '&&'));
  return `${route}?${pairs.sort().join('&')}`;
}

/** The values of a filter as one text. */
export const joinValues = onceForLists((values: readonly (string | number)[]) => values.join());

function pairsOf(query: Query): string[] {
  return Object.entries(query).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? joinValues(value) : value}`,
  );
}

/**
 * Whether there was a page in the place of an answer, or the way to one, or a refusal that is not in WordPress's words. Who
 * has to log in may have to from now on.
 */
function isPage(error: UpstreamError): boolean {
  const { code, details } = error;
  if (details.isInTheWay) return false;
  if (isHidden(error)) return isHiddenByPage(error);
  if (code === 'UPSTREAM_NOT_JSON') return details.kind === 'html' || details.kind === 'login';
  return code === 'UPSTREAM_REDIRECT';
}

/**
 * Whether WordPress, or a plugin in front of it, refuses to show something. Some plugins do so by a page of the site or
 * by leading to one.
 */
export function isDenied(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return isPage(error) || isHidden(error);
}

/**
 * Whether a refusal is meant for every query of its kind of reader. Of most routes it may be meant for one query, such as
 * the comments of a private page, or be a bad day of the site: nobody else's query may suffer from that.
 */
function isClosed(route: string, error: UpstreamError): boolean {
  const { restCode = '' } = error.details;
  if (restCode === 'rest_no_route') return true;
  if (/_(context|param|status|orderby)$/.test(restCode)) return false;
  // Pages in the place of other routes may be a site's bad day.
  return route === usersRoute ? isDenied(error) : guardedRoutes.has(route) && error.code === 'UPSTREAM_FORBIDDEN';
}

/** Whether WordPress itself refuses a query: whoever else asks the same is refused as well. */
function isForbidden(error: UpstreamError): boolean {
  return error.code === 'UPSTREAM_FORBIDDEN' && isOwnRefusal(error);
}

/** The route that security plugins close. */
const usersRoute = 'wp/v2/users';

/** Routes that WordPress shows to users with rights, whatever is asked of them. */
const guardedRoutes: ReadonlySet<string> = new Set([
  'wp/v2/settings',
  'wp/v2/menus',
  'wp/v2/menu-items',
  'wp/v2/menu-locations',
]);
