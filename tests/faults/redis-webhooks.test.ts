// A webhook is answered when the other gateways are told; where they cannot be, its sender is to send the same again.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { signWebhook, toSigningKey } from '../../src/changes/webhook-signature.ts';
import { openWay } from '../support/cut-way.ts';
import { startGatewayFor, startTwoPosts } from '../support/recorded-headgate.ts';
import type { RecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';

vi.setConfig({ testTimeout: 60_000 });

const secret = 'a secret that is long enough for a test';
let redis: TestRedis;
let site: RecordedSite;

beforeAll(async () => {
  if (!hasRedis) return;
  [redis, site] = await Promise.all([startRedis('--maxmemory-policy', 'noeviction'), startTwoPosts()]);
}, 60_000);

afterEach(async () => {
  if (hasRedis) await redis.send('FLUSHALL');
});

afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
});

async function open(url = redis.url) {
  const { logger, lines } = createRecordingLogger();
  const headgate = await startGatewayFor(site, logger, { WEBHOOK_SECRET: secret, REDIS_URL: url });
  const inUse = () => expect(lines.map(({ msg }) => msg)).toContain('Redis is in use');
  await vi.waitFor(inUse, { timeout: 30_000, interval: 20 });
  return {
    headgate,
    warnings: () => lines.filter(({ level }) => level === 40).flatMap(({ msg }) => String(msg).match(/^Redis.*/) ?? []),
    [Symbol.asyncDispose]: () => headgate[Symbol.asyncDispose](),
  };
}

/** Sends a signed webhook about a post each time that it is called; always the same. */
function webhookAbout(id: number): (url: string) => Promise<{ status: number; wait: string | null; body: object }> {
  const body = JSON.stringify({ tags: [`post:${id}`] });
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const signature = signWebhook(toSigningKey(secret), { id: `msg_${id}`, timestampSeconds, body });
  const headers = {
    'webhook-id': `msg_${id}`,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
  };
  return async (url) => {
    const response = await fetch(`${url}/webhooks/purge`, { method: 'POST', headers, body });
    return { status: response.status, wait: response.headers.get('retry-after'), body: await response.json() };
  };
}

const purged = (id: number) => ({ status: 200, wait: null, body: { status: 'purged', tags: [`post:${id}`] } });
const untold = { status: 503, wait: '5', body: { errors: [{ extensions: { code: 'OVERLOADED' } }] } };

describe.skipIf(!hasRedis)('a webhook', () => {
  it('is answered when other gateways are told', async () => {
    await using gateway = await open();
    expect(await webhookAbout(1)(gateway.headgate.url)).toEqual(purged(1));
    const [last] = [await redis.send('XREVRANGE', `headgate:3:${site.origin}:purges`, '+', '-', 'COUNT', '1')].flat();
    expect(JSON.stringify(last)).toContain('post:1');
  });

  it('is answered without waiting while Redis is away', async () => {
    await using gateway = await open();
    await redis.kill();
    try {
      await vi.waitFor(() => expect(gateway.warnings()).toContainEqual(expect.stringContaining('cannot be used')), {
        timeout: 30_000,
      });
      expect(await webhookAbout(1)(gateway.headgate.url)).toEqual(purged(1));
    } finally {
      await redis.start();
    }
  });

  it('is to be sent again where Redis is full, until all are told', async () => {
    await using gateway = await open();
    const send = webhookAbout(2);
    const heard: (readonly string[] | null)[] = [];
    gateway.headgate.changes.subscribe(({ changes }) => heard.push(...changes.map(({ tags }) => tags)));
    await redis.send('CONFIG', 'SET', 'maxmemory', '1');
    try {
      expect(await send(gateway.headgate.url)).toMatchObject(untold);
      // Here it is forgotten all the same.
      expect(heard).toEqual([['post:2']]);
      expect(await send(gateway.headgate.url)).toMatchObject(untold);
    } finally {
      await redis.send('CONFIG', 'SET', 'maxmemory', '0');
    }
    expect(await send(gateway.headgate.url)).toEqual(purged(2));
    expect(await send(gateway.headgate.url)).toMatchObject({ status: 200, body: { status: 'known' } });
    expect(gateway.warnings()).toEqual([expect.stringContaining('does not take what changes')]);
  });

  it.each([
    ['refuses the password', ['resetpass', '>other'], ['>pass']],
    ['refuses to be read', ['-get', '-mget'], ['+get', '+mget']],
  ])('is to be sent again where a Redis that is there %s, until all are told', async (_, without, within) => {
    await redis.send('ACL', 'SETUSER', 'gate', 'on', '>pass', '~*', '+@all');
    await using other = await open();
    await using gateway = await open(redis.url.replace('//', '//gate:pass@'));
    const heard: (readonly string[] | null)[] = [];
    other.headgate.changes.subscribe(({ changes }) => heard.push(...changes.map(({ tags }) => tags)));
    await redis.send('ACL', 'SETUSER', 'gate', ...without);
    await redis.send('CLIENT', 'KILL', 'USER', 'gate');
    let id = 100;
    let send = webhookAbout(id);
    await vi.waitFor(
      async () => {
        id += 1;
        send = webhookAbout(id);
        expect(await send(gateway.headgate.url)).toMatchObject(untold);
      },
      { timeout: 30_000, interval: 20 },
    );
    expect(heard).not.toContainEqual([`post:${id}`]);
    await redis.send('ACL', 'SETUSER', 'gate', ...within);
    await vi.waitFor(async () => expect(await send(gateway.headgate.url)).toEqual(purged(id)), { timeout: 30_000 });
    await vi.waitFor(() => expect(heard).toContainEqual([`post:${id}`]), { timeout: 30_000 });
  });

  it('is to be sent again where Redis wants a password that the gateway does not have', async () => {
    await using own = await startRedis('--requirepass', 'secret');
    const { logger, lines } = createRecordingLogger();
    await using headgate = await startGatewayFor(site, logger, { WEBHOOK_SECRET: secret, REDIS_URL: own.url });
    expect(lines).toContainEqual(expect.objectContaining({ msg: expect.stringContaining('starts without it') }));
    expect(await webhookAbout(4)(headgate.url)).toMatchObject(untold);
  });

  it('is to be sent again where Redis does not say that it has it', async () => {
    await using way = await openWay(redis.port, { silentAfter: 'XADD' });
    // The log is begun by another connection: it is to be silent after the purge only.
    await using other = await open();
    await using gateway = await open(`redis://127.0.0.1:${way.port}`);
    expect(await webhookAbout(3)(gateway.headgate.url)).toMatchObject(untold);
    expect(other.warnings()).toEqual([]);
  });
});
