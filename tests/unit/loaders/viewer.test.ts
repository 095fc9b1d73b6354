// Credentials are what WordPress says of them, and not what a page in its place does.

import { expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { createViewerCheck } from '../../../src/loaders/viewer.ts';
import type { WordPressClient } from '../../../src/wordpress/rest.ts';

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
