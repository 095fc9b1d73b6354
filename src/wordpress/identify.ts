// Owns asking once more where an answer may be that to another request, and what is known of how a site answers.

import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Doubt, doubtOf, doubtOfRefusal, isComparable, ownRows } from './identity.ts';
import type { RestRequest, RestResponse } from './rest.ts';
import { createShownRows, idsOf } from './shown-rows.ts';

/** What identifying stands on. */
export interface IdentifyOptions {
  readonly logger: Logger;
  /** Ends all connections that are used again. */
  readonly renew: () => void;
  /** Told when an answer was that to another request: what was read just before may have been, too. */
  readonly onShift?: (() => void) | undefined;
}

/** What is asked for, as far as answers are compared with it. */
export interface Asked extends Pick<RestRequest, 'method' | 'route' | 'query' | 'authorization'> {
  /** Method and route. */
  readonly label: string;
  /** It is to find out whether WordPress is back. */
  readonly isProbe?: boolean;
}

/** Sends a request; `alone` over a connection that nothing else has used or will. */
export type Send = (alone: boolean) => Promise<RestResponse>;

/** Sends, and once more on a connection of its own where the answer may be that to another request. */
export type Identify = (asked: Asked, send: Send) => Promise<RestResponse>;

/** Most ways of a site, and routes, that are remembered. */
const maxRemembered = 1000;
/** How long connections are not kept alive after one had an answer too many. */
const aloneMs = 600_000;

/** Identifies the answers of one site. */
export function createIdentify({ logger, renew, onShift }: IdentifyOptions): Identify {
  // Until when each request has a connection of its own: not every answer tells that it is another one's.
  let aloneUntil = Number.NEGATIVE_INFINITY;
  // Doubts that are the site's way of answering, by route.
  const ways = new Set<string>();
  // Routes whose lists were shown: elsewhere a refusal is nothing to wonder about.
  const shown = new Set<string>();
  const rows = createShownRows();
  const isAlone = () => performance.now() < aloneUntil;

  async function identify(asked: Asked, send: Send): Promise<RestResponse> {
    if (!isComparable(asked)) return send(true);
    // To find out whether WordPress is back takes one request.
    if (asked.isProbe) return settle(asked, await send(true));
    const first = await send(isAlone()).catch((error: unknown) => sendRefused(asked, send, error));
    const doubt = readDoubt(asked, first);
    if (!doubt) {
      if (asked.query && 'per_page' in asked.query && shown.size < maxRemembered) shown.add(asked.route);
      const missing = asked.method === 'GET' && !isAlone() ? rows.missing(asked, first.body) : [];
      const answer = missing.length > 0 ? await sendMissing(asked, send, missing) : first;
      rows.note(asked, answer.body);
      return answer;
    }
    const isKnown = ways.has(wayOf(asked, doubt));
    if (isKnown && !doubt.isCertain) return first;
    if (!isKnown) {
      warn(asked, doubt);
      // Every connection that is open may be one answer behind.
      renew();
    }
    const second = await send(true);
    if (readDoubt(asked, second)) return settle(asked, second);
    if (isKnown) renew();
    distrust();
    return second;
  }

  /** Objects that were there before are missing: they are gone, or in the answer to another request. */
  async function sendMissing(asked: Asked, send: Send, missing: readonly string[]): Promise<RestResponse> {
    const second = settle(asked, await send(true));
    const given = idsOf(second.body);
    if (!missing.some((id) => given.includes(id))) return second;
    logger.warn(`${asked.label}: objects were missing that are there on a new connection`);
    renew();
    distrust();
    return second;
  }

  /** What an answer comes to on whose connection nothing else was: if it is not what was asked for, the site answers so. */
  function settle(asked: Asked, answer: RestResponse): RestResponse {
    const doubt = readDoubt(asked, answer);
    if (!doubt) return answer;
    remember(asked, doubt);
    if (!doubt.isCertain) return answer;
    const own = ownRows(asked, answer.body);
    if (own) return { ...answer, body: own, isPartial: true, cacheable: false };
    throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `${asked.label}: ${doubt.reason}`, { status: 200 });
  }

  /** Refusals are seldom, and seldom new: the first of each kind where there was an answer before is asked for twice. */
  async function sendRefused(asked: Asked, send: Send, error: unknown): Promise<RestResponse> {
    const doubt = isAlone() ? null : doubtOfRefusal(asked, error);
    if (!doubt || !shown.has(asked.route) || ways.has(wayOf(asked, doubt))) throw error;
    warn(asked, doubt);
    try {
      const second = await send(true);
      renew();
      distrust();
      return second;
    } catch (again) {
      if (doubtOfRefusal(asked, again)?.reason === doubt.reason) remember(asked, doubt);
      throw again;
    }
  }

  function warn({ label }: Asked, { reason }: Doubt): void {
    logger.warn(`${label}: the answer has ${reason}; asking again on a new connection`);
  }

  function remember(asked: Asked, doubt: Doubt): void {
    if (ways.size < maxRemembered) ways.add(wayOf(asked, doubt));
  }

  /** An answer was that to another request. */
  function distrust(): void {
    aloneUntil = performance.now() + aloneMs;
    onShift?.();
  }

  return identify;
}

/** What is written is compared as it is read: it is never sent again. */
function readDoubt(asked: Asked, { body }: RestResponse): Doubt | null {
  return asked.method === 'GET' ? doubtOf(asked, body) : null;
}

function wayOf({ route }: Asked, { reason }: Doubt): string {
  return `${route} ${reason}`;
}
