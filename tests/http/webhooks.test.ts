// A gateway that is told of a change forgets what it concerns, and nothing else; by whom it is told it looks at first.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signWebhook, toSigningKey } from '../../src/changes/webhook-signature.ts';
import type { Headgate } from '../../src/index.ts';
import { startGatewayFor, startTwoPosts, tellGateway, webhookToken } from '../support/recorded-headgate.ts';
import type { RecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startWebhookTarget, type WebhookTarget } from '../support/webhook-target.ts';

const secret = 'a secret that is long enough for a test';
// A gateway builds its schema when it starts, which takes a busy machine a while.
vi.setConfig({ testTimeout: 60_000 });

const { logger, lines, takeErrors } = createRecordingLogger();
let site: RecordedSite;
let target: WebhookTarget;
let headgate: Headgate;

beforeAll(async () => {
  [site, target] = await Promise.all([startTwoPosts(), startWebhookTarget()]);
  headgate = await startGatewayFor(site, logger, {
    WEBHOOK_SECRET: secret,
    WEBHOOK_TARGETS: target.url,
    WEBHOOK_TARGETS_SECRET: secret,
  });
}, 60_000);

afterAll(async () => {
  await headgate[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
  expect(takeErrors()).toEqual([]);
});

const byId = (id: number) => `{ post(id: ${id}, idType: DATABASE_ID) { title } }`;
const byUri = '{ nodeByUri(uri: "/two/") { ... on Post { title } } }';
const list = '{ posts { nodes { title } } }';
const queries = { one: byId(1), two: byId(2), address: byUri, list, none: '{ __typename }' };

/** Which of the queries are answered anew. */
async function asked(): Promise<string[]> {
  const names: string[] = [];
  for (const [name, query] of Object.entries(queries)) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${headgate.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    expect(await response.json()).not.toHaveProperty('errors');
    if (lines.findLast(({ msg }) => msg === 'operation')?.['cache'] !== 'hit') names.push(name);
  }
  return names;
}

async function post(body: string, headers: Record<string, string>, path = '/webhooks/purge', method = 'POST') {
  const response = await fetch(headgate.url + path, { method, headers, ...(method === 'POST' ? { body } : {}) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function sign(body: string, { id = `msg_${Math.random()}`, at = Math.floor(Date.now() / 1000) } = {}) {
  const signature = signWebhook(toSigningKey(secret), { id, timestampSeconds: at, body });
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
}

describe('a webhook', () => {
  it('is signed, taken once, and told on', async () => {
    await asked();
    const body = JSON.stringify({ changes: [{ kind: 'content', type: 'post', id: 1, links: ['/one/'], terms: [] }] });
    const headers = sign(body);
    const first = await post(body, headers);
    expect([first.status, first.body]).toEqual([200, { status: 'purged', tags: ['post:1', 'list:post', 'uri:one?'] }]);
    expect(await asked()).toEqual(['one', 'address', 'list']);
    const again = await post(body, headers);
    expect([again.status, again.body]).toEqual([200, { status: 'known', tags: [] }]);
    expect(await asked()).toEqual([]);
    await vi.waitFor(() => expect(target.received).toHaveLength(1), { timeout: 30_000 });
    expect(JSON.parse(target.received[0]?.body ?? '').data).toMatchObject({
      tags: ['post:1', 'list:post', 'uri:one?'],
      paths: ['/one/'],
      changes: [{ type: 'Post', databaseId: 1, action: 'updated' }],
    });
  });

  it.each<[string, object, string[]]>([
    ['a tag', { tags: ['post:1'] }, ['one', 'list']],
    ['an id, and the lists that it may be in', { ids: [2] }, ['two', 'address', 'list']],
    ['a global id', { ids: [Buffer.from('post:2').toString('base64')] }, ['two', 'address', 'list']],
    ['an address', { uris: ['/two/'] }, ['address']],
    ['a list, and where there was nothing', { tags: ['list:post'] }, ['address', 'list']],
    ['everything', { everything: true }, ['one', 'two', 'address', 'list', 'none']],
    ['what nobody asked for', { tags: ['post:77'], ids: ['term:9'] }, ['address', 'list']],
    ['what is not shown here', { changes: [{ kind: 'content', type: 'shop_order', id: 1 }] }, []],
  ])('purges %s', async (_, body, expected) => {
    await asked();
    expect(await asked()).toEqual([]);
    await tellGateway(headgate.url, body);
    expect(await asked()).toEqual(expected);
  });

  it('of another plugin is understood, with the token in its address', async () => {
    await asked();
    const wordpressCom = 'ID=2&post_type=post&hook=publish_post';
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = `/webhooks/purge?token=${encodeURIComponent(webhookToken)}`;
    expect((await post(wordpressCom, form, path)).status).toBe(200);
    expect(await asked()).toEqual(['two', 'address', 'list']);
    expect((await post('', {}, path)).body).toEqual({ status: 'purged', tags: null });
    expect(await asked()).toEqual(['one', 'two', 'address', 'list', 'none']);
    // WooCommerce asks so when a webhook is saved.
    expect(await post('webhook_id=12', form)).toMatchObject({ status: 200, body: { status: 'listening' } });
    expect(await asked()).toEqual([]);
  });
});

it('a program that purges tells it on', async () => {
  await asked();
  const heard: unknown[] = [];
  const stop = headgate.changes.subscribe(({ changes, isOwn }) => {
    heard.push(...changes.map(({ tags }) => [tags, isOwn]));
  });
  headgate.purge(['post:2', 'post:99']);
  expect(await asked()).toEqual(['two', 'list']);
  expect(heard).toEqual([[['post:2', 'post:99'], true]]);
  stop();
});

describe('what is refused', () => {
  const bearer = { authorization: `Bearer ${webhookToken}` };
  const everything = '{"everything":true}';

  it.each<[string, () => ReturnType<typeof post>, number, string]>([
    ['no proof', () => post(everything, {}), 401, 'UNAUTHENTICATED'],
    ['a wrong token', () => post(everything, { authorization: 'Bearer x' }), 401, 'UNAUTHENTICATED'],
    ['another body', () => post('{"tags":["post:1"]}', sign(everything)), 401, 'UNAUTHENTICATED'],
    ['an old signature', () => post(everything, sign(everything, { at: 1_600_000_000 })), 401, 'UNAUTHENTICATED'],
    ['no JSON', () => post('{', bearer), 400, 'BAD_USER_INPUT'],
    ['an unknown form', () => post('{"what":"ever"}', bearer), 400, 'BAD_USER_INPUT'],
    ['too much', () => post(JSON.stringify({ tags: ['x'.repeat(1024 * 1024)] }), bearer), 413, 'LIMIT_EXCEEDED'],
    ['another method', () => post('', bearer, '/webhooks/purge', 'GET'), 405, 'BAD_USER_INPUT'],
  ])('%s', async (_, send, status, code) => {
    await asked();
    const answer = await send();
    expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([status, code]);
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    expect(await asked()).toEqual([]);
  });

  it('is refused again where the same comes again', async () => {
    const headers = sign('{"type":"post"}');
    const send = async () => (await post('{"type":"post"}', headers)).status;
    expect([await send(), await send()]).toEqual([400, 400]);
  });

  it('is counted, and no secret is logged', async () => {
    await post(everything, {}, `/webhooks/purge?token=${encodeURIComponent('another-token-that-is-wrong')}`);
    const metrics = await (await fetch(`${headgate.url}/metrics`)).text();
    const count = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1]);
    expect(count('headgate_webhooks_received_total\\{result="refused"\\}')).toBeGreaterThan(6);
    expect(count('headgate_webhooks_received_total\\{result="taken"\\}')).toBeGreaterThan(8);
    expect(count('headgate_webhooks_received_total\\{result="known"\\}')).toBe(1);
    const log = JSON.stringify(lines);
    for (const hidden of [secret, webhookToken, 'another-token']) expect(log).not.toContain(hidden);
  });

  it('is not listened to for long from one address, where clients have a limit; what is valid costs nothing', async () => {
    const limits = { RATE_LIMIT: '60', TRUST_PROXY: '1' };
    await using limited = await startGatewayFor(site, logger, limits);
    const statusOf = async (from: string, headers: Record<string, string>) => {
      const all = { 'x-forwarded-for': from, ...headers };
      const response = await fetch(`${limited.url}/webhooks/purge`, { method: 'POST', headers: all, body: everything });
      expect(response.headers.has('retry-after')).toBe(response.status === 429);
      return response.status;
    };
    const guesses: number[] = [];
    for (let guess = 0; guess < 20; guess += 1) {
      guesses.push(await statusOf('192.0.2.1', { authorization: `Bearer guess ${guess}` }));
    }
    expect([...new Set(guesses)]).toEqual([401, 429]);
    expect(await statusOf('192.0.2.1', bearer)).toBe(429);
    const valid = await Promise.all(Array.from({ length: 100 }, () => statusOf('192.0.2.2', bearer)));
    expect([...new Set(valid)]).toEqual([200]);
  });

  it('leaves a client that goes in the middle to itself', async () => {
    const socket = connect(Number(new URL(headgate.url).port), '127.0.0.1');
    socket.write('POST /webhooks/purge HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"every', () =>
      socket.destroy(),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await post(everything, sign(everything))).status).toBe(200);
  });

  it('is everything where neither a secret nor a token is set', async () => {
    await using closed = await startGatewayFor(site, logger, { WEBHOOK_TOKEN: '' });
    const response = await fetch(`${closed.url}/webhooks/purge`, { method: 'POST', headers: bearer, body: everything });
    expect(response.status).toBe(404);
  });
});
