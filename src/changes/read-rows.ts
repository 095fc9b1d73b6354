// Owns the watcher's way to WordPress: lean lists, one request at a time, with what each one took.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import type { Query } from '../loaders/reader.ts';
import { startDeadline, untilAborted } from '../wordpress/deadline.ts';
import type { WordPressClient } from '../wordpress/rest.ts';

/** Rows of a list as WordPress gave them. */
export interface Rows {
  readonly rows: readonly RestObject[];
  /** A row was no object: what is missing may be there. */
  readonly isPartial?: boolean;
  /** How many there are in all, or null where WordPress did not say. */
  readonly total: number | null;
  /** WordPress's clock when it answered, in ms since 1970. */
  readonly nowMs: number;
}

/**
 * Reads rows; an object counts as one. Rejects with `UpstreamError`, also of what a cache gave that was made for somebody, and
 * where a route that answered before takes much longer than it did: what hangs would hold up all other kinds.
 */
export type ReadRows = (route: string, query: Query) => Promise<Rows>;

/** What reading stands on. */
export interface ReadRowsOptions {
  readonly client: WordPressClient;
  readonly signal: AbortSignal;
  /** The gateway's own credentials. */
  readonly authorization?: string | undefined;
  /** Told how long each request took, in ms. */
  readonly onRead: (ms: number) => void;
}

/** A route is waited for so many times as long as it took, and for so long at least, in ms. */
const patience = 3;
const leastPatienceMs = 2000;
/** How much of what a route took still counts at its next answer: some of its questions take longer than others. */
const remembered = 0.9;

/** Reading with or without credentials. */
export function createReadRows({ client, signal, authorization, onRead }: ReadRowsOptions): ReadRows {
  /** How long each route took that has answered, in ms. */
  const times = new Map<string, number>();

  async function ask(route: string, query: Query): Promise<Rows> {
    const startedAt = performance.now();
    const asked = { route, query, signal, ...(authorization ? { authorization } : {}) };
    const { body, total, dateMs, isForSomebody } = await client.request(asked);
    // Of an answer that nobody waited for any more, too: a site that has become slow is waited for longer.
    times.set(route, Math.max(performance.now() - startedAt, remembered * (times.get(route) ?? 0)));
    // What is noticed is told to everybody.
    if (isForSomebody) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: made for somebody`);
    const rows = Array.isArray(body) ? body.filter(isRestObject) : isRestObject(body) ? [body] : null;
    if (!rows) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: not a list`);
    const isPartial = Array.isArray(body) && rows.length < body.length;
    return { rows, total, nowMs: dateMs ?? Date.now(), ...(isPartial ? { isPartial } : {}) };
  }

  async function askInTime(route: string, query: Query): Promise<Rows> {
    const ms = times.get(route);
    if (ms === undefined) return ask(route, query);
    const late = () => new UpstreamError('UPSTREAM_TIMEOUT', `GET /${route}: takes longer than it did`);
    const deadline = startDeadline(Math.max(leastPatienceMs, patience * ms), signal, late);
    return untilAborted(deadline.signal, ask(route, query)).finally(deadline.clear);
  }

  return async (route, query) => {
    const startedAt = performance.now();
    try {
      return await askInTime(route, query);
    } finally {
      onRead(performance.now() - startedAt);
    }
  };
}

/** The id of a row; 0 where it has none. */
export function idOf(row: RestObject): number {
  const id = Number(row['id']);
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}
