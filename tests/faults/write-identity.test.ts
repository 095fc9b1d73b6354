// Owns faults of writes that no HTTP client sees: answers that are good, but not to what was written. Nobody knows then
// whether it was carried out: it is an error, sent once, and what it may have changed is forgotten.

import { describe, expect, it, vi } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/errors.ts';
import { sendBatch } from '../../src/wordpress/batch.ts';
import type { RestRequest } from '../../src/wordpress/rest.ts';
import {
  answer,
  type Behaviour,
  type HostileRequest,
  hangUp,
  html,
  json,
  redirect,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { listed, openOddSite, type RouteAnswer, rows } from './odd-site.ts';
import { failureOf, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();
const authorization = 'Basic eDp5';
const body = { type: 'application/json', data: '{"title":"x"}' };

describe('the client', () => {
  const update: RestRequest = {
    ...{ method: 'POST', route: 'wp/v2/posts/9', query: { _fields: 'id' }, body, authorization },
  };
  const creation: RestRequest = { ...update, route: 'wp/v2/posts' };
  const query = { force: true, _fields: 'deleted,previous.id' };
  const deletion: RestRequest = { method: 'DELETE', route: 'wp/v2/posts/9', query, authorization };

  it.each<[string, RestRequest, Behaviour]>([
    ['another post', update, json({ id: 5 })],
    ['an empty object', creation, json({})],
    ['an empty list', update, json([])],
    ['a list', creation, json([{ id: 9 }])],
    ['null', creation, json(null)],
    [
      'a user',
      creation,
      json({ id: 7 }, { status: 201, headers: { location: 'http://x.test/wp-json/wp/v2/users/7' } }),
    ],
    ['no word that it is gone', deletion, json({})],
    ['another one that is gone', deletion, json({ deleted: true, previous: { id: 5 } })],
  ])('refuses %s, and sends the write once', async (_name, request, behaviour) => {
    let shifts = 0;
    const onShift = () => {
      shifts += 1;
    };
    await withClient([behaviour], { logger, onShift }, async (client, server) => {
      expect((await failureOf(client.request(request))).code).toBe('UPSTREAM_BAD_RESPONSE');
      expect([server.requests.length, shifts]).toEqual([1, 0]);
    });
  });

  it('checks each part of a batch by itself', async () => {
    const part = (status: number, given: unknown, headers: unknown = []) => ({ status, body: given, headers });
    const location = 'http://x.test/wp-json/wp/v2/users/7';
    const responses = [
      part(200, { id: 9 }),
      part(200, { id: 9 }),
      part(201, { id: 7 }, { Location: location }),
      part(200, null),
      part(200, { deleted: true, previous: { id: 13 } }),
      part(200, []),
    ];
    const write = (route: string) => ({ method: 'POST', route, query: { _fields: 'id' }, body: '{}' }) as const;
    const remove = (id: number) => ({ method: 'DELETE', route: `wp/v2/posts/${id}`, query, body: '{}' }) as const;
    const parts = [
      ...[write('wp/v2/posts/9'), write('wp/v2/posts/10'), write('wp/v2/posts'), write('wp/v2/posts')],
      ...[remove(13), remove(14)],
    ];
    await withClient([json({ responses }, { status: 207 })], { logger }, async (client, server) => {
      const outcomes = await sendBatch(client, authorization, parts);
      expect(outcomes?.map((outcome) => ('error' in outcome ? outcome.error.message : outcome.body))).toEqual([
        { id: 9 },
        'POST /wp/v2/posts/10: another id',
        'POST /wp/v2/posts: an object of another route',
        'POST /wp/v2/posts: no object',
        { deleted: true, previous: { id: 13 } },
        'DELETE /wp/v2/posts/14: no object',
      ]);
      expect(server.requests).toHaveLength(1);
    });
  });
});

const viewer = { authorization };
const capabilities = { edit_posts: true, publish_posts: true, edit_others_posts: true, manage_options: true };
const me = { ...rows.users[0], roles: ['administrator'], capabilities };

const isWrite = ({ method }: HostileRequest) => method === 'POST' || method === 'DELETE';

/** A site that answers writes to `route` in its own way, and a gateway that knows its posts. */
async function openSite(answerToWrite: Behaviour, route = 'posts') {
  const answers = (own: readonly object[]): RouteAnswer => {
    const right = listed(own as typeof rows.posts);
    return (socket, request) => (isWrite(request) ? answerToWrite : right)(socket, request);
  };
  const users: RouteAnswer = (socket, request) => {
    if (isWrite(request)) answerToWrite(socket, request);
    else json(request.target.includes('/users/me') ? me : rows.users)(socket, request);
  };
  const own = Reflect.get(rows, route) ?? [];
  const odd = route === 'users' ? { users } : { users, [route]: answers(own) };
  return await openOddSite(odd);
}

const writes = '/wp/v2/users/me?context=edit&_fields=id,capabilities';
/** What is looked at before a post is written: the site has no drafts and no trash. */
const before = ['&status=any,trash', ''].map(
  (stati) => `/wp/v2/posts?include=2&per_page=100${stati}&_fields=author,categories,id,tags`,
);

const mayBe = 'The mutation may have been carried out.';

describe('a mutation', () => {
  const updatePost = 'mutation { updatePost(input: { id: "2", title: "x" }) { post { databaseId title } } }';
  const createPost = 'mutation { createPost(input: { title: "x" }) { post { databaseId title } } }';
  const deletePost = 'mutation { deletePost(input: { id: "2" }) { deletedId post { databaseId } } }';
  const removePost = 'mutation { deletePost(input: { id: "2", forceDelete: true }) { deletedId post { databaseId } } }';
  const createTag = 'mutation { createTag(input: { name: "x" }) { tag { databaseId } } }';
  const deleteTag = 'mutation { deleteTag(input: { id: "20" }) { deletedId } }';
  const createUser = 'mutation { createUser(input: { username: "x" }) { user { databaseId } } }';
  const createComment = 'mutation { createComment(input: { commentOn: 1, content: "x" }) { success } }';
  const updateSettings = 'mutation { updateSettings(input: { generalSettingsTitle: "x" }) { clientMutationId } }';
  const written = '_fields=id,author,categories,tags,link,status';
  const change = [...before, `/wp/v2/posts/2?${written}`];
  const creation = [`/wp/v2/posts?${written}`];
  const ofUser = { location: 'http://odd.test/wp-json/wp/v2/users/7' };
  const gone = 'force=true&_fields=deleted,previous.id';

  it.each<[string, string, string, Behaviour, readonly string[]]>([
    ['updatePost', 'post 1', 'posts', json(rows.posts[0]), change],
    ['updatePost', 'an empty object', 'posts', json({}), change],
    ['updatePost', 'an empty list', 'posts', json([]), change],
    ['createPost', 'an empty object', 'posts', json({}), creation],
    ['createPost', 'an empty list', 'posts', json([]), creation],
    ['createPost', 'null', 'posts', json(null), creation],
    ['createPost', 'a list of posts', 'posts', json(rows.posts), creation],
    ['createPost', 'a user', 'posts', json({ id: 7 }, { status: 201, headers: ofUser }), creation],
    ['deletePost', 'another post', 'posts', json({ id: 3 }), [...before, '/wp/v2/posts/2?force=false&_fields=id']],
    ['deletePost', 'an empty object', 'posts', json({}), [...before, '/wp/v2/posts/2?force=false&_fields=id']],
    ['removePost', 'an empty object', 'posts', json({}), [...before, `/wp/v2/posts/2?${gone}`]],
    ['removePost', 'a post', 'posts', json({ id: 2 }), [...before, `/wp/v2/posts/2?${gone}`]],
    [
      ...(['removePost', 'another post that is gone', 'posts'] as const),
      json({ deleted: true, previous: { id: 3 } }),
      [...before, `/wp/v2/posts/2?${gone}`],
    ],
    ['createTag', 'an empty object', 'tags', json({}), ['/wp/v2/tags?_fields=id']],
    [
      ...(['deleteTag', 'an empty object', 'tags', json({})] as const),
      ['/wp/v2/tags?include=20&per_page=100&_fields=id', `/wp/v2/tags/20?${gone}`],
    ],
    ['createUser', 'an empty object', 'users', json({}), ['/wp/v2/users?_fields=id']],
    ['createComment', 'an empty object', 'comments', json({}), ['/wp/v2/comments?_fields=id,post']],
    ['updateSettings', 'an empty list', 'settings', json([]), ['/wp/v2/settings?_fields=title']],
  ])('%s that is answered with %s is an error, sent once', async (name, _what, route, behaviour, requests) => {
    const mutations = {
      ...{ updatePost, createPost, deletePost, removePost, createTag, deleteTag, createUser, createComment },
      updateSettings,
    };
    await using site = await openSite(behaviour, route);
    const mutation = Reflect.get(mutations, name);
    const given = await site.gateway.query(mutation, {}, viewer);
    expect(given.errors?.map(({ message, extensions }) => [extensions.code, message])).toEqual([
      ['UPSTREAM_BAD_RESPONSE', `${errorCodes.UPSTREAM_BAD_RESPONSE} ${mayBe}`],
    ]);
    expect(Object.values(given.data)).toEqual([null]);
    expect(given.requests).toEqual([writes, ...requests]);
  });

  it.each<[string, Behaviour, ErrorCode, isKnown: boolean]>([
    ['hangs up', hangUp(), 'UPSTREAM_UNAVAILABLE', false],
    ['fails', answer('', { status: 500 }), 'UPSTREAM_ERROR', false],
    ['is not there, as a proxy says', answer('', { status: 502 }), 'UPSTREAM_UNAVAILABLE', false],
    ['shows a page', html('<!doctype html><title>Home</title>'), 'UPSTREAM_NOT_JSON', false],
    ['asks for fewer requests', answer('', { status: 429 }), 'UPSTREAM_RATE_LIMITED', true],
    ['shows where it is to be seen', redirect('/elsewhere', 303), 'UPSTREAM_REDIRECT', false],
    ['shows it in the old way', redirect('/elsewhere', 302), 'UPSTREAM_REDIRECT', false],
    ['has to be asked elsewhere', redirect('/elsewhere', 307), 'UPSTREAM_REDIRECT', true],
  ])('tells whether it may have been carried out where WordPress %s', async (_what, behaviour, code, isKnown) => {
    await using site = await openSite(behaviour);
    const [error] = (await site.gateway.query(updatePost, {}, viewer)).errors ?? [];
    expect(error?.extensions.code).toBe(code);
    expect(error?.message.endsWith(mayBe)).toBe(!isKnown);
  });

  it('tells no such thing of what was not sent', async () => {
    await using site = await openSite(answer('', { status: 503 }));
    // After five in a row WordPress is left alone.
    for (const isSent of [true, true, true, true, true, false]) {
      const before = site.server.requests.length;
      const { errors = [] } = await site.gateway.query(createPost, {}, viewer);
      expect(errors.map(({ message }) => message.endsWith(mayBe))).toEqual([isSent]);
      expect(site.server.requests.slice(before).filter(isWrite)).toHaveLength(isSent ? 1 : 0);
    }
  });

  it('may be sent again with its key where it was not sent before', async () => {
    let isBusy = true;
    const busy = answer('', { status: 503 });
    await using site = await openSite((socket, request) => (isBusy ? busy : json({ id: 2 }))(socket, request));
    const codeOf = async (idempotencyKey: string) => {
      const { errors } = await site.gateway.query(createPost, {}, { ...viewer, idempotencyKey });
      return errors?.[0]?.extensions.code ?? 'data';
    };
    // The first five may have arrived; after them WordPress is left alone.
    for (const key of ['a', 'c', 'd', 'e', 'f']) expect(await codeOf(key)).toBe('BAD_USER_INPUT');
    expect(await codeOf('b')).toBe('UPSTREAM_UNAVAILABLE');
    isBusy = false;
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
    expect([await codeOf('a'), await codeOf('b'), await codeOf('b')]).toEqual(['BAD_USER_INPUT', 'data', 'data']);
    clock.mockRestore();
    expect(site.server.requests.filter(isWrite)).toHaveLength(6);
  });

  it('tells with a key that it may have been carried out, and does not send it again', async () => {
    await using site = await openSite(json({}));
    for (const requests of [1, 0]) {
      const given = await site.gateway.query(createPost, {}, { ...viewer, idempotencyKey: 'k' });
      expect(given.errors?.[0]?.message).toContain('may have been carried out');
      expect(given.requests.filter((request) => request !== writes)).toHaveLength(requests);
    }
  });

  it.each<[string, Behaviour]>([
    ['is of another post', json(rows.posts[0])],
    ['has fields of a wrong type', json({ id: 2, author: { x: 1 } })],
  ])('forgets what it may have changed where the answer %s', async (_what, behaviour) => {
    await using site = await openSite(behaviour);
    const known = '{ post(id: "2", idType: DATABASE_ID) { title } }';
    const first = await site.gateway.query(known);
    expect((await site.gateway.query(known)).requests).toEqual([]);
    expect((await site.gateway.query(updatePost, {}, viewer)).errors?.[0]?.extensions.code).toBe(
      'UPSTREAM_BAD_RESPONSE',
    );
    expect((await site.gateway.query(known)).requests).toEqual(first.requests);
  });

  it('is told of each of several that go together', async () => {
    const responses = [
      { status: 200, body: { id: 1 }, headers: [] },
      { status: 200, body: { id: 1 }, headers: [] },
    ];
    await using site = await openOddSite({
      users: (socket, request) => json(request.target.includes('/users/me') ? me : rows.users)(socket, request),
      batch: json({ responses }, { status: 207 }),
    });
    const known = '{ post(id: "2", idType: DATABASE_ID) { title } }';
    await site.gateway.query(known);
    const both = `mutation {
      a: updatePost(input: { id: "1", title: "x" }) { post { databaseId } }
      b: updatePost(input: { id: "2", title: "x" }) { post { databaseId } } }`;
    const { data, errors, requests } = await site.gateway.query(both, {}, viewer);
    expect(data).toEqual({ a: { post: { databaseId: 1 } }, b: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['b'], 'UPSTREAM_BAD_RESPONSE']]);
    expect(requests.filter((request) => !request.includes('include='))).toEqual([writes, '/batch/v1']);
    expect((await site.gateway.query(known)).requests).toHaveLength(1);
  });
});
