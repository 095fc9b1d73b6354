// Owns faults of comments of people without an account: a form tells little, and a comment may be saved all the same.

import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/errors.ts';
import { asJson, bodyForms } from '../support/body-forms.ts';
import { openGateway } from '../support/gateway.ts';
import {
  answer,
  type Behaviour,
  hangUp,
  html,
  json,
  redirect,
  stall,
  startHostileServer,
} from '../support/hostile-server.ts';
import { listed } from './odd-site.ts';

const index = { name: 'Odd', description: '', url: 'http://odd.test', home: 'http://odd.test', namespaces: ['wp/v2'] };
const comments = [
  { id: 61, post: 1, content: { rendered: 'mine' } },
  { id: 62, post: 2, content: { rendered: 'of another post' } },
];

/** A site whose form answers so, and a gateway in front of it. */
async function openForm(form: Behaviour, timeoutMs = 30_000) {
  const server = await startHostileServer(({ target }) => {
    const { pathname } = new URL(target, 'http://odd.test');
    if (pathname === '/wp-comments-post.php') return form;
    if (pathname === '/wp-json/') return json(index);
    return pathname.startsWith('/wp-json/wp/v2/comments') ? listed(comments) : json([]);
  });
  const gateway = await openGateway(`${server.url}/wp-json/`, { anonymousComments: 100, timeoutMs });
  return {
    server,
    /** Sends comments as a client with this address does, and gives what came of each. */
    async sendFrom(
      address: string | undefined,
      { key = 'kk', content = 'x', twice = false, more = {}, send = asJson } = {},
    ) {
      const input = `{ commentOn: 1, content: "${content}", author: "A", authorEmail: "a@b.example" }`;
      const field = (name: string) => `${name}: createComment(input: ${input}) { success comment { databaseId } }`;
      const query = `mutation { ${field('a')} ${twice ? field('b') : ''} }`;
      const sent = send(query);
      const { body } = await gateway.endpoint.handle({
        ...{ method: 'POST', url: '/graphql', signal: () => undefined, address },
        headers: { 'content-type': sent.type, accept: 'application/json', 'idempotency-key': key, ...more },
        body: Buffer.from(sent.body),
      });
      const { data, errors } = JSON.parse(body.toString());
      return errors?.[0]?.message ?? data;
    },
    posts: () => server.requests.filter(({ method }) => method === 'POST').length,
    send: () =>
      gateway.query(`mutation {
        createComment(input: { commentOn: 1, content: "x", author: "A", authorEmail: "a@b.example" }) {
          success comment { databaseId content } } }`),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

it.each<[string, Behaviour, ErrorCode]>([
  ['hangs up', hangUp(), 'UPSTREAM_UNAVAILABLE'],
  ['does not answer in time', stall(), 'UPSTREAM_TIMEOUT'],
  ['fails', html('', { status: 500 }), 'UPSTREAM_ERROR'],
  ['is not there, as a proxy says', answer('', { status: 502 }), 'UPSTREAM_UNAVAILABLE'],
])('may have been saved where the site %s', async (_what, form, code) => {
  await using site = await openForm(form, code === 'UPSTREAM_TIMEOUT' ? 1000 : undefined);
  const { data, errors } = await site.send();
  expect(data).toEqual({ createComment: null });
  expect(errors?.map(({ message, extensions }) => [extensions.code, message])).toEqual([
    [code, `${errorCodes[code]} The mutation may have been carried out.`],
  ]);
  expect(site.server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

it.each<[string, Behaviour, ErrorCode]>([
  ['has it already', html('', { status: 409 }), 'BAD_USER_INPUT'],
  ['refuses it', html('', { status: 403 }), 'FORBIDDEN'],
  ['leads to a log-in', redirect('/wp-login.php'), 'FORBIDDEN'],
])('is not saved where the site %s', async (_what, form, code) => {
  await using site = await openForm(form);
  const { errors } = await site.send();
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
  expect(errors?.[0]?.message).not.toContain('carried out');
});

it.each([
  ['its own', '/post-1/#comment-61', { databaseId: 61, content: 'mine' }],
  ['one of another post', '/post-2/#comment-62', null],
])('is shown where the link leads to %s', async (_what, location, comment) => {
  await using site = await openForm(redirect(location));
  const { data, errors, requests } = await site.send();
  expect(errors).toBeUndefined();
  expect(data.createComment).toEqual({ success: true, comment });
  expect(requests).toHaveLength(2);
});

describe('a key', () => {
  const saved = { success: true, comment: { databaseId: 61 } };

  it('has a comment sent once, for the one who sent it', async () => {
    await using site = await openForm(redirect('/post-1/#comment-61'));
    const all = await Promise.all([1, 2, 3].map(() => site.sendFrom('192.0.2.1')));
    expect(all).toEqual([{ a: saved }, { a: saved }, { a: saved }]);
    expect(site.posts()).toBe(1);
    await site.sendFrom('192.0.2.2');
    expect(site.posts()).toBe(2);
    await site.sendFrom('192.0.2.1', { key: 'other' });
    expect(site.posts()).toBe(3);
    expect(await site.sendFrom('192.0.2.1', { content: 'y' })).toEqual({ a: saved });
    expect(site.posts()).toBe(4);
    expect(await site.sendFrom('192.0.2.1', { twice: true })).toEqual({ a: saved, b: saved });
    expect(site.posts()).toBe(5);
  });

  it.each(bodyForms)('has it sent once as %s', async (_, send) => {
    await using site = await openForm(redirect('/post-1/#comment-61'));
    for (let round = 0; round < 2; round += 1) expect(await site.sendFrom('192.0.2.1', { send })).toEqual({ a: saved });
    const posts = site.server.requests.filter(({ method }) => method === 'POST').map(({ target }) => target);
    expect(posts).toEqual(['/wp-comments-post.php']);
  });

  it('is of the address that calls, whatever a header says', async () => {
    await using site = await openForm(redirect('/post-1/#comment-61'));
    for (const forwarded of ['192.0.2.1', '192.0.2.2'])
      await site.sendFrom('192.0.2.9', { more: { 'x-forwarded-for': forwarded } });
    expect(site.posts()).toBe(1);
    // Nobody knows who asks: then it may be anybody.
    await site.sendFrom(undefined);
    await site.sendFrom(undefined);
    expect(site.posts()).toBe(3);
  });

  it('is free again where the site refused the comment', async () => {
    await using site = await openForm(html('', { status: 403 }));
    const refusal = 'Could not create comments: comments on it are closed, or for users of the site only.';
    expect([await site.sendFrom('192.0.2.1'), await site.sendFrom('192.0.2.1')]).toEqual([refusal, refusal]);
    expect(site.posts()).toBe(2);
  });

  it('keeps a comment from being sent again that may have been saved', async () => {
    await using site = await openForm(html('', { status: 500 }));
    for (let round = 0; round < 2; round += 1)
      expect(await site.sendFrom('192.0.2.1')).toContain('The first request with this Idempotency-Key may have been');
    expect(site.posts()).toBe(1);
  });

  it('of a form that no key can have is refused', async () => {
    await using site = await openForm(redirect('/post-1/#comment-61'));
    expect(await site.sendFrom('192.0.2.1', { key: 'a b' })).toContain('Idempotency-Key must be');
    expect(site.posts()).toBe(0);
  });
});
