// While WordPress takes half a minute for each answer, what is known is served as ever, and who wants more learns within the
// deadline that it is not to be had. `npm run slow` takes a minute.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { type Fault, openMarkedSite, posts } from './marked-site.ts';
import { latencies, report, scaleOf, watchMemory } from './scale.ts';

const scale = scaleOf(
  'slow',
  { seconds: 2, perSecond: 50, deadlineMs: 800, slowMs: 3000 },
  { seconds: 60, perSecond: 200, deadlineMs: 10_000, slowMs: 30_000 },
);

const known = Array.from({ length: posts / 2 }, (_, at) => `{ post(id: "${at + 1}", idType: DATABASE_ID) { title } }`);
const unknown = Array.from({ length: posts / 2 }, (_, at) => {
  return `{ post(id: "${posts / 2 + at + 1}", idType: DATABASE_ID) { title } }`;
});

it('serves what is known, and says in time what is not to be had', { timeout: 300_000 }, async () => {
  let isSlow = false;
  const late = new Set<NodeJS.Timeout>();
  const fault: Fault = (request, right) => (socket) => {
    if (!isSlow) return right(socket, request);
    late.add(setTimeout(() => right(socket, request), scale.slowMs).unref());
  };
  const times = { freshSeconds: 1, staleSeconds: 600, staleIfErrorSeconds: 86_400 };
  const store = createResponseStore({ maxBytes: 16 * 1024 * 1024, ...times });
  await using site = await openMarkedSite(fault, {
    ...{ store, freshSeconds: 1, cache: times, timeoutMs: scale.deadlineMs },
  });
  const ask = async (query: string) => {
    const startedAt = performance.now();
    const headers = { 'content-type': 'application/json' };
    const response = await site.gateway.send({ method: 'POST', headers, body: JSON.stringify({ query }) });
    const { data, errors } = await response.json();
    return { text: JSON.stringify(data), errors, ms: performance.now() - startedAt };
  };
  const right = new Map<string, string>();
  for (const query of known) right.set(query, (await ask(query)).text);
  const before: number[] = [];
  for (let round = 0; round < 50; round += 1) for (const query of known) before.push((await ask(query)).ms);
  isSlow = true;
  // By then what is known is old.
  await sleep(1100);
  const memory = watchMemory();
  const refused = unknown.map(async (query) => {
    const { errors, ms } = await ask(query);
    expect(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'OVERLOADED']).toContain(errors?.[0]?.extensions.code);
    return ms;
  });
  const kept: number[] = [];
  const running: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let sent = 0; sent < scale.seconds * scale.perSecond; sent += 1) {
    const query = known[sent % known.length] ?? '';
    running.push(
      ask(query).then(({ text, ms }) => {
        expect(text).toBe(right.get(query));
        kept.push(ms);
      }),
    );
    const dueMs = (1000 * (sent + 1)) / scale.perSecond;
    await sleep(Math.max(0, startedAt + dueMs - performance.now()));
    if (sent % scale.perSecond === 0) memory.look();
  }
  await Promise.all(running);
  const refusedMs = await Promise.all(refused);
  for (const timer of late) clearTimeout(timer);
  report('slow', {
    'seconds for which WordPress is slow': scale.seconds,
    'answers of what is known': kept.length,
    ...latencies('before', before),
    ...latencies('an answer', kept),
    'what is not known': refusedMs.length,
    'an error after at least, ms': Math.min(...refusedMs).toFixed(0),
    'at most, ms': Math.max(...refusedMs).toFixed(0),
    ...memory.figures(),
  });
});
