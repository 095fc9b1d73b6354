// Owns noticing that something small as a whole is different, where nothing tells what of it: menus, the settings.

import { createHash } from 'node:crypto';
import type { Query } from '../loaders/reader.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import type { Edit } from './facts.ts';
import type { ReadRows } from './read-rows.ts';
import type { Watched } from './read-whole.ts';

/** What is read, and what it makes stale. */
export interface DigestOptions {
  readonly name: string;
  readonly route: string;
  readonly query: Query;
  readonly read: ReadRows;
  /** What is different where any of it is. */
  readonly edits: readonly Edit[];
}

/** Watches something by a digest of it: a page of it at a time. */
export function watchDigest({ name, route, query, read, edits }: DigestOptions): Watched {
  const digests = new Map<number, string>();
  let page = 1;
  return {
    name,
    async probe() {
      const own = page;
      const { rows, total } = await read(route, own === 1 ? query : { ...query, page: own });
      page = total !== null && own * maxPerPage < total ? own + 1 : 1;
      const digest = createHash('sha256').update(JSON.stringify(rows)).digest('base64url');
      const known = digests.get(own);
      digests.set(own, digest);
      return known === undefined || known === digest ? [] : [...edits];
    },
  };
}
