// Owns the tests of requests for one entity each: made once, a few at a time, and not at all where it would be useless.

import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayContext } from '../../../src/context.ts';
import { createContextFactory } from '../../../src/context.ts';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/errors.ts';
import { previewer } from '../../../src/loaders/preview-loaders.ts';
import type { Viewer } from '../../../src/loaders/viewer.ts';
import { createExtraReads } from '../../../src/schema/seo/extra-reads.ts';
import { createClient } from '../../../src/wordpress/client.ts';
import type { RestRoot, Site } from '../../../src/wordpress/rest.ts';

const root: RestRoot = { origin: 'http://127.0.0.1:9', path: '/wp-json/', style: 'path' };
const site: Site = {
  root,
  ...{ name: null, description: null, url: null, home: root.origin, timezone: null, gmtOffset: null, namespaces: [] },
  ...{ showOnFront: null, pageOnFront: null, pageForPosts: null, siteIconId: null, siteIconUrl: null },
};

let newContext: () => GatewayContext;

beforeAll(() => {
  const logger = pino({ level: 'silent' });
  const cache = { maxBytes: 1024, freshSeconds: 0, negativeSeconds: 0 };
  const create = createContextFactory({ client: createClient(root, { logger }), site, cache, scanLimit: 1, logger });
  newContext = () => create({});
});

let running = 0;
let most = 0;
let started: string[] = [];

beforeEach(() => {
  most = 0;
  started = [];
});

/** A read that takes some time and notes how many others run. */
function slowly(key: string, code?: UpstreamErrorCode, restCode?: string): () => Promise<string> {
  return async () => {
    started.push(key);
    running += 1;
    most = Math.max(most, running);
    await sleep(5);
    running -= 1;
    if (code) throw new UpstreamError(code, key, restCode ? { restCode } : {});
    return key;
  };
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

describe('requests for one entity each', () => {
  it('are made once for each key and GraphQL request', async () => {
    const read = createExtraReads<string>();
    const [one, other] = [newContext(), newContext()];
    const values = await Promise.all([
      read(one, 'a', slowly('a')),
      read(one, 'a', slowly('a')),
      read(other, 'a', slowly('a')),
    ]);
    expect(values).toEqual(['a', 'a', 'a']);
    expect(started).toEqual(['a', 'a']);
  });

  it('are a few at a time, and the first one is alone', async () => {
    const read = createExtraReads<string>({ maxConcurrent: 3 });
    const context = newContext();
    const all = Promise.all(keys(10).map((key) => read(context, key, slowly(key))));
    await sleep(1);
    expect(started).toEqual(['k0']);
    expect(await all).toEqual(keys(10));
    expect(most).toBe(3);
  });

  it('are bounded', async () => {
    const read = createExtraReads<string>({ maxPerRequest: 4 });
    const context = newContext();
    const values = await Promise.all(keys(6).map((key) => read(context, key, slowly(key))));
    expect(values).toEqual(['k0', 'k1', 'k2', 'k3', null, null]);
    expect(await read(newContext(), 'k5', slowly('k5'))).toBe('k5');
  });

  it.each<[UpstreamErrorCode, string | undefined]>([
    ['UPSTREAM_FORBIDDEN', 'rest_forbidden'],
    ['UPSTREAM_NOT_FOUND', 'rest_no_route'],
  ])('end with the first one where the route is closed (%s, %s), for some time', async (code, restCode) => {
    let now = 0;
    const read = createExtraReads<string>({ closedMs: 1000, now: () => now });
    const context = newContext();
    const values = await Promise.all(keys(5).map((key) => read(context, key, slowly(key, code, restCode))));
    expect(values).toEqual(Array(5).fill(null));
    expect(await read(newContext(), 'later', slowly('later'))).toBeNull();
    expect(started).toEqual(['k0']);
    now = 1001;
    expect(await read(newContext(), 'last', slowly('last'))).toBe('last');
  });

  it('go on where one of them fails', async () => {
    const read = createExtraReads<string>();
    const context = newContext();
    const failing = (key: string, index: number) =>
      read(context, key, index % 2 === 0 ? slowly(key, 'UPSTREAM_FORBIDDEN', 'rest_forbidden') : slowly(key));
    expect(await read(context, 'first', slowly('first'))).toBe('first');
    expect(await Promise.all(keys(4).map(failing))).toEqual([null, 'k1', null, 'k3']);
    expect(await read(context, 'gone', slowly('gone', 'UPSTREAM_NOT_FOUND', 'rest_post_invalid_id'))).toBeNull();
  });

  it.each<[UpstreamErrorCode, number]>([
    ['UPSTREAM_UNAVAILABLE', 2],
    ['UPSTREAM_ERROR', 2],
    ['UPSTREAM_BAD_RESPONSE', 2],
    // Somebody is in the way, and hardly of one of them alone.
    ['UPSTREAM_FORBIDDEN', 1],
  ])('fail where WordPress does not say so itself (%s)', async (code, times) => {
    const read = createExtraReads<string>();
    await expect(read(newContext(), 'a', slowly('a', code))).rejects.toMatchObject({ code });
    await expect(read(newContext(), 'b', slowly('b', code))).rejects.toMatchObject({ code });
    expect(started).toEqual(['a', 'b'].slice(0, times));
  });

  describe('with credentials', () => {
    const as = (viewer: Viewer): GatewayContext => ({ ...newContext(), viewer });
    const user = (id: number): Viewer => ({ id, can: () => false });
    const refused = (key: string) => slowly(key, 'UPSTREAM_FORBIDDEN', 'rest_forbidden');

    it('that are refused close the route for their user alone', async () => {
      const read = createExtraReads<string>();
      expect(await read(as(user(1)), 'a', refused('a'))).toBeNull();
      expect(await read(as(user(1)), 'b', slowly('b'))).toBeNull();
      expect(await read(as(user(2)), 'c', slowly('c'))).toBe('c');
      expect(await read(newContext(), 'd', slowly('d'))).toBe('d');
      expect(started).toEqual(['a', 'c', 'd']);
    });

    it('that meet a page close the route for their user alone', async () => {
      const read = createExtraReads<string>();
      const code = 'UPSTREAM_FORBIDDEN';
      await expect(read(as(user(1)), 'a', slowly('a', code))).rejects.toMatchObject({ code });
      expect(await read(newContext(), 'b', slowly('b'))).toBe('b');
    });

    it('of a preview close the route for nobody else', async () => {
      const read = createExtraReads<string>();
      const context = as(previewer);
      expect(await read(context, 'a', refused('a'))).toBeNull();
      expect(await read(context, 'b', slowly('b'))).toBeNull();
      expect(await read(as(previewer), 'c', slowly('c'))).toBe('c');
      expect(await read(newContext(), 'd', slowly('d'))).toBe('d');
    });

    it('that are answered prove the route for their user alone', async () => {
      const read = createExtraReads<string>();
      expect(await read(as(user(1)), 'a', slowly('a'))).toBe('a');
      const context = newContext();
      expect(await Promise.all(keys(3).map((key) => read(context, key, refused(key))))).toEqual(Array(3).fill(null));
      expect(await read(as(user(2)), 'b', refused('b'))).toBeNull();
      expect(await read(as(user(2)), 'c', slowly('c'))).toBeNull();
      expect(await read(as(user(1)), 'd', slowly('d'))).toBe('d');
      expect(started).toEqual(['a', 'k0', 'b', 'd']);
    });

    it('are made where nobody without them is answered', async () => {
      const read = createExtraReads<string>();
      expect(await read(newContext(), 'a', refused('a'))).toBeNull();
      expect(await read(as(user(1)), 'b', slowly('b'))).toBe('b');
      expect(await read(newContext(), 'c', slowly('c'))).toBeNull();
    });

    it('are not made where there is no such route', async () => {
      const read = createExtraReads<string>();
      expect(await read(newContext(), 'a', slowly('a', 'UPSTREAM_NOT_FOUND', 'rest_no_route'))).toBeNull();
      expect(await read(as(user(1)), 'b', slowly('b'))).toBeNull();
      expect(started).toEqual(['a']);
    });

    it('go on where everybody is answered', async () => {
      const read = createExtraReads<string>({ maxConcurrent: 3 });
      await read(newContext(), 'a', slowly('a'));
      const context = as(user(1));
      expect(await read(context, 'b', refused('b'))).toBeNull();
      expect(await Promise.all(keys(4).map((key) => read(context, key, slowly(key))))).toEqual(keys(4));
      expect(most).toBe(3);
    });
  });

  it('fail as a whole where it is not WordPress that failed', async () => {
    const read = createExtraReads<string>();
    const aborted = () => Promise.reject(new DOMException('aborted', 'AbortError'));
    await expect(read(newContext(), 'a', aborted)).rejects.toThrow('aborted');
  });
});
