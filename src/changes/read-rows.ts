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
  /** Told how long each request took, in ms. */
  readonly onRead: (ms: number) => void;
}

/** Reading with or without credentials. */
export function createReadRows({ client, signal, authorization, onRead }: ReadRowsOptions): ReadRows {
  return async (route, query) => {
    const startedAt = performance.now();
    try {
      const asked = { route, query, signal, ...(authorization ? { authorization } : {}) };
      const { body, total, dateMs, isForSomebody } = await client.request(asked);
      // What is noticed is told to everybody.
      if (isForSomebody) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: made for somebody`);
      const rows = Array.isArray(body) ? body.filter(isRestObject) : isRestObject(body) ? [body] : null;
      if (!rows) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: not a list`);
      const isPartial = Array.isArray(body) && rows.length < body.length;
      return { rows, total, nowMs: dateMs ?? Date.now(), ...(isPartial ? { isPartial } : {}) };
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
