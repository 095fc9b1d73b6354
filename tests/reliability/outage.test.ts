// While WordPress is down everybody gets what was true before, it is hardly asked, and once it is back so is the truth.
// `npm run outage` has ten minutes of 200 requests a second; time passes as fast as they are answered.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import * as hostile from '../support/hostile-server.ts';
import { type Fault, openMarkedSite, posts } from './marked-site.ts';
import { createRandom, latencies, pick, repeat, report, scaleOf, watchMemory } from './scale.ts';

const scale = scaleOf('outage', { seconds: 60, perSecond: 20 }, { seconds: 600, perSecond: 200 });
const stepMs = 250;
const noticedMs = 20_000;
const random = createRandom(29);

/** What a site that is down does: nothing, or nothing that makes sense. */
const outages: Readonly<Record<string, readonly hostile.Behaviour[]>> = {
  'is not there': [
    hostile.hangUp(),
    hostile.reset(),
    hostile.answer('', { status: 502 }),
    hostile.answer('', { status: 503 }),
  ],
  'shows pages': [
    hostile.html('<!DOCTYPE html><title>Welcome</title>'),
    hostile.json({}),
    hostile.json(null),
    hostile.answer('Error establishing a database connection'),
  ],
  'shows walls': [403, 404].map((status) => hostile.html('<!DOCTYPE html><title>Blocked</title>', { status })),
};

const queries = [
  ...Array.from({ length: posts }, (_, at) => `{ post(id: "${at + 1}", idType: DATABASE_ID) { title } }`),
  ...[3, 5, 10].map((first) => `{ posts(first: ${first}) { nodes { title author { node { name } } } } }`),
  '{ categories(first: 4) { nodes { name slug } } }',
];

const realNow = performance.now.bind(performance);
let nowMs = 1_000_000;
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => nowMs));
afterEach(() => void vi.restoreAllMocks());

it.each(Object.entries(outages))(
  'answers all from before while WordPress %s, and is right within ten seconds',
  {
    timeout: 1_800_000,
  },
  async (outage, ways) => {
    let isDown = false;
    let [atOnce, most, asked] = [0, 0, 0];
    const fault: Fault = (request, right) => {
      asked += 1;
      if (isDown) return pick(random, ways);
      return (socket) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        setTimeout(() => {
          atOnce -= 1;
          right(socket, request);
        }, 5);
      };
    };
    const times = { freshSeconds: 5, staleSeconds: 10, staleIfErrorSeconds: 86_400 };
    const store = createResponseStore({ maxBytes: 16 * 1024 * 1024, ...times });
    await using site = await openMarkedSite(fault, { store, freshSeconds: 5, cache: times });
    const ask = async (query: string) => {
      const headers = { 'content-type': 'application/json' };
      const startedAt = realNow();
      const response = await site.gateway.send({ method: 'POST', headers, body: JSON.stringify({ query }) });
      // Beside its data, an answer of an outage says that it is one.
      const { data, errors } = await response.json();
      return {
        text: JSON.stringify({ data, errors }),
        ageSeconds: Number(response.headers.get('age') ?? 0),
        ms: realNow() - startedAt,
      };
    };
    const right = new Map<string, string>();
    for (const query of queries) right.set(query, (await ask(query)).text);
    expect([...right.values()].join()).not.toContain('errors');

    isDown = true;
    const before = asked;
    const wrong: string[] = [];
    const answeredMs: number[] = [];
    const memory = watchMemory();
    let [answers, noticed] = [0, 0];
    for (let passedMs = 0; passedMs < 1000 * scale.seconds; passedMs += stepMs) {
      nowMs += stepMs;
      // By then everything has become so old that each answer asks for it, and it has been noticed.
      if (passedMs === noticedMs) noticed = asked;
      await repeat((scale.perSecond * stepMs) / 1000, 50, async () => {
        const query = pick(random, queries);
        const { text, ms } = await ask(query);
        answers += 1;
        answeredMs.push(ms);
        if (text !== right.get(query)) wrong.push(`${query}: ${text}`);
      });
      // What is made behind answers of before is not waited for, yet has to get its turn.
      await sleep(2);
      site.forget();
      memory.look();
    }
    const probes = asked - noticed;
    expect(wrong).toEqual([]);
    expect(answers).toBeGreaterThanOrEqual(scale.seconds * scale.perSecond);
    // When all become stale at the same moment, those that wait for their turn find out before they are sent; it takes five of
    // each of four kinds to notice, and three of each of two that it is not about one of several. A wall takes three seconds.
    const mostToNotice = outage === 'shows walls' ? 2 * queries.length : 2 * 16 + 4 * 5 + 2 * 3;
    expect(noticed - before).toBeLessThanOrEqual(mostToNotice);
    expect(probes).toBeGreaterThan(0);
    // One a second, and of reads one in ten is tried again, beside those that answers before the outage have left.
    const seconds = scale.seconds - noticedMs / 1000;
    expect(probes).toBeLessThanOrEqual(1.1 * seconds + 10);

    isDown = false;
    const backAtMs = nowMs;
    const isFresh = async () => {
      const ages = await Promise.all(queries.map(async (query) => (await ask(query)).ageSeconds));
      return Math.max(...ages) <= times.freshSeconds;
    };
    while (!(await isFresh())) {
      nowMs += stepMs;
      expect(nowMs - backAtMs).toBeLessThanOrEqual(10_000);
      await vi.waitFor(() => expect(atOnce).toBe(0), { timeout: 10_000, interval: 2 });
      await sleep(20);
    }
    // Not all at once: a site that has just come back is not to fall again.
    expect(most).toBeLessThanOrEqual(16);
    report('outage', {
      outage,
      'seconds of the outage': scale.seconds,
      'answers during it, all of before': answers,
      'requests that WordPress got until it was noticed': noticed - before,
      'requests that WordPress got afterwards': probes,
      'seconds until all was fresh': (nowMs - backAtMs) / 1000,
      'requests at once after it': most,
      ...latencies('an answer', answeredMs),
      ...memory.figures(),
    });
  },
);
