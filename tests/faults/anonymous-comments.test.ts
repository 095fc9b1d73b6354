// Owns faults of comments of people without an account: a form tells little, and a comment may be saved all the same.

import { expect, it } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/errors.ts';
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
