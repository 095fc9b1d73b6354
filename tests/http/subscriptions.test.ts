// A client that follows changes hears of each as a server-sent event, read anew, until it leaves or the gateway stops.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Headgate } from '../../src/index.ts';
import { bodyForms } from '../support/body-forms.ts';
import { type EventClient, followEvents } from '../support/event-client.ts';
import { startGatewayFor, startTwoPosts, tellGateway } from '../support/recorded-headgate.ts';
import type { RecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

// A gateway builds its schema when it starts, which takes a busy machine a while.
vi.setConfig({ testTimeout: 60_000 });

const { logger, takeErrors } = createRecordingLogger();
let site: RecordedSite;
let headgate: Headgate;

beforeAll(async () => {
  site = await startTwoPosts();
  headgate = await startGatewayFor(site, logger, {
    LIMIT_SUBSCRIPTIONS: '3',
    LIMIT_UPSTREAM_CALLS: '2',
    LIMIT_DEPTH: '6',
    LIMIT_RESULT_BYTES: '4096',
  });
}, 60_000);

afterAll(async () => {
  await headgate[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  expect(takeErrors()).toEqual([]);
});

const fields = '{ action type databaseId id uri tags node { id ... on Post { title } } }';
const all = `subscription All { contentChanged ${fields} }`;
const one = { kind: 'content', type: 'post', id: 1, terms: [], links: ['http://recorded.example/one/'] };
const two = { ...one, id: 2, links: [] };

/** Waits for so many events, and gives what they say. */
async function eventsOf(client: EventClient, count: number) {
  await vi.waitFor(() => expect(client.events()).toHaveLength(count), { timeout: 30_000 });
  return client.events().map(({ data, errors }) => errors ?? data.contentChanged);
}

/** Leaves, and waits until the place is free. */
async function leave(...clients: EventClient[]): Promise<void> {
  for (const client of clients) client.leave();
  await vi.waitFor(async () => expect(await followers()).toBe(0), { timeout: 30_000 });
}

async function followers(): Promise<number> {
  const metrics = await (await fetch(`${headgate.url}/metrics`)).text();
  return Number(/^headgate_subscriptions (\d+)$/m.exec(metrics)?.[1]);
}

describe('a subscription', () => {
  it('tells what changed, and what it is now, each time anew', async () => {
    const client = await followEvents(headgate.url, all);
    expect([client.status, client.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(client.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    expect(client.headers['content-encoding']).toBeUndefined();
    site.requests.length = 0;
    await tellGateway(headgate.url, { changes: [one, { ...two, action: 'deleted' }] });
    const tags = ['post:1', 'list:post', 'uri:one?'];
    expect(await eventsOf(client, 2)).toEqual([
      {
        ...{ action: 'UPDATED', type: 'Post', databaseId: 1, id: 'cG9zdDox', uri: '/one/', tags },
        node: { id: 'cG9zdDox', title: 'One' },
      },
      {
        action: 'DELETED',
        type: 'Post',
        databaseId: 2,
        id: 'cG9zdDoy',
        uri: null,
        tags: ['post:2', 'list:post'],
        node: null,
      },
    ]);
    // More reads than one operation may make: each event is one of its own, and nothing of the last one is shown again.
    for (let count = 3; count <= 6; count += 1) {
      await tellGateway(headgate.url, { changes: [one] });
      await eventsOf(client, count);
    }
    expect(site.requests.filter(({ route }) => route === 'wp/v2/posts')).toHaveLength(5);
    await leave(client);
  });

  it('tells each client what it wants, by type and by id', async () => {
    const clients = await Promise.all(
      [
        '(types: ["Post"], ids: ["cG9zdDox"])',
        '(types: ["Page", "Category"])',
        '(ids: ["term:1", 2])'.replace('term:1', Buffer.from('term:1').toString('base64')),
      ].map((args) => followEvents(headgate.url, `subscription { contentChanged${args} { type databaseId } }`)),
    );
    await tellGateway(headgate.url, { changes: [one, two, { kind: 'term', type: 'category', id: 1 }] });
    await tellGateway(headgate.url, { everything: true });
    const everything = { type: null, databaseId: null };
    const category = { type: 'Category', databaseId: 1 };
    const told = await Promise.all(clients.map((client, index) => eventsOf(client, [2, 2, 3][index] ?? 0)));
    expect(told).toEqual([
      [{ type: 'Post', databaseId: 1 }, everything],
      [category, everything],
      [{ type: 'Post', databaseId: 2 }, category, everything],
    ]);
    await leave(...clients);
  });

  it('keeps its connection alive, and is read by a browser as well', async () => {
    const url = `${headgate.url}/graphql?query=${encodeURIComponent('subscription { contentChanged { databaseId } }')}`;
    const response = await fetch(url, { headers: { accept: 'text/event-stream' } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(':\n\n:\n\n')) text += (await reader?.read())?.value ?? '';
    await tellGateway(headgate.url, { ids: [1] });
    while (!text.includes('data: {')) text += (await reader?.read())?.value ?? '';
    expect(text).toContain('event: next\ndata: {"data":{"contentChanged":{"databaseId":1}}}\n\n');
    await reader?.cancel();
    await vi.waitFor(async () => expect(await followers()).toBe(0), { timeout: 30_000 });
  });

  it('tells what is not there, and what is wrong, as a query would', async () => {
    const client = await followEvents(headgate.url, all);
    const refused = site.requests.length;
    await tellGateway(headgate.url, { changes: [{ ...one, id: 77 }] });
    const [gone] = await eventsOf(client, 1);
    expect(gone).toMatchObject({ databaseId: 77, node: null });
    expect(site.requests.slice(refused).length).toBeGreaterThan(0);
    await leave(client);
    const deep =
      'subscription { contentChanged { node { ... on Post { comments { nodes { replies { nodes { id } } } } } } } }';
    const wrong: [string, string][] = [
      ['subscription { contentChanged(types: ["Nothing"]) { type } }', 'BAD_USER_INPUT'],
      ['subscription { contentChanged(ids: ["x"]) { type } }', 'BAD_USER_INPUT'],
      ['subscription { contentChanged { what } }', 'GRAPHQL_VALIDATION_FAILED'],
      [deep, 'LIMIT_EXCEEDED'],
    ];
    for (const [query, code] of wrong) {
      const refusal = await followEvents(headgate.url, query);
      await vi.waitFor(() => expect(refusal.isOver()).toBe(true), { timeout: 30_000 });
      expect(refusal.events()[0].errors[0].extensions.code).toBe(code);
    }
    expect(await followers()).toBe(0);
  });

  it('bounds each event by itself', async () => {
    const [some, many] = ['x'.repeat(2500), 'x'.repeat(5000)];
    const follow = (alias: string) =>
      followEvents(headgate.url, `subscription { contentChanged { node { ... on Post { ${alias}: title } } } }`);
    const [small, large] = [await follow(some), await follow(many)];
    await tellGateway(headgate.url, { changes: [one, { ...two, action: 'updated' }] });
    expect(await eventsOf(small, 2)).toEqual([{ node: { [some]: 'One' } }, { node: { [some]: 'Two' } }]);
    const limit = { name: 'resultBytes', max: 4096 };
    expect(await eventsOf(large, 2)).toMatchObject([[{ extensions: { limit } }], [{ extensions: { limit } }]]);
    await leave(small, large);
  });

  it('needs a client that takes events', async () => {
    const refusal = await followEvents(headgate.url, all, { accept: 'application/json' });
    expect(refusal.status).toBe(406);
    await vi.waitFor(async () => expect(await followers()).toBe(0), { timeout: 30_000 });
  });
});

describe('clients', () => {
  it('are as many as are allowed; who is one too many may come again', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => followEvents(headgate.url, all)));
    const refusal = await followEvents(headgate.url, all);
    expect([refusal.status, refusal.headers['retry-after']]).toEqual([503, '5']);
    await vi.waitFor(() => expect(refusal.isOver()).toBe(true), { timeout: 30_000 });
    expect(JSON.parse(refusal.text()).errors[0].extensions).toEqual({
      code: 'LIMIT_EXCEEDED',
      limit: { name: 'subscriptions', max: 3 },
    });
    expect(await followers()).toBe(3);
    await leave(...clients);
    const again = await followEvents(headgate.url, all);
    expect(again.status).toBe(200);
    await leave(again);
  });

  it.each(bodyForms)('are counted, told and let go that subscribe by %s', async (_, send) => {
    const stopping = await startGatewayFor(site, logger, { LIMIT_SUBSCRIPTIONS: '1' });
    const follow = () => followEvents(stopping.url, all, {}, send);
    const client = await follow();
    const refusal = await follow();
    expect([client.status, refusal.status]).toEqual([200, 503]);
    await tellGateway(stopping.url, { changes: [one] });
    expect((await eventsOf(client, 1))[0].node).toEqual({ id: 'cG9zdDox', title: 'One' });
    await stopping[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(client.isOver()).toBe(true), { timeout: 30_000 });
  });

  it('are let go when the gateway stops, to come again elsewhere: nothing says that it is complete', async () => {
    const stopping = await startGatewayFor(site, logger);
    const client = await followEvents(stopping.url, all);
    await tellGateway(stopping.url, { changes: [one] });
    await eventsOf(client, 1);
    await stopping[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(client.isOver()).toBe(true), { timeout: 30_000 });
    expect(client.text()).not.toContain('event: complete');
  });
});
