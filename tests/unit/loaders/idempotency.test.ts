// A creation with a key runs once; what is not known to have failed is not tried again.

import { describe, expect, it } from 'vitest';
import { UpstreamError, UserError } from '../../../src/errors.ts';
import { createOnceFactory } from '../../../src/loaders/idempotency.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

/** A creation that counts, and fails with these errors in turn before it succeeds. */
function counting(...failures: readonly Error[]) {
  let runs = 0;
  const create = async () => {
    const failure = failures[runs];
    runs += 1;
    if (failure) throw failure;
    return { id: runs };
  };
  return { create, runs: () => runs };
}

describe('a key', () => {
  const input = { title: 'x' };
  const hasArrived = () => false;

  it('stands for one creation of one caller in one place', async () => {
    const onceOf = createOnceFactory();
    const { create, runs } = counting();
    const once = onceOf('Basic a', 'key');
    const [first, second] = await Promise.all([
      once({ name: 'createPost', input, create, hasArrived }),
      once({ name: 'createPost', input, create, hasArrived }),
    ]);
    expect([
      first,
      second,
      await onceOf('Basic a', 'key')({ name: 'createPost', input: { title: 'x' }, create, hasArrived }),
    ]).toEqual(Array(3).fill({ id: 1 }));
    await onceOf('Basic b', 'key')({ name: 'createPost', input, create, hasArrived });
    await onceOf('Basic a', 'other')({ name: 'createPost', input, create, hasArrived });
    await once({ name: 'createTag', input, create, hasArrived });
    expect(runs()).toBe(4);
    await expect(once({ name: 'createPost', input: { title: 'y' }, create, hasArrived })).rejects.toThrow(
      'used with another input',
    );
  });

  it('is free again where nothing has happened', async () => {
    const refused = new UpstreamError('UPSTREAM_REFUSED', 'POST /x: 400', {
      status: 400,
      restCode: 'rest_invalid_param',
    });
    const away = new UpstreamError('UPSTREAM_UNAVAILABLE', 'POST /x: not asked');
    const { create, runs } = counting(refused, new UserError('no'), away);
    const once = createOnceFactory()('Basic a', 'key');
    await expect(once({ name: 'createPost', input, create, hasArrived })).rejects.toBe(refused);
    await expect(once({ name: 'createPost', input, create, hasArrived })).rejects.toThrow('no');
    await expect(once({ name: 'createPost', input, create, hasArrived })).rejects.toBe(away);
    expect(await once({ name: 'createPost', input, create, hasArrived })).toEqual({ id: 4 });
    expect(runs()).toBe(4);
  });

  it.each([
    new UpstreamError('UPSTREAM_REFUSED', 'POST /x: 400', { status: 400, restCode: 'rest_invalid_param' }),
    new UpstreamError('UPSTREAM_REFUSED', 'POST /x: 413', { status: 413, kind: 'html' }),
    new UserError('no'),
  ])('is free again where something was made on the way to a refusal: %s', async (error) => {
    const { create, runs } = counting(error);
    const once = createOnceFactory()('Basic a', 'key');
    const creation = { name: 'createPost', input, create, hasArrived: () => true };
    await expect(once(creation)).rejects.toBe(error);
    expect(await once(creation)).toEqual({ id: 2 });
    expect(runs()).toBe(2);
  });

  it.each([
    new UpstreamError('UPSTREAM_TIMEOUT', 'POST /x: no answer'),
    new UpstreamError('UPSTREAM_ERROR', 'POST /x: 500', { status: 500 }),
    new UpstreamError('UPSTREAM_FORBIDDEN', 'POST /x: 403', { status: 403, kind: 'html' }),
    new UpstreamError('UPSTREAM_NOT_FOUND', 'POST /x: 404', { status: 404 }),
    new TypeError('an odd answer'),
  ])('is used up where something may have happened: %s', async (error) => {
    const { create, runs } = counting(error);
    const once = createOnceFactory()('Basic a', 'key');
    const creation = { name: 'createPost', input, create, hasArrived: () => true };
    await expect(once(creation)).rejects.toThrow('may have been carried out');
    await expect(once(creation)).rejects.toThrow('may have been carried out');
    expect(runs()).toBe(1);
  });

  it('weighs next to nothing where nobody knows what came of it', async () => {
    const keys = 300;
    const onceOf = createOnceFactory();
    const fail = async (key: string) => {
      const create = async () => {
        const cause = new Error(`reset while it was read: ${Array(10_000).fill(key).join()}`);
        throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'POST /x: reset', { cause });
      };
      const creation = { name: 'createPost', input, create, hasArrived: () => true };
      // What is expected of promises is kept by the test.
      const told = await onceOf('Basic a', key)(creation).catch(String);
      expect(told).toContain('may have been carried out');
    };
    for (let key = 0; key < 50; key += 1) await fail(`first${key}`);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let key = 0; key < keys; key += 1) await fail(`key${key}`);
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / keys).toBeLessThan(4_000);
  });

  it('is remembered beside 20,000 others, whatever came of it', async () => {
    const onceOf = createOnceFactory();
    const { create, runs } = counting(new UpstreamError('UPSTREAM_TIMEOUT', 'POST /x: no answer'));
    const creation = { name: 'createPost', input, create, hasArrived: () => true };
    await expect(onceOf('Basic a', 'unknown')(creation)).rejects.toThrow('may have been carried out');
    const created = await onceOf('Basic a', 'created')(creation);
    for (let key = 0; key < 20_000; key += 1) await onceOf('Basic a', `key${key}`)(creation);
    expect(runs()).toBe(20_002);
    await expect(onceOf('Basic a', 'unknown')(creation)).rejects.toThrow('may have been carried out');
    expect(await onceOf('Basic a', 'created')(creation)).toEqual(created);
    expect(runs()).toBe(20_002);
  });

  it('must be text that a header can hold; without one each creation runs', async () => {
    const onceOf = createOnceFactory();
    expect(() => onceOf('Basic a', 'a b')).toThrow('Idempotency-Key');
    expect(() => onceOf('Basic a', 'x'.repeat(256))).toThrow('Idempotency-Key');
    const { create, runs } = counting();
    await onceOf('Basic a', null)({ name: 'createPost', input, create, hasArrived });
    await onceOf('Basic a', null)({ name: 'createPost', input, create, hasArrived });
    expect(runs()).toBe(2);
  });
});
