// Owns the watcher's way to WordPress: lean lists, one request at a time, with what each one took.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import type { Query } from '../loaders/reader.ts';
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

/** Reads rows; an object counts as one. Rejects with `UpstreamError`, also of what a cache gave that was made for somebody. */
export type ReadRows = (route: string, query: Query) => Promise<Rows>;

/** What reading stands on. */
export interface ReadRowsOptions {
  readonly client: WordPressClient;
  readonly signal: AbortSignal;
  /** The gateway's own credentials. */
  readonly authorization?: string | undefined;
  /** Told how long each request was waited for, in ms. */
  readonly onRead: (ms: number) => void;
  /** Whether a turn begins with what is asked now: where that hangs, it is not waited for to its end. */
  readonly isFirst: () => boolean;
  /** How many requests may be under way that are not waited for any more, one at least: each of them takes a slot. */
  readonly mostLeft: number;
}

/** What a turn begins with is waited for so many times as long as it took lately, and for so long at least, in ms. */
const patience = 3;
const leastPatienceMs = 2000;
/** How much of what it took still counts the next time: some questions take longer than others. */
const remembered = 0.9;

/** Reading with or without credentials. */
export function createReadRows(options: ReadRowsOptions): ReadRows {
  const { client, signal, authorization, onRead, isFirst, mostLeft } = options;
  /** How long it took each route to answer what a turn begins with, in ms. */
  const times = new Map<string, number>();
  const left = new Set<Promise<void>>();

  async function ask(route: string, query: Query, onSent?: () => void): Promise<Rows> {
    const asked = { route, query, signal, ...(onSent ? { onSent } : {}), ...(authorization ? { authorization } : {}) };
    const { body, total, dateMs, isForSomebody } = await client.request(asked);
    // What is noticed is told to everybody.
    if (isForSomebody) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: made for somebody`);
    const rows = Array.isArray(body) ? body.filter(isRestObject) : isRestObject(body) ? [body] : null;
    if (!rows) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: not a list`);
    const isPartial = Array.isArray(body) && rows.length < body.length;
    return { rows, total, nowMs: dateMs ?? Date.now(), ...(isPartial ? { isPartial } : {}) };
  }

  /** Its time begins when it is sent: a line is no sign of a kind that hangs. */
  async function askFirst(route: string, query: Query): Promise<Rows> {
    if (left.size >= mostLeft) await Promise.race(left);
    const lately = times.get(route);
    let sentAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    return new Promise((resolve, reject) => {
      let asking: Promise<void> | undefined;
      const leave = () => {
        if (asking) left.add(asking);
        reject(new UpstreamError('UPSTREAM_TIMEOUT', `GET /${route}: takes longer than it did`));
      };
      // Where the REST API has moved, it is sent twice.
      const onSent = () => {
        sentAt = performance.now();
        clearTimeout(timer);
        if (lately !== undefined) timer = setTimeout(leave, Math.max(leastPatienceMs, patience * lately));
      };
      const answered = (rows: Rows) => {
        // Also of what comes too late: a site that has become slow is waited for longer.
        times.set(route, Math.max(performance.now() - sentAt, remembered * (times.get(route) ?? 0)));
        resolve(rows);
      };
      const ended = () => {
        clearTimeout(timer);
        if (asking) left.delete(asking);
      };
      asking = ask(route, query, onSent).then(answered, reject).finally(ended);
    });
  }

  return async (route, query) => {
    const startedAt = performance.now();
    try {
      return await (isFirst() ? askFirst(route, query) : ask(route, query));
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
