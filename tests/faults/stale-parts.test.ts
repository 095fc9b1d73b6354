// Owns the tests of how long the parts of answers are used: fresh, stale while they are read anew, old while WordPress
// fails; and of purges, which only touch what carries their tag.

import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { noneGone } from '../../src/cache/old.ts';
import { createResponseStore } from '../../src/cache/response-store.ts';
import type { TestGatewayOptions } from '../support/gateway.ts';
import {
  type Behaviour,
  hangUp,
  html,
  json,
  resetInBody,
  restError,
  stall,
  truncated,
} from '../support/hostile-server.ts';
import { listAnswer, type OddSite, openOddSite, type RouteAnswer, rows } from './odd-site.ts';

vi.setConfig({ testTimeout: 60_000 });

let clock = 1_000_000;
let odd: Record<string, RouteAnswer> = {};
let site: OddSite | undefined;

afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  site = undefined;
});

async function open(options: TestGatewayOptions = {}): Promise<OddSite> {
  odd = {};
  const now = () => clock;
  const times = { freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 };
  const store = createResponseStore({ maxBytes: 10_000_000, ...times, now });
  const cache = { ...times, now, ...options.cache };
  site = await openOddSite(odd, { store, timeoutMs: 1500, ...options, cache, freshSeconds: 60 });
  site.gateway.lines.splice(0);
  return site;
}

/** REST requests since the last call. */
function taker({ server }: OddSite) {
  let taken = server.requests.length;
  return () => {
    const requests = server.requests
      .slice(taken)
      .map(({ target }) => decodeURIComponent(target.replace(/^\/wp-json/, '')));
    taken = server.requests.length;
    return requests;
  };
}

const list = '{ posts(first: 3) { nodes { databaseId title author { node { name } } } } }';
const titles = '{ posts(first: 3) { nodes { title } } }';
const one = '{ post(id: 2, idType: DATABASE_ID) { title } }';
const settled = () => delay(50);

describe('stale parts', () => {
  it('are served at once while they are read anew, by one request for each', async () => {
    const { gateway } = await open();
    const take = taker(site ?? (await open()));
    expect((await gateway.query(list)).errors).toBeUndefined();
    expect(take()).toHaveLength(2);
    clock += 100_000;
    odd['posts'] = listAnswer([{ id: 3, title: { rendered: 'New' } }]);
    const old = await gateway.query(titles);
    expect(old.data.posts.nodes).toHaveLength(3);
    expect(old.headers.get('age')).toBe('100');
    expect(old.headers.get('cache-status')).toBe('headgate; hit; ttl=-40; detail=revalidation');
    await vi.waitFor(async () => expect((await gateway.query(titles)).data.posts.nodes).toEqual([{ title: 'New' }]));
    expect(take()).toHaveLength(1);
    const fresh = await gateway.query(titles);
    expect([fresh.headers.get('age'), fresh.headers.get('cache-status')]).toEqual(['0', null]);
    expect(gateway.lines.filter(({ msg }) => msg === 'operation')[1]).toMatchObject({
      cache: 'stale',
      staleFor: 'revalidation',
      age: 100,
    });
  });

  it('are told of in a trace, and read anew there', async () => {
    const { gateway } = await open({ trace: true });
    await gateway.query(titles);
    clock += 1_000_000;
    expect((await gateway.query(titles)).extensions.headgate.cache).toEqual({ hits: 0, misses: 1 });
    odd['posts'] = restError(500, 'internal_server_error');
    clock += 1_000_000;
    const { data, errors, extensions } = await gateway.query(titles);
    expect([data.posts.nodes.length, errors]).toEqual([3, undefined]);
    expect(extensions.headgate.cache).toMatchObject({ reason: 'outage' });
    expect(extensions.headgate.cache.stale).toBeGreaterThan(0);
  });

  it('have the times of their kind', async () => {
    const { gateway } = await open({ cache: { kinds: new Map([['user', { freshSeconds: 5000 }]]) } });
    const take = taker(site ?? (await open()));
    await gateway.query(list);
    take();
    clock += 1_000_000;
    await gateway.query(list);
    expect(take().map((request) => request.split('?')[0])).toEqual(['/wp/v2/posts']);
  });
});

const outages: readonly (readonly [string, Behaviour])[] = [
  ['500', restError(500, 'internal_server_error')],
  ['503', html('<p>Briefly unavailable for scheduled maintenance.</p>', { status: 503 })],
  ['429', json({ code: 'slow_down', message: '', data: null }, { status: 429 })],
  ['no answer', stall()],
  ['a closed connection', hangUp()],
  ['a broken connection', resetInBody()],
  ['a page', html('<!DOCTYPE html><title>Parked</title>')],
  ['truncated JSON', truncated('[{"id":1')],
];

describe('an outage', () => {
  it.each(outages)('by %s is not seen where the parts are known, though the question is new', async (_, fault) => {
    const { gateway } = await open();
    await gateway.query(list);
    clock += 1_000_000;
    for (const route of Object.keys(rows)) odd[route] = fault;
    const { data, errors, headers } = await gateway.query(titles);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes).toHaveLength(3);
    expect(headers.get('age')).toBe('1000');
    expect(headers.get('cache-status')).toContain('detail=outage');
    expect(gateway.lines.filter(({ msg }) => msg === 'operation').at(-1)).toMatchObject({ staleFor: 'outage' });
  });

  it('leaves what stands behind slugs, and what is not there', async () => {
    const { gateway } = await open();
    const bySlug = (fields: string) => `{ post(id: "post-2", idType: SLUG) { ${fields} } }`;
    const absent = (alias: string) => `{ ${alias}: post(id: 99, idType: DATABASE_ID) { title } }`;
    odd['posts'] = [...rows.posts];
    await gateway.query(bySlug('title slug'));
    await gateway.query(absent('a'));
    clock += 1_000_000;
    odd['posts'] = hangUp();
    expect((await gateway.query(bySlug('slug'))).data).toEqual({ post: { slug: 'post-2' } });
    expect((await gateway.query(absent('b'))).errors).toBeUndefined();
  });

  it('is told of when what is known is too old, or was purged', async () => {
    const { gateway } = await open();
    await gateway.query(list);
    odd['posts'] = restError(500, 'internal_server_error');
    gateway.purge(['post:2']);
    expect((await gateway.query(one)).errors).toHaveLength(1);
    clock += 4_000_000;
    expect((await gateway.query(titles)).errors).toHaveLength(1);
    await settled();
  });
});

describe('what was purged', () => {
  const down = () => {
    for (const route of Object.keys(rows)) odd[route] = restError(500, 'internal_server_error');
  };

  it('is used in an outage, and never otherwise', async () => {
    const opened = await open();
    const { gateway } = opened;
    await gateway.query(list);
    gateway.purge(['list:post', 'post:2'], noneGone);
    const take = taker(opened);
    // Whole answers are purged by themselves: each question is a new one.
    expect((await gateway.query('{ posts(first: 3) { nodes { databaseId } } }')).errors).toBeUndefined();
    expect((await gateway.query(one)).errors).toBeUndefined();
    expect(take()).toHaveLength(2);
    gateway.purge(null, noneGone);
    down();
    const { data, errors, headers } = await gateway.query('{ posts(first: 3) { nodes { id } } }');
    expect([errors, data.posts.nodes.length]).toEqual([undefined, 3]);
    expect(headers.get('cache-status')).toContain('detail=outage');
    clock += 4_000_000;
    expect((await gateway.query('{ posts(first: 3) { nodes { title databaseId } } }')).errors).toHaveLength(1);
    await settled();
  });

  it('and is gone, is not there in an outage', async () => {
    const { gateway } = await open();
    await gateway.query(list);
    gateway.purge(['list:post', 'post:2'], new Map([['post:2', 'absent']]));
    down();
    const { data, errors } = await gateway.query('{ posts(first: 3) { nodes { databaseId } } }');
    expect([errors, data.posts.nodes.map((node: { databaseId: number }) => node.databaseId)]).toEqual([
      undefined,
      [3, 1],
    ]);
    expect((await gateway.query(one)).data).toEqual({ post: null });
    await settled();
  });

  it('and may be otherwise, is an error in an outage', async () => {
    const { gateway } = await open();
    await gateway.query(list);
    gateway.purge(['post:2'], new Map([['post:2', 'doubtful']]));
    down();
    expect((await gateway.query(one)).errors).toHaveLength(1);
    await settled();
  });
});

describe('a purge', () => {
  it('drops the entity or the list that carries its tag, and nothing else', async () => {
    const { gateway } = await open({ trace: true });
    const requestsOf = async (query: string) => (await gateway.query(query)).requests.map((text) => text.split('&')[0]);
    await gateway.query(list);
    expect(await requestsOf(list)).toEqual([]);
    gateway.purge(['post:2', 'comment:7']);
    expect(await requestsOf(list)).toEqual(['/wp/v2/posts?include=2']);
    gateway.purge(['list:category']);
    expect(await requestsOf(list)).toEqual([]);
    gateway.purge(['list:post']);
    expect(await requestsOf(list)).toHaveLength(1);
    gateway.purge(['user:1']);
    expect(await requestsOf(list)).toEqual(['/wp/v2/users?include=1']);
    gateway.purge(null);
    expect(await requestsOf(list)).toHaveLength(2);
  });

  it('wins over what was on its way, also for those who ask meanwhile', async () => {
    const { gateway } = await open();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const old = listAnswer(rows.posts);
    let asked = 0;
    odd['posts'] = (socket, request) => {
      asked += 1;
      void gate.then(() => old(socket, request));
    };
    const before = gateway.query(titles);
    await vi.waitFor(() => expect(asked).toBe(1));
    gateway.purge(['list:post', 'post:1', 'post:2', 'post:3']);
    odd['posts'] = listAnswer([{ id: 3, title: { rendered: 'New' } }]);
    expect((await gateway.query('{ posts(first: 3) { nodes { databaseId title } } }')).data.posts.nodes).toEqual([
      { databaseId: 3, title: 'New' },
    ]);
    release();
    expect((await before).data.posts.nodes).toHaveLength(3);
    expect((await gateway.query('{ posts(first: 3) { nodes { title databaseId } } }')).data.posts.nodes).toEqual([
      { title: 'New', databaseId: 3 },
    ]);
  });
});
