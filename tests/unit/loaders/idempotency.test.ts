// A creation with a key runs once; what is not known to have failed is not tried again.

import { describe, expect, it } from 'vitest';
import { UpstreamError, UserError } from '../../../src/errors.ts';
import { createOnceFactory } from '../../../src/loaders/idempotency.ts';

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

  it('stands for one creation of one caller in one place', async () => {
    const onceOf = createOnceFactory();
    const { create, runs } = counting();
    const once = onceOf('Basic a', 'key');
    const [first, second] = await Promise.all([once('createPost', input, create), once('createPost', input, create)]);
    expect([first, second, await onceOf('Basic a', 'key')('createPost', { title: 'x' }, create)]).toEqual(
      Array(3).fill({ id: 1 }),
    );
    await onceOf('Basic b', 'key')('createPost', input, create);
    await onceOf('Basic a', 'other')('createPost', input, create);
    await once('createTag', input, create);
    expect(runs()).toBe(4);
    await expect(once('createPost', { title: 'y' }, create)).rejects.toThrow('used with another input');
  });

  it('is free again where WordPress has refused', async () => {
    const refused = new UpstreamError('UPSTREAM_REFUSED', 'POST /x: 400', { status: 400 });
    const { create, runs } = counting(refused, new UserError('no'));
    const once = createOnceFactory()('Basic a', 'key');
    await expect(once('createPost', input, create)).rejects.toBe(refused);
    await expect(once('createPost', input, create)).rejects.toThrow('no');
    expect(await once('createPost', input, create)).toEqual({ id: 3 });
    expect(runs()).toBe(3);
  });

  it.each([
    new UpstreamError('UPSTREAM_UNAVAILABLE', 'POST /x: reset'),
    new UpstreamError('UPSTREAM_TIMEOUT', 'POST /x: no answer'),
    new UpstreamError('UPSTREAM_ERROR', 'POST /x: 500', { status: 500 }),
  ])('is used up where nobody knows whether it has happened: %s', async (error) => {
    const { create, runs } = counting(error);
    const once = createOnceFactory()('Basic a', 'key');
    await expect(once('createPost', input, create)).rejects.toThrow('may have been carried out');
    await expect(once('createPost', input, create)).rejects.toThrow('may have been carried out');
    expect(runs()).toBe(1);
  });

  it('must be text that a header can hold; without one each creation runs', async () => {
    const onceOf = createOnceFactory();
    expect(() => onceOf('Basic a', 'a b')).toThrow('Idempotency-Key');
    expect(() => onceOf('Basic a', 'x'.repeat(256))).toThrow('Idempotency-Key');
    const { create, runs } = counting();
    await onceOf('Basic a', null)('createPost', input, create);
    await onceOf('Basic a', null)('createPost', input, create);
    expect(runs()).toBe(2);
  });
});
