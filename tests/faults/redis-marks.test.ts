// A creation with a key runs once in all gateways of one Redis, and what they tell each other of it nobody else can read.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSeal } from '../../src/cache/seal.ts';
import { createWebhookCheck } from '../../src/changes/check-webhook.ts';
import { signWebhook, toSigningKey } from '../../src/changes/webhook-signature.ts';
import { UpstreamError, UserError } from '../../src/errors.ts';
import { createOnceFactory } from '../../src/loaders/idempotency.ts';
import { createSharedAttempts, UnknownOutcomeError } from '../../src/loaders/shared-attempts.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

let redis: TestRedis;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
}, 60_000);
afterEach(async () => {
  if (hasRedis) await redis.send('FLUSHALL').catch(() => undefined);
});
afterAll(() => redis?.[Symbol.asyncDispose]());

/** What makes creations safe to repeat in one process. */
async function openProcess() {
  const tier = await openTier(redis, { site: 'https://marks.test' });
  return { tier, onceOf: createOnceFactory({ marks: tier.marks }) };
}

/** A creation that takes a moment, and fails with these errors in turn before it succeeds. */
function counting(...failures: readonly Error[]) {
  let runs = 0;
  const create = async () => {
    const failure = failures[runs];
    runs += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (failure) throw failure;
    return { id: runs };
  };
  return { create, runs: () => runs };
}

/** All that is in Redis: names and values. */
async function everything(): Promise<string> {
  const keys = await redis.send('KEYS', '*');
  const parts: string[] = [];
  for (const key of Array.isArray(keys) ? keys.map(String) : []) {
    parts.push(key);
    if (String(await redis.send('TYPE', key)) === 'string') parts.push(String(await redis.send('GET', key)));
  }
  return parts.join('\n');
}

describe.skipIf(!hasRedis)('a signed webhook', () => {
  it('is taken by one of two processes, and by each while Redis is away', async () => {
    const secret = 'a secret of more than thirty-two characters';
    const sign = (id: string) => {
      const timestampSeconds = Math.floor(Date.now() / 1000);
      const body = Buffer.from('{}');
      const signature = signWebhook(toSigningKey(secret), { id, timestampSeconds, body });
      const headers = new Map(
        Object.entries({
          'webhook-id': id,
          'webhook-timestamp': String(timestampSeconds),
          'webhook-signature': signature,
        }),
      );
      return { method: 'POST', url: '/webhooks/purge', header: (name: string) => headers.get(name), body };
    };
    const checks = [await openProcess(), await openProcess()].map(
      ({ tier }) => createWebhookCheck({ secret, token: null, marks: tier.quickMarks }).check,
    );
    const webhook = sign('first');
    expect((await Promise.all(checks.map((check) => check(webhook)))).sort()).toEqual(['known', 'new']);
    await redis.kill();
    const meanwhile = sign('second');
    expect(await Promise.all(checks.map((check) => check(meanwhile)))).toEqual(['new', 'new']);
    await redis.start();
  });
});

describe.skipIf(!hasRedis)('a key in two processes', () => {
  const input = { title: 'x' };
  const hasArrived = () => false;
  const caller = 'Basic c2VjcmV0LW9mLWFubg==';

  it('stands for one creation of one caller', async () => {
    const [one, two] = [await openProcess(), await openProcess()];
    const { create, runs } = counting();
    const both = [one, two].map(({ onceOf }) =>
      onceOf(caller, 'order-77')({ name: 'createPost', input, create, hasArrived }),
    );
    expect(await Promise.all(both)).toEqual([{ id: 1 }, { id: 1 }]);
    const third = await openProcess();
    const once = third.onceOf(caller, 'order-77');
    expect(await once({ name: 'createPost', input: { title: 'x' }, create, hasArrived })).toEqual({ id: 1 });
    await expect(
      third.onceOf(caller, 'order-77')({ name: 'createPost', input: { title: 'y' }, create, hasArrived }),
    ).rejects.toThrow('used with another input');
    expect(runs()).toBe(1);
    await third.onceOf('Basic c2VjcmV0LW9mLWJvYg==', 'order-77')({ name: 'createPost', input, create, hasArrived });
    await third.onceOf(caller, 'order-78')({ name: 'createPost', input, create, hasArrived });
    expect(runs()).toBe(3);
    expect(await everything()).toMatch(/:mark:/);
    expect(await everything()).not.toMatch(/order-7|c2VjcmV0|createPost|"id"|result/);
  });

  it('is free again where WordPress has refused, and used up where nobody knows', async () => {
    const [one, two] = [await openProcess(), await openProcess()];
    const refused = counting(new UserError('no'));
    await expect(
      one.onceOf(caller, 'a')({ name: 'createPost', input, create: refused.create, hasArrived }),
    ).rejects.toThrow('no');
    expect(await two.onceOf(caller, 'a')({ name: 'createPost', input, create: refused.create, hasArrived })).toEqual({
      id: 2,
    });
    const broken = counting(new UpstreamError('UPSTREAM_TIMEOUT', 'POST /x: no answer'));
    for (const { onceOf } of [one, two, two]) {
      await expect(
        onceOf(caller, 'b')({ name: 'createPost', input, create: broken.create, hasArrived: () => true }),
      ).rejects.toThrow('may have been carried out');
    }
    expect(broken.runs()).toBe(1);
  });

  it('is used up where the process that began has gone', async () => {
    const { tier } = await openProcess();
    const attempt = { secret: 'secret', input: 'hash', isUnknown: () => false };
    const seal = createSeal(attempt.secret);
    expect(await tier.marks.leave(seal.name, seal.close({ input: 'hash' }), 60)).toBe(null);
    const { create, runs } = counting();
    const run = createSharedAttempts(tier.marks, 60, 200);
    await expect(run({ ...attempt, create })).rejects.toThrow(UnknownOutcomeError);
    expect(runs()).toBe(0);
  });

  it('stands for one creation in each of them while Redis is away', async () => {
    const [one, two] = [await openProcess(), await openProcess()];
    await redis.kill();
    const { create, runs } = counting();
    for (const { onceOf } of [one, one, two])
      await onceOf(caller, 'c')({ name: 'createPost', input, create, hasArrived });
    expect(runs()).toBe(2);
    await redis.start();
  });
});
