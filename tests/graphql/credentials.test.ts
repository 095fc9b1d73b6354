// Credentials are checked before anything runs with them, and what one viewer is shown comes to nobody else.

import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

/** All that was ever put into a cache that requests share. */
const kept: string[] = [];
vi.mock('../../src/cache/memory-cache.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/cache/memory-cache.ts')>();
  return {
    ...original,
    createMemoryCache(options: Parameters<typeof original.createMemoryCache>[0]) {
      return new Proxy(original.createMemoryCache(options), {
        get(cache, name) {
          const member: unknown = Reflect.get(cache, name);
          if (typeof member !== 'function' || !String(name).startsWith('put')) return member;
          return (...args: unknown[]) => {
            kept.push(JSON.stringify(args));
            return member(...args);
          };
        },
      });
    },
  };
});

/** Bytes as their text. */
function toText(value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
  return isBytes && 'data' in value && Array.isArray(value.data) ? Buffer.from(value.data).toString() : value;
}

/** What came out of the flights that requests share: they are made with the gateway, those of viewers with each request. */
let isShared = false;
const flown: string[] = [];
vi.mock('../../src/cache/single-flight.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/cache/single-flight.ts')>();
  return {
    ...original,
    createSingleFlight<Result>() {
      const flight = original.createSingleFlight<Result>();
      if (!isShared) return flight;
      const run: typeof flight.run = async (key, signal, start) => {
        const result = await flight.run(key, signal, start);
        flown.push(JSON.stringify([key, result], (_, value: unknown) => toText(value)));
        return result;
      };
      return { ...flight, run };
    },
  };
});

const { url, credentials } = inject('wordpress');
const { admin, editor, author, subscriber } = credentials;

let gateway: TestGateway;
const store = createResponseStore({
  maxBytes: 10_000_000,
  ...{ freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 600 },
});
/** Whole answers that were kept. */
const stored: string[] = [];
beforeAll(async () => {
  isShared = true;
  const put: typeof store.put = (key, response, mark) => {
    const { bytes } = response.encoded('identity') as { readonly bytes: Buffer };
    stored.push(`${key} ${bytes.toString()}`);
    store.put(key, response, mark);
  };
  gateway = await openGateway(url, { store: { ...store, put } });
  isShared = false;
}, 240_000);
afterAll(() => gateway[Symbol.asyncDispose]());

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const query = '{ posts(first: 1) { nodes { title } } }';

describe('credentials that are not valid', () => {
  it.each([
    ['a wrong password', basic(admin.username, 'wrong wrong wrong')],
    ['an unknown user', basic('nobody-at-all', 'x')],
    ['a token, where no plugin takes any', { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln' }],
    ['no text at all', { authorization: 'Basic' }],
    ['another scheme', { authorization: 'Digest username="admin"' }],
    ['several at once', { authorization: `${admin.authorization}, Basic eDp5` }],
  ])('%s: 401, and nothing runs', async (_, viewer) => {
    const answer = await gateway.query(query, {}, viewer);
    expect(answer.status).toBe(401);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    // Whatever was asked of WordPress was whose credentials these are.
    expect(answer.requests.filter((request) => !request.startsWith('/wp/v2/users/me'))).toEqual([]);
  });
});

describe('credentials that are valid', () => {
  it('are checked once, and go with each request to WordPress', async () => {
    await using fresh = await openGateway(url);
    const first = await fresh.query(query, {}, author);
    expect(first.requests).toHaveLength(2);
    expect(first.requests[0]).toBe('/wp/v2/users/me?context=edit&_fields=id,capabilities');
    const second = await fresh.query(query, {}, author);
    expect(second.requests).toEqual(first.requests.slice(1));
    expect([first.authorized, second.authorized]).toEqual([first.requests, second.requests]);
  });

  it('cost a query no more requests than it takes without them', async () => {
    const page = `{ posts(first: 3) { nodes { title author { node { name } } categories { nodes { name } }
      featuredImage { node { sourceUrl } } } } }`;
    await gateway.query('{ viewer { databaseId } }', {}, subscriber);
    await using fresh = await openGateway(url);
    const open = await fresh.query(page);
    const closed = await gateway.query(page, {}, subscriber);
    expect(closed.requests.length).toBe(open.requests.length);
    expect(closed.data).toEqual(open.data);
  });

  it('mean an answer that nobody keeps', async () => {
    const { headers } = await gateway.fetch(query, author);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('what viewers are shown', () => {
  // Each of these is shown to some viewers, and to the public never.
  const secrets = ['Private thoughts', 'Private notes of an author', 'A draft of the editor', 'Waiting for review'];
  const hidden = [...secrets, '@example.com', 'Eighteen grams in', 'sesame', 'Buy cheap beans', 'administrator'];
  const everything = `{
    posts(first: 50, where: { stati: [DRAFT, PENDING, PRIVATE] }) {
      nodes { databaseId title content raw: content(format: RAW) password author { node { name email roles { nodes { name } } } } }
    }
    secret: post(id: "the-secret-recipe", idType: SLUG) { content excerpt password }
    users(first: 8) { nodes { name email username } }
    spam: comments(first: 50, where: { statusIn: [SPAM, HOLD] }) { nodes { content } }
    byUri: nodeByUri(uri: "/private-thoughts/") { ... on Post { title } }
    generalSettings { title email }
    viewer { name email roles { nodes { name } } }
  }`;

  it('is in no cache that others read, and in no answer of another viewer', { timeout: 180_000 }, async () => {
    const turns: (typeof admin | undefined)[][] = [
      [admin, undefined],
      [author, undefined],
      [undefined, subscriber, editor],
    ];
    // Then at random, two to four at a time, in an order that is the same in each run (Lehmer's generator).
    let seed = 2026;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const everybody = [admin, editor, author, subscriber, undefined, undefined];
    for (let turn = 0; turn < 8; turn++) {
      turns.push(Array.from({ length: 2 + random(3) }, () => everybody[random(everybody.length)]));
    }
    const answers = new Map<object | undefined, string[]>();
    for (const turn of turns) {
      const asked = turn.map(async (viewer) => {
        const { data, errors } = await gateway.query(everything, {}, viewer);
        expect(errors?.map(({ message }) => message)).toBeUndefined();
        answers.set(viewer, [...(answers.get(viewer) ?? []), JSON.stringify(data)]);
      });
      await Promise.all(asked);
    }
    const textOf = (viewer: object | undefined) => answers.get(viewer)?.join() ?? '';
    for (const secret of hidden) expect([secret, textOf(admin).includes(secret)]).toEqual([secret, true]);
    const open = answers.get(undefined) ?? [];
    expect(open).toHaveLength(turns.flat().filter((viewer) => viewer === undefined).length);
    for (const answer of [...open, JSON.stringify((await gateway.query(everything)).data)]) {
      for (const secret of hidden) expect(answer).not.toContain(secret);
      expect(answer).toBe(open[0]);
    }
    expect(textOf(subscriber)).not.toContain('Private thoughts');
    expect(textOf(author)).toContain('Private notes of an author');
    expect(textOf(author)).not.toContain('Private thoughts');
    // Each of them has what the public was shown.
    for (const held of [kept, flown, stored]) expect(held.join()).toContain('Edda Lindqvist');
    const caches = [...kept, ...flown, ...stored].join('\n');
    for (const secret of hidden) expect(caches).not.toContain(secret);
    expect(JSON.stringify(gateway.lines)).not.toContain('Private thoughts');
    for (const { authorization, applicationPassword } of [admin, editor, author, subscriber]) {
      expect(JSON.stringify(gateway.lines)).not.toContain(authorization.slice(6));
      expect(caches).not.toContain(applicationPassword);
    }
  });
});
