// Which refusals are remembered for everybody, and which were one query's own.

import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../../../src/cache/single-flight.ts';
import { UpstreamError } from '../../../src/errors.ts';
import { createClosedRoutes, createSharedRead, isDenied, keyOf, type Query } from '../../../src/loaders/reader.ts';
import { isOutage } from '../../../src/loaders/staleness.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import type { RestResponse, WordPressClient } from '../../../src/wordpress/rest.ts';

/** A reader of a WordPress that refuses queries with `refused` and answers others; and what it was asked. */
function openReader(refusal: UpstreamError) {
  const asked: string[] = [];
  const client: WordPressClient = {
    async request({ route, query }) {
      asked.push(route);
      if (query?.['refused']) throw refusal;
      return { status: 200, body: [], total: 0, bytes: 2, cacheable: true };
    },
    readPage: () => Promise.reject(new Error('not asked for')),
    sendForm: () => Promise.reject(new Error('not asked for')),
    async [Symbol.asyncDispose]() {},
  };
  const flight = createSingleFlight<RestResponse>();
  const read = createSharedRead({ client, flight, closed: createClosedRoutes({ seconds: 60 }) }, createTrace());
  return { read, asked };
}

describe('the key of a request', () => {
  it.each<[Query, Query]>([
    [{ search: 'news&tags=5' }, { search: 'news', tags: [5] }],
    [{ search: 'a&&b=c' }, { search: 'a', b: 'c' }],
    [{ search: 'a&' }, { search: 'a&&' }],
    [{ search: 'a&', tags: 5 }, { search: 'a&&tags=5' }],
    [{ search: '&a=b' }, { search: '', a: 'b' }],
    [{ slug: ['a&b=c', 'd'] }, { slug: 'a', b: 'c,d' }],
    [{ search: 'a%26b=c' }, { search: 'a&b=c' }],
  ])('of %j is not that of %j', (one, other) => {
    expect(keyOf('wp/v2/posts', one)).not.toBe(keyOf('wp/v2/posts', other));
  });

  it.each<[Query, Query]>([
    [
      { search: 'a', tags: 5 },
      { tags: [5], search: 'a' },
    ],
    [{ slug: ['a', 'b'] }, { slug: ['a,b'] }],
    [{ include: [1, 2] }, { include: '1,2' }],
  ])('of %j is that of %j, which is the same request', (one, other) => {
    expect(keyOf('wp/v2/posts', one)).toBe(keyOf('wp/v2/posts', other));
  });
});

const forbidden = (restCode: string) =>
  new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /x: 401', { status: 401, restCode });

it('reads once for who leaves and comes back while WordPress works on it', async () => {
  let answer = () => {};
  let asked = 0;
  const client: WordPressClient = {
    request: ({ onSent }) => {
      asked += 1;
      onSent?.();
      return new Promise((resolve) => {
        answer = () => resolve({ status: 200, body: ['a'], total: 1, bytes: 5, cacheable: true });
      });
    },
    readPage: () => Promise.reject(new Error('not asked for')),
    sendForm: () => Promise.reject(new Error('not asked for')),
    async [Symbol.asyncDispose]() {},
  };
  const reads = { client, flight: createSingleFlight<RestResponse>(), closed: createClosedRoutes({ seconds: 60 }) };
  for (let visit = 0; visit < 3; visit += 1) {
    const leaving = new AbortController();
    const left = createSharedRead(reads, createTrace(), leaving.signal)('wp/v2/posts', {});
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
  }
  const stays = createSharedRead(reads, createTrace())('wp/v2/posts', {});
  answer();
  expect((await stays).body).toEqual(['a']);
  expect(asked).toBe(1);
});

describe('a refusal', () => {
  it.each(['wp/v2/comments', 'wp/v2/posts', 'wp/v2/media'])(
    'of one query to %s leaves the others alone',
    async (route) => {
      const { read, asked } = openReader(forbidden('rest_cannot_read_post'));
      await expect(read(route, { refused: true })).rejects.toThrow('GET /x: 401');
      await expect(read(route, { per_page: 1 })).resolves.toMatchObject({ status: 200 });
      expect(asked).toEqual([route, route]);
    },
  );

  it('of one query is remembered for that query, in WordPress’s own words', async () => {
    const { read, asked } = openReader(forbidden('rest_cannot_read_post'));
    const ask = () => read('wp/v2/comments', { post: 4, refused: true });
    await expect(ask()).rejects.toThrow('GET /x: 401');
    await expect(ask()).rejects.toThrow('GET /x: 401');
    expect(asked).toHaveLength(1);
    const firewall = openReader(new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /x: 403', { status: 403, kind: 'html' }));
    for (const time of [1, 2]) {
      await expect(firewall.read('wp/v2/comments', { refused: true })).rejects.toThrow('403');
      expect(firewall.asked).toHaveLength(time);
    }
  });

  it('of the users is remembered for all', async () => {
    const { read, asked } = openReader(forbidden('rest_user_cannot_view'));
    await expect(read('wp/v2/users', { refused: true })).rejects.toThrow('GET /x: 401');
    await expect(read('wp/v2/users', { per_page: 1 })).rejects.toThrow('GET /x: 401');
    expect(asked).toEqual(['wp/v2/users']);
  });

  it('of a parameter is not one of the users', async () => {
    const { read, asked } = openReader(forbidden('rest_forbidden_param'));
    await expect(read('wp/v2/users', { refused: true })).rejects.toThrow('GET /x: 401');
    await read('wp/v2/users', { per_page: 1 });
    expect(asked).toHaveLength(2);
  });

  it('of a route that is not there is remembered', async () => {
    const missing = new UpstreamError('UPSTREAM_NOT_FOUND', 'GET /x: 404', { status: 404, restCode: 'rest_no_route' });
    const { read, asked } = openReader(missing);
    await expect(read('wp/v2/genre', { refused: true })).rejects.toThrow('404');
    await expect(read('wp/v2/genre', {})).rejects.toThrow('404');
    expect(asked).toEqual(['wp/v2/genre']);
  });
});

it.each([
  ['a route', 'wp/v2/users'],
  ['one query', 'wp/v2/comments'],
])('does not remember a refusal of %s that all were forgotten after it was asked for', async (_, route) => {
  const refused: (() => void)[] = [];
  const client: WordPressClient = {
    request: () =>
      new Promise((_resolve, reject) => {
        refused.push(() => reject(forbidden('rest_cannot_read')));
      }),
    readPage: () => Promise.reject(new Error('not asked for')),
    sendForm: () => Promise.reject(new Error('not asked for')),
    async [Symbol.asyncDispose]() {},
  };
  const closed = createClosedRoutes({ seconds: 60 });
  const reads = { client, flight: createSingleFlight<RestResponse>(), closed };
  const early = createSharedRead(reads, createTrace(), undefined, 0);
  const first = early(route, {});
  closed.clear();
  // Who began before joins what was asked for before.
  const second = early(route, {});
  refused[0]?.();
  await expect(first).rejects.toThrow('401');
  await expect(second).rejects.toThrow('401');
  const later = createSharedRead(reads, createTrace(), undefined, 1);
  for (const _time of ['asked for', 'remembered']) {
    const third = later(route, {});
    refused[1]?.();
    await expect(third).rejects.toThrow('401');
  }
  expect(refused).toHaveLength(2);
});

it.each([
  ['a page and 403', { status: 403, kind: 'html' as const }, true],
  ['a page and 404', { status: 404, kind: 'html' as const }, true],
  ['WordPress', { status: 403, restCode: 'rest_user_cannot_view' }, false],
  ['a page that wants a log-in', { status: 401, kind: 'html' as const }, false],
])('%s: whether that is in the way of what was answered before', async (_, details, isInTheWay) => {
  const code = details.status === 404 ? 'UPSTREAM_NOT_FOUND' : 'UPSTREAM_FORBIDDEN';
  const { read } = openReader(new UpstreamError(code, 'GET /x', details));
  const refused = () => read('wp/v2/users', { refused: true }).catch((error: unknown) => error);
  await read('wp/v2/users', {});
  const error = await refused();
  expect([isOutage(error), isDenied(error)]).toEqual([isInTheWay, !isInTheWay]);
  const never = openReader(new UpstreamError(code, 'GET /x', details));
  expect(isDenied(await never.read('wp/v2/users', { refused: true }).catch((error: unknown) => error))).toBe(true);
});

it('looks again soon at a route that answered lately, and at what was asked of it', () => {
  let clock = 0;
  const refused = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /wp/v2/posts: 401');
  const closed = createClosedRoutes({ seconds: 60, now: () => clock });
  closed.answered('posts');
  closed.add('posts', refused, 'posts?page=2');
  closed.add('users', refused);
  expect([closed.get('posts?page=2'), closed.get('users')]).toEqual([refused, refused]);
  clock = 8001;
  expect([closed.get('posts?page=2'), closed.get('users')]).toEqual([undefined, refused]);
});

describe('a log-in that is refused', () => {
  const refused = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /menus: 401', { status: 401 });
  const open = (loginSeconds?: number) => {
    const clock = { ms: 0 };
    const closed = createClosedRoutes({ seconds: 60, ...(loginSeconds ? { loginSeconds } : {}), now: () => clock.ms });
    /** Tries as often as it may for so many seconds. */
    const tryFor = (seconds: number) => {
      const began = clock.ms;
      const triedAt: number[] = [];
      for (; clock.ms < began + 1000 * seconds; clock.ms += 1000) {
        if (closed.get('menus')) continue;
        closed.add('menus', refused);
        triedAt.push((clock.ms - began) / 1000);
      }
      return triedAt;
    };
    return { clock, closed, tryFor };
  };

  it('is tried after twice as long each time, up to a longest time', () => {
    const { closed, tryFor } = open(100);
    closed.answered('menus');
    expect(tryFor(400)).toEqual([0, 8, 24, 56, 120, 220, 320]);
  });

  it('is tried soon again once it was taken', () => {
    const { clock, closed, tryFor } = open(600);
    closed.answered('menus');
    expect(tryFor(60)).toEqual([0, 8, 24, 56]);
    clock.ms += 600_000;
    closed.answered('menus');
    clock.ms += 1000;
    expect(tryFor(30)).toEqual([0, 8, 24]);
  });

  it('is tried at the same pace where nobody in particular is refused', () => {
    const { closed, tryFor } = open();
    closed.answered('menus');
    expect(tryFor(30)).toEqual([0, 8, 16, 24]);
  });
});
