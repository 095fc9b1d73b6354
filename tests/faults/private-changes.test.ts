// An answer that a cache in front of WordPress made for somebody shows the watcher nothing: nobody is told of it, and what
// was known stands.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RestObject } from '../../src/cache/fields-record.ts';
import type { Headgate } from '../../src/index.ts';
import { type EventClient, followEvents } from '../support/event-client.ts';
import { type Behaviour, json } from '../support/hostile-server.ts';
import { startGatewayFor } from '../support/recorded-headgate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { startWebhookTarget, type WebhookTarget } from '../support/webhook-target.ts';
import { type OddSite, openOddSite, type RouteAnswer, rows } from './odd-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 20 };
const { logger, lines, takeErrors } = createRecordingLogger();
const posts = rows.posts.map((row) => ({ ...row, modified: row['date'], modified_gmt: row['date'] }));
const odd: Record<string, RouteAnswer> = { posts };
let site: OddSite;
let target: WebhookTarget;
let redis: TestRedis | undefined;
let headgate: Headgate;
let subscriber: EventClient;

beforeAll(async () => {
  [site, target] = await Promise.all([openOddSite(odd), startWebhookTarget()]);
  redis = hasRedis ? await startRedis() : undefined;
  headgate = await startGatewayFor({ origin: site.server.url }, logger, {
    // It asks when it is told to.
    WATCH_INTERVAL_SECONDS: '3600',
    WEBHOOK_TARGETS: target.url,
    WEBHOOK_TARGETS_SECRET: 'a secret that is long enough for a test',
    ...(redis ? { REDIS_URL: redis.url } : {}),
  });
  const inUse = () => expect(lines.map(({ msg }) => msg)).toContain('Redis is in use');
  if (redis) await vi.waitFor(inUse, patient);
  subscriber = await followEvents(headgate.url, 'subscription { contentChanged { type databaseId uri tags } }');
  await headgate.checkForChanges();
});

afterAll(async () => {
  subscriber?.leave();
  await headgate?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
  await target?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
  expect(takeErrors()).toEqual([]);
});

const modified = '2024-02-01T10:00:00';
const secret = {
  ...{ id: 666, slug: 'secret-plan', name: 'Secret plan', title: { rendered: 'Secret plan' }, parent: 0, post: 3 },
  ...{ date: modified, modified, modified_gmt: modified, link: 'http://odd.test/secret-plan/', taxonomy: 'category' },
};
const cookie = { 'set-cookie': 'wordpress_logged_in_a=b; path=/' };
const word = { 'cache-control': 'no-cache, no-store, private' };
const forSomebody = (headers: Readonly<Record<string, string>>): Behaviour =>
  json([secret], { headers: { ...headers, 'x-wp-total': '1' } });

/** Something that everybody may see happens last, and is told after all else. */
let edits = 0;
async function edit(): Promise<string> {
  edits += 1;
  const at = `2024-03-01T10:00:0${edits}`;
  const slug = `edited-${edits}`;
  const edited: RestObject = { ...posts[0], slug, link: `http://odd.test/${slug}/`, modified: at, modified_gmt: at };
  odd['posts'] = [edited, ...posts.slice(1)];
  await headgate.checkForChanges();
  return slug;
}

async function purgesInRedis(): Promise<string> {
  const key = `headgate:3:${site.server.url}:purges`;
  return JSON.stringify(await redis?.send('XRANGE', key, '-', '+'));
}

describe('an answer to somebody', () => {
  it.each([
    ['of content, with a cookie', 'posts', cookie],
    ['of content, that is private', 'posts', word],
    ['of terms', 'categories', cookie],
    ['of comments', 'comments', cookie],
    ['of users', 'users', word],
    ['of menus', 'navigation', word],
  ])('%s shows no change', async (_name, route, headers) => {
    const before = odd[route];
    const told = subscriber.events().length;
    odd[route] = forSomebody(headers);
    // At the fifth turn more is compared.
    for (let round = 1; round <= 5; round++) await headgate.checkForChanges();
    if (before) odd[route] = before;
    else delete odd[route];
    const slug = await edit();
    await vi.waitFor(() => expect(subscriber.text()).toContain(slug), patient);
    const changed = subscriber
      .events()
      .slice(told)
      .map(({ data }) => data.contentChanged);
    // Another address is told beside what is different at it.
    expect([...new Set(changed.map(({ type, databaseId }) => `${type} ${databaseId}`))]).toEqual(['Post 1']);
    await vi.waitFor(() => expect(target.received.map(({ body }) => body).join()).toContain(slug), patient);
    if (redis) await vi.waitFor(async () => expect(await purgesInRedis()).toContain(slug), patient);
    const all = [subscriber.text(), ...target.received.map(({ body }) => body), await purgesInRedis()].join();
    expect(all).not.toMatch(/secret|666/i);
    expect(lines.filter(({ msg }) => msg?.includes('a cookie of somebody'))).toHaveLength(1);
  });
});
