// Credentials are what WordPress says of them, and not what a page in its place does.

import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { createViewerCheck } from '../../../src/loaders/viewer.ts';
import type { WordPressClient } from '../../../src/wordpress/rest.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

const forbidden = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 403', { status: 403, kind: 'html' });
const revoked = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 401', { status: 401, restCode: 'incorrect_password' });

/** A check that remembers no answer, and what it gets instead of the user. */
function open() {
  const now: { failure: UpstreamError | null } = { failure: null };
  const client: WordPressClient = {
    async request() {
      if (now.failure) throw now.failure;
      return { status: 200, body: { id: 7, capabilities: {} }, total: null, bytes: 10, cacheable: true };
    },
    readPage: () => Promise.reject(new Error('not asked for')),
    sendForm: () => Promise.reject(new Error('not asked for')),
    async [Symbol.asyncDispose]() {},
  };
  const check = createViewerCheck(client, { get: () => undefined, set: () => {}, forget: () => {} });
  return { now, ask: () => check('Basic eDp5') };
}

it('a page does not take back credentials that were taken', async () => {
  const { now, ask } = open();
  expect((await ask()).id).toBe(7);
  now.failure = forbidden;
  await expect(ask()).rejects.toBe(forbidden);
  now.failure = revoked;
  await expect(ask()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  now.failure = forbidden;
  await expect(ask()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('a page refuses credentials that were never taken', async () => {
  const { now, ask } = open();
  now.failure = forbidden;
  await expect(ask()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('a token that cannot be read any more is refused, in whatever words', async () => {
  const { now, ask } = open();
  await ask();
  now.failure = new UpstreamError('UPSTREAM_REFUSED', 'GET: 400', { status: 400 });
  await expect(ask()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('of a user no more is remembered than what he can', async () => {
  const users = 300;
  const client: WordPressClient = {
    async request() {
      const capabilities = { edit_posts: true, delete_posts: false, notes: Array(5000).fill(1.5) };
      return { status: 200, body: { id: 7, capabilities }, total: null, bytes: 10, cacheable: true };
    },
    readPage: () => Promise.reject(new Error('not asked for')),
    sendForm: () => Promise.reject(new Error('not asked for')),
    async [Symbol.asyncDispose]() {},
  };
  const check = createViewerCheck(client);
  const viewer = await check('Basic eDp5');
  const can = ['edit_posts', 'delete_posts', 'notes', 'toString'].map((capability) => viewer.can(capability));
  expect(can).toEqual([true, false, false, false]);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let user = 0; user < users; user += 1) await check(`Basic ${Buffer.from(`${user}:x`).toString('base64')}`);
  collectGarbage();
  expect((process.memoryUsage().heapUsed - before) / users).toBeLessThan(4_000);
  expect(await check('Basic eDp5')).toBe(viewer);
});

describe('at the same moment', () => {
  /** A check, the credentials that WordPress is asked about, in order, and what answers those. */
  function openSlow() {
    const asked: string[] = [];
    const answers: ((id: number) => void)[] = [];
    const client: WordPressClient = {
      request: ({ authorization = '', signal }) => {
        asked.push(authorization);
        return new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          answers.push((id) =>
            resolve({ status: 200, body: { id, capabilities: {} }, total: null, bytes: 10, cacheable: true }),
          );
        });
      },
      readPage: () => Promise.reject(new Error('not asked for')),
      sendForm: () => Promise.reject(new Error('not asked for')),
      async [Symbol.asyncDispose]() {},
    };
    return { check: createViewerCheck(client), asked, answers };
  }

  const [one, other] = ['Basic eDp5', 'Basic eDp6'];

  it('equal credentials are asked about once, though one who waits goes', async () => {
    const { check, asked, answers } = openSlow();
    const leaving = new AbortController();
    const left = check(one, leaving.signal);
    const all = Promise.all([check(one, new AbortController().signal), check(one), check(other)]);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    answers.forEach((answer, at) => void answer(7 + at));
    expect((await all).map(({ id }) => id)).toEqual([7, 7, 8]);
    expect(asked).toEqual([one, other]);
    expect((await check(one)).id).toBe(7);
    expect(asked).toHaveLength(2);
  });

  it('credentials are asked about anew by who forgot what was known of them', async () => {
    const { check, asked, answers } = openSlow();
    const early = check(one);
    check.forget(one);
    const late = check(one);
    answers[1]?.(8);
    expect((await late).id).toBe(8);
    answers[0]?.(7);
    expect((await early).id).toBe(7);
    expect((await check(one)).id).toBe(8);
    expect(asked).toEqual([one, one]);
  });

  it('what is learned of others is remembered, whatever is forgotten meanwhile', async () => {
    const { check, asked, answers } = openSlow();
    const early = check(one);
    check.forget(other);
    const late = check(one);
    for (const answer of answers) answer(7);
    expect((await Promise.all([early, late])).map(({ id }) => id)).toEqual([7, 7]);
    expect((await check(one)).id).toBe(7);
    expect(asked).toEqual([one]);
  });

  it('nobody is left to wait: nothing is asked any more', async () => {
    const { check, asked } = openSlow();
    const [first, second] = [new AbortController(), new AbortController()];
    const left = [check(one, first.signal), check(one, second.signal)].map((waiting) =>
      expect(waiting).rejects.toThrow('gone'),
    );
    for (const leaving of [first, second]) leaving.abort(new Error('gone'));
    await Promise.all(left);
    void check(one);
    expect(asked).toEqual([one, one]);
  });
});
