// Nobody gets what was made for somebody else: users, and those who are nobody in particular, ask at the same time for the
// same things, each text says for whom it was made, and WordPress sends answers too many. What is known is shared through
// Redis where there is one. `npm run leaks` takes minutes.

import { afterEach, expect, it, vi } from 'vitest';
import { parseEntry } from '../../src/cache/redis/entry.ts';
import { createResponseStore, type ResponseStore } from '../../src/cache/response-store.ts';
import { createTieredStore } from '../../src/cache/tiered-store.ts';
import * as hostile from '../support/hostile-server.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier } from '../support/tier.ts';
import {
  capabilitiesOf,
  credentialsOf,
  type Fault,
  type Owner,
  openMarkedSite,
  ownersIn,
  users,
} from './marked-site.ts';
import { createRandom, pick, repeat, report, scaleOf } from './scale.ts';
import { createShift } from './shifted-answers.ts';
import { wrongParts } from './wrong-parts.ts';

const scale = scaleOf(
  'leaks',
  { answers: 600, users: 0.3, together: 100, marked: 0.7 },
  { answers: 100_000, users: 0.5, together: 200, marked: 0.8 },
);
const random = createRandom(7);

const queries = [
  ...[1, 2, 3].map((id) => `{ post(id: "${id}", idType: DATABASE_ID) { title content author { node { name } } } }`),
  ...[2, 4].map((first) => `{ posts(first: ${first}) { nodes { title categories { nodes { name } } } } }`),
  '{ users(first: 3) { nodes { name } } }',
  '{ categories(first: 4) { nodes { name } } }',
];

/** What depends on who asks, with the data that is right for each. */
const personal: readonly (readonly [query: string, dataOf: (owner: Owner) => object])[] = [
  [
    '{ viewer { databaseId name } }',
    (owner) => ({ viewer: owner > 0 ? { databaseId: owner, name: `User ${owner} @owner-${owner}@` } : null }),
  ],
  [
    '{ user(id: "2", idType: DATABASE_ID) { name isRestricted } }',
    (owner) => ({
      user: { name: `User 2 @owner-${owner}@`, isRestricted: owner !== 2 && !capabilitiesOf(owner)['list_users'] },
    }),
  ],
];

/** Time passes faster than the test: what is known becomes old, and connections are used again. */
let skippedMs = 0;
const realNow = performance.now.bind(performance);
vi.spyOn(performance, 'now').mockImplementation(() => realNow() + skippedMs);
afterEach(() => vi.restoreAllMocks());

const shift = createShift();
let shifts = 0;

/** Now and then an answer too many, as if it were somebody’s, or that to another request, one that is late, and a failure. */
const fault: Fault = (request, right) => {
  const before = shift(request, right);
  const chance = random();
  if (before && random() < 0.5) {
    shifts += 1;
    return before;
  }
  if (chance < 0.02) {
    const extra = hostile.json([{ id: 1, title: { rendered: 'x @owner-666@' }, name: 'x @owner-666@' }]);
    return hostile.withExtra(right, extra, 5);
  }
  if (chance < 0.03) return hostile.restError(500, 'internal_server_error');
  if (chance > 0.5) return null;
  return (socket) => void setTimeout(() => right(socket, request), 10 * random());
};

/** A store that remembers whose answers it was given. */
function watch(store: ResponseStore, kept: Set<number>): ResponseStore {
  return {
    ...store,
    put(key, response, since) {
      const body = response.encoded('identity');
      if (!(body instanceof Promise)) for (const owner of ownersIn(body.bytes.toString())) kept.add(owner);
      store.put(key, response, since);
    },
  };
}

/** All that is in a Redis, unpacked. */
async function readAll(redis: TestRedis): Promise<string> {
  const keys = await redis.send('KEYS', '*');
  const texts: string[] = [];
  for (const key of Array.isArray(keys) ? keys : []) {
    const [type, dump] = [String(await redis.send('TYPE', key)), String(await redis.send('DUMP', key))];
    const bytes = type === 'string' ? await redis.getBytes(String(key)) : Buffer.from('');
    texts.push(String(key), dump, JSON.stringify(parseEntry(String(key), bytes)?.value ?? bytes.toString()));
  }
  return texts.join('\n');
}

it('gives nobody what was made for somebody else', { timeout: 1_800_000 }, async () => {
  const kept = new Set<number>();
  const store = createResponseStore({
    ...{ maxBytes: 16 * 1024 * 1024, freshSeconds: 60, staleSeconds: 600, staleIfErrorSeconds: 86_400 },
  });
  await using redis = hasRedis ? await startRedis() : undefined;
  const tier = redis && (await openTier(redis, { site: 'http://marked.test', waitMs: 1000 }));
  const shared = tier ? createTieredStore(store, tier, () => 'same') : store;
  const tiers = tier ? { tier } : {};
  await using rights = await openMarkedSite(() => null);
  await using site = await openMarkedSite(fault, { store: watch(shared, kept), freshSeconds: 60, ...tiers });
  const right = new Map<string, string>();
  for (const query of queries) right.set(query, await (await rights.gateway.fetch(query)).text());
  const rightFor = (query: string, owner: Owner) =>
    (right.get(query) ?? '').replaceAll('@owner-0@', `@owner-${owner}@`);
  const foreign: string[] = [];
  const wrong: string[] = [];
  let marked = 0;
  let ofUsers = 0;
  await repeat(scale.answers, 40, async (index) => {
    const owner = random() < scale.users ? 1 + Math.floor(random() * users) : 0;
    const [query, dataOf] = random() < 0.3 ? pick(random, personal) : [pick(random, queries)];
    // What is known goes now and then: otherwise nobody would ask at the same time.
    if (index % scale.together === 0) {
      store.clear();
      skippedMs += 700_000;
    }
    const named = {
      'x-forwarded-user': `user${index}`,
      ...(index % 9 === 0 ? { cookie: 'wordpress_logged_in=7' } : {}),
    };
    const headers = owner === 0 ? named : { authorization: credentialsOf(owner) };
    const response = await site.gateway.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    const rightText = dataOf ? JSON.stringify({ data: dataOf(owner) }) : rightFor(query, owner);
    if (wrongParts(text, rightText).length > 0) wrong.push(`${owner} got ${text} for ${query}`);
    const words = text + JSON.stringify([...response.headers]);
    if (owner > 0) ofUsers += 1;
    const owners = ownersIn(words);
    if (owners.size > 0) marked += 1;
    owners.delete(owner);
    if (owners.size > 0) foreign.push(`${owner} got ${words}`);
    if (owner > 0 && response.headers.get('cache-control') !== 'no-store') foreign.push(`${owner} may be kept`);
  });
  expect(foreign).toEqual([]);
  expect(wrong).toEqual([]);
  expect(shifts).toBeGreaterThan(0);
  expect([...kept]).toEqual([0]);
  // Most were answered with something that tells whose it is.
  expect(marked).toBeGreaterThan(scale.answers * scale.marked);
  expect(ofUsers).toBeGreaterThan((scale.answers * scale.users) / 2);
  const secrets = [1, 2].map((owner) => credentialsOf(owner).replace(/^\w+ /, ''));
  const log = JSON.stringify(site.gateway.lines);
  expect(log).not.toMatch(/@owner-|secret-of-/);
  const inRedis = redis ? await readAll(redis) : '@owner-0@';
  expect([...ownersIn(inRedis)]).toEqual([0]);
  for (const secret of [...secrets, 'secret-of-']) expect(log + inRedis).not.toContain(secret);
  report('leaks', {
    answers: scale.answers,
    'of them to users with credentials': ofUsers,
    'with the mark of whose they are': marked,
    'with the mark of somebody else': foreign.length,
    'with something that is not right for them': wrong.length,
    'answers of WordPress that were to another request': shifts,
    'bytes in Redis that were looked through': inRedis.length,
  });
});
