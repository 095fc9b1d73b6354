// Owns the rows of several gateways on one Redis: how fast purges reach the others, what a slow Redis costs, and when one that
// was killed is in use again.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listOfBlock, toPost } from '../queries.ts';
import { hasRedisServer, openSlowWay, startRedisServer } from '../redis-server.ts';
import { type Bench, countStatuses, type Outcome, type Row } from '../row.ts';
import { sendGood } from '../send.ts';
import { type Server, startGateway } from '../servers.ts';

const token = 'the token of the bench, which is long enough';
const usable = /^headgate_redis_usable 1$/m;

/** The rows. */
export const redisRows: readonly Row[] = [
  {
    id: 'redis-purge',
    title: 'Purge, from one gateway to another',
    measure: withRedis(async ({ scale, upstream }, port) => {
      const env = { REDIS_URL: `redis://127.0.0.1:${port}`, WEBHOOK_TOKEN: token };
      await using one = await startGateway(upstream, env);
      await using other = await startGateway(upstream, env);
      await untilUsed(one, other);
      const values: number[] = [];
      const statuses: number[] = [];
      await using events = await follow(other);
      for (let round = 0; round < scale.rounds; round += 1) {
        let longest = 0;
        for (let purge = 0; purge < scale.purges; purge += 1) {
          const startedAt = performance.now();
          const heard = events.next();
          statuses.push(await tell(one, 1 + purge));
          await heard;
          longest = Math.max(longest, performance.now() - startedAt);
        }
        values.push(longest);
      }
      const what = `longest of ${scale.purges}, told to one and heard from the other`;
      return {
        findings: [{ what, values, unit: 'ms', target: { atMost: 100 } }],
        statuses: countStatuses(statuses),
      };
    }),
  },
  {
    id: 'redis-slow',
    title: 'Redis that takes 200 ms for each reply',
    measure: withRedis(async (bench, port) => {
      await using way = await openSlowWay(port);
      await using gateway = await startGateway(bench.upstream, { REDIS_URL: `redis://127.0.0.1:${way.port}` });
      await untilUsed(gateway);
      const added: number[] = [];
      const statuses: number[] = [];
      for (let round = 0; round < bench.scale.rounds; round += 1) {
        way.delay(0);
        await untilUsed(gateway);
        const quick = await p99Of(bench, gateway, statuses);
        way.delay(200);
        added.push((await p99Of(bench, gateway, statuses)) - quick);
      }
      return {
        findings: [{ what: 'p99 added, one query of four cold', values: added, unit: 'ms', target: { atMost: 20 } }],
        statuses: countStatuses(statuses),
      };
    }),
  },
  {
    id: 'redis-heal',
    title: 'Redis that is killed and started again',
    async measure(bench) {
      if (!hasRedisServer()) return { missing: 'there is no redis-server' };
      await using redis = await startRedisServer();
      await using gateway = await startGateway(bench.upstream, { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
      await untilUsed(gateway);
      const values: number[] = [];
      const statuses: number[] = [];
      for (let round = 0; round < bench.scale.rounds; round += 1) {
        await redis.restart();
        const startedAt = performance.now();
        statuses.push((await sendGood(gateway, toPost(listOfBlock(bench.nextBlock())))).status);
        // What says that it is used may not have noticed yet that it was gone: what is kept there proves it.
        await untilKept(gateway, redis.port);
        values.push(performance.now() - startedAt);
      }
      return {
        findings: [{ what: 'until it is used again', values, unit: 'ms', target: { atMost: 5000 } }],
        statuses: countStatuses(statuses),
      };
    },
  },
];

function withRedis(measure: (bench: Bench, port: number) => Promise<Outcome>): Row['measure'] {
  return async (bench) => {
    if (!hasRedisServer()) return { missing: 'there is no redis-server' };
    await using redis = await startRedisServer();
    return await measure(bench, redis.port);
  };
}

/** The p99 of requests one after the other, of which one of four is for what nobody has asked for yet. */
async function p99Of(bench: Bench, gateway: Server, statuses: number[]): Promise<number> {
  const known = toPost(listOfBlock(1));
  await sendGood(gateway, known);
  const times: number[] = [];
  for (let request = 0; request < bench.scale.redisRequests; request += 1) {
    const isCold = request % 4 === 3;
    const { ms, status } = await sendGood(gateway, isCold ? toPost(listOfBlock(bench.nextBlock())) : known);
    times.push(ms);
    statuses.push(status);
  }
  times.sort((a, b) => a - b);
  return times[Math.ceil(0.99 * times.length) - 1] ?? 0;
}

async function untilUsed(...gateways: readonly Server[]): Promise<void> {
  for (const { url } of gateways) {
    await until(async () => usable.test(await (await fetch(`${url}/metrics`)).text()), 'Redis is not used');
  }
}

/** Waits until what a gateway answers is kept in Redis. */
async function untilKept(gateway: Server, port: number): Promise<void> {
  let block = 1_000_000;
  await until(async () => {
    await sendGood(gateway, toPost(listOfBlock(block++)));
    // The log of purges and its epoch are there before.
    return (await countKeys(port)) > 2;
  }, 'nothing is kept in Redis');
}

function countKeys(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('DBSIZE\r\n'));
    socket.on('error', reject);
    socket.on('data', (reply) => {
      socket.destroy();
      resolve(Number(/^:(\d+)/.exec(String(reply))?.[1] ?? 0));
    });
  });
}

async function until(isSo: () => Promise<boolean>, problem: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (await isSo()) return;
    await sleep(10);
  }
  throw new Error(`${problem} after 30 s`);
}

async function tell({ url }: Server, id: number): Promise<number> {
  const response = await fetch(`${url}/webhooks/purge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ changes: [{ kind: 'content', type: 'post', id, terms: [] }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

interface Events extends AsyncDisposable {
  /** Resolves when the next event comes. */
  next(): Promise<void>;
}

/** Follows the changes that a gateway tells of. */
async function follow({ url }: Server): Promise<Events> {
  const controller = new AbortController();
  const query = encodeURIComponent('subscription { contentChanged { databaseId } }');
  const response = await fetch(`${url}/graphql?query=${query}`, {
    headers: { accept: 'text/event-stream' },
    signal: controller.signal,
  });
  if (!response.body) throw new Error('no events');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async next() {
      for (let at = text.indexOf('event: next'); ; at = text.indexOf('event: next')) {
        if (at !== -1) {
          text = text.slice(at + 1);
          return;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the events ended');
        text += value;
      }
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
