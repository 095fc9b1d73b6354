// Owns the tests of how long an answer is kept, who makes it anew, and who may have it.

import { setTimeout as delay } from 'node:timers/promises';
import { createSchema } from 'graphql-yoga';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { noneGone } from '../../src/cache/old.ts';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { UpstreamError } from '../../src/errors.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const log = createRecordingLogger();

/** What WordPress would say, and how often it was asked. */
let runs = 0;
let title = 'First';
let isDown = false;
let isBusy = false;
let isClosed = false;
let isBroken = false;
let isOfBefore = false;
let partsStoredAt = Number.POSITIVE_INFINITY;
let newestAt = Number.NEGATIVE_INFINITY;
let isAnswered = false;
let partsFreshUntil = Number.POSITIVE_INFINITY;
let gate: Promise<void> = Promise.resolve();
let clock = 0;
let gateway: Gateway;
let store: ReturnType<typeof createResponseStore>;

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Query { title: String, other: String, mine: String }
    type Mutation { rename(title: String!): String }
  `,
  resolvers: {
    Query: {
      title: async () => {
        runs += 1;
        await gate;
        if (isDown) throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /wp/v2/posts: 503');
        if (isBusy) throw new UpstreamError('OVERLOADED', 'GET /wp/v2/posts: too many wait');
        if (isClosed) throw new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /wp/v2/posts: 401');
        if (isBroken) throw new Error('broken');
        return title;
      },
      other: () => {
        if (isDown) throw new UpstreamError('UPSTREAM_TIMEOUT', 'GET /wp/v2/pages: timeout');
        return 'other';
      },
      mine: (_source, _args, context: { readonly authorization: string | null }) => context.authorization,
    },
    Mutation: {
      rename: (_source, args: { readonly title: string }) => {
        runs += 1;
        title = args.title;
        return title;
      },
    },
  },
});

beforeEach(() => {
  runs = 0;
  title = 'First';
  isDown = false;
  isBusy = false;
  isClosed = false;
  isBroken = false;
  isOfBefore = false;
  partsStoredAt = Number.POSITIVE_INFINITY;
  newestAt = Number.NEGATIVE_INFINITY;
  isAnswered = false;
  partsFreshUntil = Number.POSITIVE_INFINITY;
  gate = Promise.resolve();
  clock = 1000;
  log.lines.splice(0);
  store = createResponseStore({
    ...{ maxBytes: 1_000_000, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 },
    now: () => clock,
  });
  gateway = createGateway({
    schema,
    store,
    logger: log.logger,
    createContext: (request) => ({
      authorization: request.headers.get('authorization'),
      trace: {
        ...createTrace(),
        ...{ tags: new Set(['post:1']), storedAt: partsStoredAt, freshUntil: partsFreshUntil },
        ...(isOfBefore ? { isOutage: true, stale: 1 } : {}),
        ...{ newestAt, isAnswered },
      },
    }),
  });
});

interface Asked {
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

async function ask(query: string, { headers = {}, signal }: Asked = {}) {
  const response = await gateway.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
      ...(signal ? { signal } : {}),
    }),
  );
  const { data, errors, extensions } = await response.json();
  const [, detail] = /detail=(\w+)/.exec(response.headers.get('cache-status') ?? '') ?? [];
  const told = extensions?.headgate.cache;
  return {
    data,
    errors,
    detail,
    told,
    age: response.headers.get('age'),
    cacheControl: response.headers.get('cache-control'),
  };
}

const titleOf = async (asked?: Asked) => (await ask('{ title }', asked)).data?.title;
const sources = () => log.lines.filter(({ msg }) => msg === 'operation').map(({ cache }) => cache);

/** Lets everything run that is ready to. */
const settled = () => delay(20);

describe('time', () => {
  it('is fresh first, then served while it is made anew, then made anew first', async () => {
    expect(await titleOf()).toBe('First');
    title = 'Second';
    clock += 59_000;
    expect(await titleOf()).toBe('First');
    expect(runs).toBe(1);
    clock += 2_000;
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'First' }, age: '61' });
    await settled();
    expect(runs).toBe(2);
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'Second' }, age: '0' });
    title = 'Third';
    clock += 361_000;
    expect(await titleOf()).toBe('Third');
    expect(sources()).toEqual(['miss', 'hit', 'stale', 'hit', 'miss']);
  });

  it('is made anew once for all who find it stale', async () => {
    await titleOf();
    clock += 61_000;
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    // Nobody waits for it: all are answered before it begins.
    const answers = await Promise.all(Array.from({ length: 10 }, titleOf));
    expect([answers, runs]).toEqual([Array(10).fill('First'), 1]);
    await vi.waitFor(() => expect(runs).toBe(2));
    expect(await titleOf()).toBe('First');
    open();
    await settled();
    expect(runs).toBe(2);
  });

  it('ends with that of its parts', async () => {
    partsFreshUntil = clock + 5000;
    expect((await ask('{ title }')).cacheControl).toBeNull();
    title = 'Second';
    clock += 5001;
    expect(await titleOf()).toBe('First');
    await settled();
    expect(await titleOf()).toBe('Second');
    // It is made anew again, which is not to count for the next.
    await settled();
  });
});

describe('an outage', () => {
  it('is not seen while an old answer is at hand, and WordPress is asked once a second', async () => {
    await titleOf();
    isDown = true;
    clock += 61_000;
    for (let count = 0; count < 5; count += 1) {
      expect(await titleOf()).toBe('First');
      await settled();
    }
    expect(runs).toBe(2);
    clock += 1001;
    expect(await titleOf()).toBe('First');
    await settled();
    expect(runs).toBe(3);
    clock += 400_000;
    for (let count = 0; count < 5; count += 1) expect(await titleOf()).toBe('First');
    expect(runs).toBe(4);
    isDown = false;
    title = 'Back';
    clock += 1001;
    expect(await titleOf()).toBe('First');
    await settled();
    expect(await titleOf()).toBe('Back');
  });

  it('lets nobody wait to find out whether it is over, once it is known', async () => {
    await titleOf();
    isDown = true;
    clock += 400_000;
    expect(await titleOf()).toBe('First');
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    for (let count = 0; count < 10; count += 1) {
      clock += 1400;
      expect(await ask('{ title }')).toMatchObject({ data: { title: 'First' }, detail: 'outage' });
      await settled();
    }
    // One finds out for all of them, and WordPress is back.
    expect(runs).toBe(3);
    isDown = false;
    title = 'Back';
    open();
    await settled();
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'Back' }, detail: undefined });
  });

  it('is known by then, for who comes after clients that have left before WordPress failed them', async () => {
    await titleOf();
    isDown = true;
    clock += 400_000;
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    for (let count = 0; count < 3; count += 1) {
      const controller = new AbortController();
      const left = ask('{ title }', { signal: controller.signal });
      await settled();
      controller.abort();
      await expect(left).rejects.toThrow();
    }
    open();
    await settled();
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'First' }, detail: 'outage' });
    // One has found out for all of them.
    expect(runs).toBe(2);
  });

  it('of some answers is none of those that are too old to be given without need', async () => {
    await ask('{ other }');
    await titleOf();
    isDown = true;
    clock += 400_000;
    for (const name of ['a', 'b', 'c']) await ask(`{ ${name}: title }`);
    title = 'Second';
    isDown = false;
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'Second' }, detail: undefined });
  });

  it('is not taken for known long after it was seen', async () => {
    await titleOf();
    isDown = true;
    clock += 400_000;
    expect(await titleOf()).toBe('First');
    isDown = false;
    title = 'Back';
    clock += 17_000;
    expect(await titleOf()).toBe('Back');
  });

  it('is over where another thing fails', async () => {
    await titleOf();
    isDown = true;
    clock += 400_000;
    expect(await titleOf()).toBe('First');
    [isDown, isBroken] = [false, true];
    clock += 1001;
    await titleOf();
    await settled();
    expect((await ask('{ title }')).errors).toHaveLength(1);
    expect(log.takeErrors()).toHaveLength(2);
  });

  it('is told when the old answer is too old', async () => {
    await titleOf();
    isDown = true;
    clock += 3_700_000;
    expect(await ask('{ title }')).toMatchObject({
      data: { title: null },
      errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
      cacheControl: 'no-store',
    });
  });

  it('does not bring back what was purged', async () => {
    await titleOf();
    store.purge(['post:1']);
    isDown = true;
    expect((await ask('{ title }')).errors).toHaveLength(1);
  });

  it('brings back what was purged and is not gone, and nothing else does', async () => {
    await titleOf();
    store.purge(['post:1'], { gone: noneGone });
    title = 'Second';
    isBusy = true;
    expect((await ask('{ title }')).errors).toHaveLength(1);
    [isBusy, isClosed] = [false, true];
    expect((await ask('{ title }')).errors).toHaveLength(1);
    [isClosed, isDown] = [false, true];
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'First' }, detail: 'outage' });
    isDown = false;
    clock += 1001;
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'Second' }, detail: undefined });
  });

  it('gives way to the newest that is known of all parts, as they were when they were read last', async () => {
    await titleOf();
    clock += 400_000;
    [isOfBefore, isAnswered] = [true, true];
    title = 'Second';
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'Second' }, detail: 'outage' });
  });

  it('keeps what another process made of newer parts than this one knows', async () => {
    await titleOf();
    clock += 400_000;
    [isOfBefore, partsStoredAt, newestAt, partsFreshUntil] = [true, 500, 700, 600];
    title = 'Older';
    for (let count = 0; count < 2; count += 1) {
      expect(await ask('{ title }')).toMatchObject({ data: { title: 'First' }, detail: 'outage' });
      await settled();
    }
  });

  it.each([
    ['said just now', { isPurged: false }],
    ['purged, and said to another since', { isPurged: true }],
  ])('keeps nothing back of what was %s, though another part is older than the whole was', async (_, { isPurged }) => {
    await titleOf();
    clock += 400_000;
    [isOfBefore, partsStoredAt, partsFreshUntil] = [true, 990, 600];
    if (isPurged) {
      store.purge(['post:1'], { gone: noneGone });
      newestAt = clock - 1;
    } else isAnswered = true;
    title = 'Edited';
    for (let count = 0; count < 2; count += 1) {
      expect(await ask('{ title }')).toMatchObject({ data: { title: 'Edited' }, detail: 'outage' });
      await settled();
    }
  });

  it('is told of, by the headers and in the answer, until WordPress is back', async () => {
    await titleOf();
    const storedAt = Date.now();
    await ask('{ other }');
    isDown = true;
    clock += 61_000;
    // Nobody knows of it yet.
    expect(await ask('{ title }')).toMatchObject({ detail: 'revalidation', told: undefined });
    await settled();
    for (let count = 0; count < 3; count += 1) {
      clock += 5000;
      const { data, detail, told, age } = await ask('{ title }');
      expect([data, detail, told.reason, Number(age)]).toEqual([
        { title: 'First' },
        'outage',
        'outage',
        66 + 5 * count,
      ]);
      expect(Math.abs(Date.parse(told.storedAt) + 66_000 + 5000 * count - storedAt)).toBeLessThan(60_000);
      await settled();
    }
    await ask('{ other }');
    await settled();
    // Two operations fail: so would any.
    await ask('{ another: title }');
    expect(await ask('{ other }')).toMatchObject({ detail: 'outage', told: { reason: 'outage' } });
    isDown = false;
    title = 'Back';
    clock += 1001;
    await ask('{ title }');
    await settled();
    expect(await ask('{ title }')).toMatchObject({ data: { title: 'Back' }, detail: undefined, told: undefined });
  });
});

describe('the same question at the same time', () => {
  it('is asked once', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask('{ title }')));
    expect(runs).toBe(1);
    expect(new Set(answers.map(({ data }) => data.title))).toEqual(new Set(['First']));
  });

  it('goes on for the others when one leaves', async () => {
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const controller = new AbortController();
    const left = ask('{ title }', { signal: controller.signal });
    const stays = ask('{ title }');
    await settled();
    controller.abort();
    await expect(left).rejects.toThrow();
    open();
    expect((await stays).data).toEqual({ title: 'First' });
    expect(runs).toBe(1);
  });

  it('is a question of its own for each mutation', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ask('mutation { rename(title: "New") }')));
    expect(runs).toBe(5);
  });

  it('is not answered from before a purge', async () => {
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const before = ask('{ title }');
    await settled();
    store.purge(['post:1']);
    open();
    await before;
    title = 'Second';
    expect(await titleOf()).toBe('Second');
  });
});

describe('whose answer it is', () => {
  const annes = { headers: { authorization: 'Basic YW5uZTpzZWNyZXQ=' } };

  it('is nobody else’s, where credentials came with the question', async () => {
    const query = '{ mine title }';
    expect((await ask(query, annes)).data.mine).toBe(annes.headers.authorization);
    expect((await ask(query)).data.mine).toBeNull();
    expect((await ask(query, annes)).data.mine).toBe(annes.headers.authorization);
    expect((await ask(query)).data.mine).toBeNull();
    expect(sources()).toEqual(['none', 'miss', 'none', 'hit']);
  });

  it('does not depend on a header that is no part of its key', async () => {
    for (const name of ['x-forwarded-host', 'x-original-url', 'x-http-method-override', 'accept-language', 'referer']) {
      store.clear();
      const first = await ask('{ title other }', { headers: { [name]: 'evil.example' } });
      expect(await ask('{ title other }')).toEqual(first);
    }
  });
});

describe('what a client wants', () => {
  it('is a new answer with no-cache, which others then get', async () => {
    await titleOf();
    title = 'Second';
    expect(await titleOf({ headers: { 'cache-control': 'no-cache' } })).toBe('Second');
    expect(await titleOf()).toBe('Second');
    expect(runs).toBe(2);
  });

  it('is an answer that nobody keeps with no-store', async () => {
    expect((await ask('{ title }', { headers: { 'cache-control': 'no-store' } })).cacheControl).toBe('no-store');
    title = 'Second';
    expect(await titleOf()).toBe('Second');
  });
});
