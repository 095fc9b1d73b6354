// Owns whom a breaker of a site holds back: what becomes of one caller is about that caller, and a dead site about all.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/errors.ts';
import { type Breakers, createBreakers } from '../../../src/wordpress/parts.ts';
import type { RestMethod } from '../../../src/wordpress/rest.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

let time = 0;

beforeEach(() => {
  time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
});

afterEach(() => {
  vi.restoreAllMocks();
});

interface Asked {
  readonly route: string;
  readonly method?: RestMethod;
  readonly id?: number | string;
  readonly query?: Readonly<Record<string, string>>;
  readonly authorization?: string;
}

const me = 'wp/v2/users/me';
const posts = 'wp/v2/posts';
const pages = 'wp/v2/pages';

const status = (code: UpstreamErrorCode, ofStatus: number) =>
  new UpstreamError(code, `GET /x: ${ofStatus}`, { status: ofStatus });
const limited = status('UPSTREAM_RATE_LIMITED', 429);
const crashed = status('UPSTREAM_ERROR', 500);
const shown = new UpstreamError('UPSTREAM_NOT_JSON', 'GET /x: HTML', { kind: 'html' });
const gone = new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /x: connect ECONNREFUSED', {
  cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
});

/** A site whose WordPress answers as a function says, and what it was asked. */
function openSite(outcome: (asked: Asked) => UpstreamError | undefined) {
  const made: Asked[] = [];
  const breakers: Breakers = createBreakers(createRecordingLogger().logger, () => 0.5);
  const site = {
    made,
    outcome,
    async ask(asked: Asked): Promise<string> {
      const { route, method = 'GET', id = made.length, query = {}, authorization } = asked;
      const target = `/wp-json/${route}?id=${id}&${new URLSearchParams(query)}`;
      const send = async () => {
        made.push(asked);
        const failure = site.outcome(asked);
        if (failure) throw failure;
        return { body: { id: Number(/user(\d+)/.exec(authorization ?? '')?.[1]) } };
      };
      try {
        await breakers.run({ label: `${method} /${route}`, method, route, target, query, authorization }, send, send);
        return 'good';
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        return error.details.isNotAsked ? 'not asked' : error.code;
      }
    },
    async isGoodFor(authorization: string): Promise<void> {
      for (const asked of [{ route: me }, { route: posts }, { route: posts, method: 'POST' }] as const)
        expect(await site.ask({ ...asked, authorization })).toBe('good');
    },
  };
  return site;
}

const user = (id: number, token = 'a') => `user${id}:${token}`;
const users = (count: number) => Array.from({ length: count }, (_, index) => user(index + 1));
const isMadeUp = ({ authorization }: Asked) => authorization?.startsWith('evil') ?? false;

describe('callers with credentials', () => {
  it.each([
    ['429', limited],
    ['500', crashed],
    ['nothing', new UpstreamError('UPSTREAM_TIMEOUT', 'GET /x: no answer')],
  ])('are not held back by made-up credentials that come to %s', async (_, failure) => {
    const site = openSite((asked) => (isMadeUp(asked) ? failure : undefined));
    await site.isGoodFor(user(1));
    for (let index = 0; index < 60; index++) {
      expect(await site.ask({ route: index % 2 ? me : pages, authorization: `evil${index}` })).toBe(failure.code);
    }
    await site.isGoodFor(user(1));
    await site.isGoodFor(user(2));
  });

  it('are not held back by the account of one of them, by whatever tokens, who is', async () => {
    const site = openSite(({ authorization, route }) =>
      authorization?.startsWith('user1:') && route !== me ? crashed : undefined,
    );
    for (const token of ['a', 'b', 'c', 'd', 'e', 'f']) await site.ask({ route: me, authorization: user(1, token) });
    for (const token of ['a', 'b', 'c', 'd', 'e', 'f']) {
      for (const route of [posts, pages]) await site.ask({ route, authorization: user(1, token) });
    }
    for (let times = 0; times < 6; times++) {
      for (const route of [posts, pages]) await site.ask({ route, authorization: user(1) });
    }
    expect(await site.ask({ route: posts, authorization: user(1) })).toBe('not asked');
    await site.isGoodFor(user(2));
  });

  it('who write are not held back by what becomes of others, were it of all', async () => {
    const site = openSite(({ method }) => (method === 'POST' ? undefined : crashed));
    await failForEverybody(site);
    expect(await site.ask({ route: posts, authorization: user(50) })).toBe('not asked');
    expect(await site.ask({ route: posts, method: 'POST', authorization: user(50) })).toBe('good');
  });

  it('are not held back by some of them where others are answered, or anybody is', async () => {
    const isBad = ({ authorization }: Asked) => Number(/user(\d+)/.exec(authorization ?? '')?.[1]) <= 10;
    for (const good of [user(11), undefined]) {
      const site = openSite((asked) => (asked.route !== me && isBad(asked) ? crashed : undefined));
      for (const authorization of users(11)) await site.ask({ route: me, authorization });
      time += 20_000;
      for (let round = 0; round < 10; round++) {
        expect(await site.ask({ route: posts, ...(good ? { authorization: good } : {}) })).toBe('good');
        for (const [index, authorization] of users(10).entries())
          await site.ask({ route: index % 2 ? posts : pages, authorization });
        await site.isGoodFor(user(11));
        time += 1000;
      }
    }
  });

  it('are asked again once anybody is answered', async () => {
    const site = openSite(() => crashed);
    await failForEverybody(site);
    expect(await site.ask({ route: posts, authorization: user(50) })).toBe('not asked');
    site.outcome = () => undefined;
    expect(await site.ask({ route: posts })).toBe('good');
    await site.isGoodFor(user(50));
  });

  it('who are new find out for themselves whether users get anything', async () => {
    const site = openSite(({ authorization }) => (authorization === user(51) ? undefined : crashed));
    await failForEverybody(site);
    await site.isGoodFor(user(51));
  });

  it('are forgotten when others come, so that any number of them takes no memory', async () => {
    const site = openSite(() => crashed);
    for (let times = 0; times < 6; times++) await site.ask({ route: posts, id: 1, authorization: 'evil' });
    expect(await site.ask({ route: posts, id: 1, authorization: 'evil' })).toBe('not asked');
    for (let index = 0; index < 3000; index++) await site.ask({ route: posts, authorization: `evil${index}` });
    expect(await site.ask({ route: posts, id: 1, authorization: 'evil' })).toBe('UPSTREAM_ERROR');
  });
});

/** Lets users who are known fail with two kinds of content, each once. */
async function failForEverybody(site: ReturnType<typeof openSite>): Promise<void> {
  const { outcome } = site;
  site.outcome = () => undefined;
  for (const authorization of users(50)) await site.ask({ route: me, authorization });
  site.outcome = outcome;
  site.made.length = 0;
  time += 10_000;
  for (const [index, authorization] of users(50).entries())
    await site.ask({ route: index % 2 ? posts : pages, authorization });
}

describe('a WordPress that is dead', () => {
  it('is asked by none of many callers after five could not reach it, by one at a time then, and by all once it is back', async () => {
    const site = openSite(() => gone);
    for (const authorization of users(50)) await site.ask({ route: me, authorization });
    expect(site.made).toHaveLength(5);
    for (let second = 0; second < 60; second++) {
      time += 1000;
      await Promise.all(users(50).map((authorization) => site.ask({ route: posts, authorization })));
    }
    expect(site.made.length).toBeLessThan(5 + 12);
    site.outcome = () => undefined;
    time += 9000;
    for (const authorization of users(50)) await site.isGoodFor(authorization);
  });

  it('is not taken for one where any answer comes in between, be it an error', async () => {
    const site = openSite(() => gone);
    for (let times = 0; times < 20; times++) {
      site.outcome = () => (times % 5 === 4 ? crashed : gone);
      expect(await site.ask({ route: posts, authorization: user(times) })).not.toBe('not asked');
    }
  });

  it('but reachable is left alone after five users got nothing', async () => {
    const site = openSite(() => crashed);
    await failForEverybody(site);
    expect(site.made).toHaveLength(5);
    time += 5000;
    const outcomes = await Promise.all(users(50).map((authorization) => site.ask({ route: posts, authorization })));
    expect(outcomes.filter((outcome) => outcome !== 'not asked')).toHaveLength(1);
    site.outcome = () => undefined;
    time += 9000;
    for (const authorization of users(50).slice(10)) await site.isGoodFor(authorization);
  });

  it('for long is asked by one call at a time for as long, whoever has found out before', async () => {
    const site = openSite(() => crashed);
    await failForEverybody(site);
    for (let second = 0; second < 300; second++) {
      time += 1000;
      for (const authorization of users(8)) await site.ask({ route: posts, authorization });
    }
    expect(site.made.length).toBeLessThan(5 + 300 / 4);
  });

  it('and is back is not left alone for made-up credentials, or for long because of one who still gets nothing', async () => {
    const site = openSite(() => crashed);
    await failForEverybody(site);
    time += 5000;
    site.outcome = ({ authorization }) => (authorization === user(50) ? undefined : crashed);
    expect(await site.ask({ route: me, authorization: user(1) })).toBe('UPSTREAM_ERROR');
    for (let index = 0; index < 20; index++) {
      expect(await site.ask({ route: me, authorization: `evil${index}` })).toBe('UPSTREAM_ERROR');
    }
    time += 9000;
    await site.isGoodFor(user(50));
  });

  it('is back where anybody is answered, however long one who is asked to find out takes', async () => {
    const site = openSite(() => gone);
    for (const authorization of users(6)) await site.ask({ route: me, authorization });
    time += 9000;
    expect(await site.ask({ route: posts, authorization: user(1) })).toBe('UPSTREAM_UNAVAILABLE');
    site.outcome = () => undefined;
    expect(await site.ask({ route: posts })).toBe('good');
    await site.isGoodFor(user(2));
  });

  it('is none where only OPTIONS comes to nothing', async () => {
    const site = openSite(({ method }) => (method === 'OPTIONS' ? crashed : undefined));
    for (const route of [posts, pages, me, 'wp/v2/media', 'wp/v2/tags', 'wp/v2/book', 'wp/v2/genre'])
      await site.ask({ route, method: 'OPTIONS' });
    for (const route of [posts, pages, 'wp/v2/tags']) expect(await site.ask({ route })).toBe('good');
  });
});

describe('what always fails, in many shapes,', () => {
  const isSearch = ({ query }: Asked) => query !== undefined && 'search' in query;
  let searches = 0;
  /** A search of posts or pages that nobody has made, of one of many shapes. */
  const search = (shapes = 60): Asked => {
    const at = searches++;
    return { route: at % 2 ? posts : pages, query: { search: String(at), [`with${at % shapes}`]: '1' } };
  };
  const bySlug = (slug: number): Asked => ({ route: posts, id: `slug-${slug}`, query: { slug: String(slug) } });

  it.each([1, 4, 16])('does not keep others closed that work again, at %i times ten a second', async (atOnce) => {
    const site = openSite((asked) => (isSearch(asked) ? crashed : undefined));
    const run = async (seconds: number) => {
      const outcomes: string[] = [];
      for (let step = 0; step < 10 * seconds; step++) {
        for (let index = 0; index < atOnce; index++) await site.ask(search());
        if (step % 15 === 14) outcomes.push(await site.ask(bySlug(step % 12)));
        time += 100;
      }
      return outcomes;
    };
    for (let slug = 0; slug < 12; slug++) await site.ask(bySlug(slug));
    await run(20);
    site.outcome = () => crashed;
    expect((await run(15)).slice(-5)).toContain('not asked');
    site.outcome = (asked) => (isSearch(asked) ? crashed : undefined);
    expect((await run(10)).at(-1)).toBe('good');
    expect(new Set(await run(30))).toEqual(new Set(['good']));
  });

  it('closes nothing that nobody has asked for, however long nobody was answered', async () => {
    const site = openSite((asked) => (isSearch(asked) ? crashed : undefined));
    await site.ask(bySlug(1));
    time += 20_000;
    for (let second = 0; second < 60; second++) {
      for (let index = 0; index < 20; index++) await site.ask(search(16));
      expect(await site.ask(bySlug(100 + second))).toBe('good');
      time += 1000;
    }
  });

  it('closes no questions of the same shape for long, either', async () => {
    const isBroken = ({ id }: Asked) => Number(/slug-(\d+)/.exec(String(id))?.[1]) >= 1000;
    const site = openSite((asked) => (isBroken(asked) ? crashed : undefined));
    await site.ask(bySlug(1));
    time += 20_000;
    for (let second = 0; second < 60; second++) {
      for (let index = 0; index < 20; index++) await site.ask(bySlug(1000 + 20 * second + index));
      expect(await site.ask(bySlug(100 + second))).toBe('good');
      time += 1000;
    }
  });

  it('is left alone where it takes as long as it may, be others of its shape answered', async () => {
    const slow = new UpstreamError('UPSTREAM_TIMEOUT', 'GET /x: no answer');
    const site = openSite(({ id }) => (Number(/slug-(\d+)/.exec(String(id))?.[1]) >= 1000 ? slow : undefined));
    await site.ask(bySlug(1));
    for (let second = 0; second < 60; second++) {
      for (let index = 0; index < 20; index++) await site.ask(bySlug(1000 + 20 * second + index));
      time += 1000;
    }
    expect(site.made.length).toBeLessThanOrEqual(1 + 5 + 12);
  });

  it('is no outage where many come to nothing at once between two that are answered', async () => {
    const site = openSite(() => undefined);
    for (let round = 0; round < 100; round++) {
      site.outcome = () => undefined;
      for (let index = 0; index < 2; index++) expect(await site.ask(search(1))).toBe('good');
      site.outcome = () => crashed;
      for (let index = 0; index < 40; index++) expect(await site.ask(search(1))).toBe('UPSTREAM_ERROR');
      time += 200;
    }
  });

  it.each([
    ['failures', crashed],
    ['pages of its host', shown],
  ])('is taken for an outage where nothing but %s come for many of two lists', async (_name, error) => {
    const site = openSite(() => undefined);
    for (let index = 0; index < 10; index++) await site.ask(search(1));
    site.outcome = () => error;
    site.made.length = 0;
    for (let index = 0; index < 1000; index++) {
      await site.ask(search(1));
      time += 100;
      if (index === 50) expect(site.made.length).toBeLessThanOrEqual(35 + 1);
    }
    // What was answered before shows it.
    const { length } = site.made;
    expect(length).toBeLessThanOrEqual(35 + 100);
    time += 5000;
    for (let index = 0; index < 1000; index++) await site.ask(search(1));
    expect(site.made.length).toBeLessThanOrEqual(length + 2);
    site.outcome = () => undefined;
    time += 8000;
    for (let index = 0; index < 2; index++) await site.ask(search(1));
    expect(await site.ask(search(1))).toBe('good');
  });

  it('waits for its turn as long as the others', async () => {
    const site = openSite(() => undefined);
    const ofShape = (shape: number, id: number): Asked => ({ route: posts, id, query: { [`with${shape}`]: '1' } });
    const askAll = async (shapes: number, id: number) => {
      for (let shape = 0; shape < shapes; shape++) await site.ask(ofShape(shape, id));
    };
    for (let id = 0; id < 5; id++) await askAll(13, id);
    site.outcome = () => crashed;
    for (let id = 0; id < 5; id++) await askAll(13, id);
    site.made.length = 0;
    // The last one is asked for least often.
    for (let step = 0; step < 600; step++) {
      await askAll(12, step % 5);
      if (step % 8 === 7) await site.ask(ofShape(12, step % 5));
      time += 100;
    }
    expect(site.made.filter(({ query }) => query && 'with12' in query).length).toBeGreaterThanOrEqual(3);
  });

  it('keeps no other list closed that works again, though it was what was answered last', async () => {
    const site = openSite(() => undefined);
    const newOf = (route: string): Asked => ({ route, query: { exclude: '1' } });
    await site.ask(newOf(pages));
    for (let times = 0; times < 5; times++) await site.ask(newOf(posts));
    site.outcome = () => crashed;
    for (let second = 0; second < 30; second++) {
      for (const route of [posts, pages, posts, pages]) await site.ask(newOf(route));
      time += 1000;
    }
    site.outcome = ({ route }) => (route === posts ? crashed : undefined);
    const since = time;
    while ((await site.ask(newOf(pages))) !== 'good') {
      await site.ask(newOf(posts));
      time += 100;
      expect(time - since).toBeLessThanOrEqual(10_000);
    }
  });
});

it('any number of callers leaves no more than what it is counted as', async () => {
  const breakers = createBreakers(createRecordingLogger().logger, () => 0.5);
  const answer = async () => ({ body: {} });
  const ask = async (caller: number) => {
    const asked = { label: `GET /${posts}`, method: 'GET', route: posts, target: `/wp-json/${posts}` } as const;
    await breakers.run({ ...asked, authorization: `Basic ${caller}` }, answer);
  };
  await ask(0);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let caller = 1; caller <= 3000; caller += 1) await ask(caller);
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(15 * 1024 * 1024);
});
