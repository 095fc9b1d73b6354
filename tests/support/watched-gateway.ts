// Owns a gateway whose watcher asks when a test says so, with what each round purged and what is still kept.

import { setTimeout as sleep } from 'node:timers/promises';
import { createResponseStore } from '../../src/cache/response-store.ts';
import type { StoredResponse } from '../../src/cache/stored-response.ts';
import { type Changes, createChangeStream } from '../../src/changes/change-stream.ts';
import type { Purge } from '../../src/changes/follow-edits.ts';
import { createPurger } from '../../src/changes/purger.ts';
import { watchWordPress } from '../../src/changes/watch-wordpress.ts';
import { type Answer, openGateway, type TestGateway } from './gateway.ts';

/** What a round of the watcher came to. */
export interface Round {
  /** All tags that were purged, sorted; null in the place of everything. */
  readonly tags: readonly string[] | null;
  readonly changes: Changes['changes'];
  /** Requests that the watcher sent. */
  readonly requests: readonly string[];
}

/** A gateway that keeps answers until its watcher drops them. */
export interface WatchedGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  ask(query: string): Promise<Answer>;
  /** Whether the answer to a query that was asked is still kept. */
  isKept(query: string): boolean;
  /** Why the answer to a query was dropped last: the tag, and the lists that it was made from. */
  whyDropped(query: string): string | undefined;
  /** Gives every kind its turn, or those of some names. */
  round(names?: readonly string[]): Promise<Round>;
  /** Tells of changes as a webhook does. */
  tell(changes: Changes['changes']): Promise<Round>;
}

/** A day: nothing is dropped because it is old. */
const longSeconds = 86_400;

/** How it is opened. */
export interface WatchedGatewayOptions {
  readonly authorization?: string;
  /** By how much WordPress’s clock is ahead for the watcher: what is edited is never of the same second then. */
  readonly clockAheadMs?: number;
}

/** Opens a gateway, and reads the site for the first time. */
export async function openWatchedGateway(
  url: string,
  { authorization, clockAheadMs = 0 }: WatchedGatewayOptions = {},
): Promise<WatchedGateway> {
  const times = { freshSeconds: longSeconds, staleSeconds: 0, staleIfErrorSeconds: 0 };
  const store = createResponseStore({ maxBytes: 50_000_000, ...times });
  let lastKey = '';
  const keys = new Map<string, string>();
  const recording: typeof store = {
    ...store,
    put(key, response, since) {
      lastKey = key;
      keyOf.set(response, key);
      store.put(key, response, since);
    },
  };
  const keyOf = new WeakMap<StoredResponse, string>();
  const reasons = new Map<string, string>();
  const purging: typeof store = {
    ...store,
    purge: (tags, { isConcerned = () => true, ...how } = {}) =>
      store.purge(tags, {
        ...how,
        isConcerned(response, tag) {
          const isDropped = isConcerned(response, tag);
          if (isDropped) reasons.set(keyOf.get(response) ?? '', `${tag} ${response.lists}`);
          return isDropped;
        },
      }),
  };
  const gateway = await openGateway(url, {
    ...{ store: recording, freshSeconds: longSeconds },
    ...(authorization ? { authorization } : {}),
  });
  const { client, site, resources, logger } = gateway.parts;
  const stream = createChangeStream();
  const purges: Purge[] = [];
  const told: Changes['changes'][number][] = [];
  stream.subscribe(({ changes }) => told.push(...changes));
  const purger = createPurger({
    ...{ store: purging, stream, forget: gateway.purge, site: () => site, resources: () => resources },
    onDropped: () => undefined,
    tell: () => undefined,
    look: (changes) => watch.look(changes),
    learn: (edits) => watch.learn(edits),
    onTags: () => undefined,
  });
  const requests: string[] = [];
  const watch = watchWordPress({
    ...{ site, resources, logger, authorization },
    // It asks when it is told to; its own next turn is an hour away.
    ...{ intervalSeconds: 3600, share: 1, slots: 4, maxBytes: 16_000_000 },
    client: {
      ...client,
      async request(request) {
        requests.push(request.route);
        const response = await client.request(request);
        return { ...response, dateMs: (response.dateMs ?? 0) + clockAheadMs };
      },
    },
    async onPurge(purge) {
      purges.push(purge);
      await purger.purge(purge);
    },
  });
  await watch.round();
  if (clockAheadMs > 0) await sleep(1050 - (Date.now() % 1000));

  return {
    gateway,
    async ask(query) {
      lastKey = '';
      const answer = await gateway.query(query);
      if (lastKey !== '') keys.set(query, lastKey);
      return answer;
    },
    whyDropped: (query) => reasons.get(keys.get(query) ?? ''),
    isKept: (query) => store.get(keys.get(query) ?? '') !== undefined,
    round: (names) => observe(() => watch.round(names)),
    tell: (changes) => observe(() => purger.told(changes)),
    async [Symbol.asyncDispose]() {
      await watch[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };

  async function observe(act: () => Promise<void>): Promise<Round> {
    for (const list of [purges, told, requests]) list.length = 0;
    await act();
    // For a watcher whose clock is ahead this second is over: what is edited next must not be of it.
    if (clockAheadMs > 0) await sleep(1050 - (Date.now() % 1000));
    const isAll = purges.some(({ tags }) => tags === null);
    const tags = [...new Set(purges.flatMap((purge) => purge.tags ?? []))].sort();
    return { tags: isAll ? null : tags, changes: [...told], requests: [...requests] };
  }
}
