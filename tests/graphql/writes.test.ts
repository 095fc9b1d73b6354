// Writes that reach WordPress otherwise than one by one through REST: several together, and comments of people without accounts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let gateway: TestGateway;
beforeAll(async () => {
  wordpress = await startWritableWordPress();
  gateway = await openGateway(wordpress.url);
}, 240_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

const globalId = (kind: string, id: number) => Buffer.from(`${kind}:${id}`).toString('base64');

describe('several writes', () => {
  const batch = '/batch/v1';

  it('sends creations together, each with its own outcome at its own path', { timeout: 240_000 }, async () => {
    const { editor } = wordpress.credentials;
    const mutation = `mutation {
    a: createTag(input: { name: "Together 1", clientMutationId: "one" }) { clientMutationId tag { databaseId name slug } }
    b: createTag(input: { name: "Together 1" }) { tag { name } }
    c: createTag(input: { name: "Together 3", description: "d" }) { tag { name description } }
    d: createPost(input: { title: "First", slug: "together" }) { post { databaseId slug status } }
    e: createPost(input: { title: "Second", slug: "together", status: PUBLISH }) { post { databaseId slug status } }
  }`;
    const { data, errors, requests } = await gateway.query(mutation, {}, editor);
    expect(requests.filter((request) => !/users\/me|include=|GET/.test(request))).toEqual([batch, batch]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['b'], 'BAD_USER_INPUT']]);
    expect(data.a).toEqual({
      clientMutationId: 'one',
      tag: { databaseId: expect.any(Number), name: 'Together 1', slug: 'together-1' },
    });
    expect([data.b, data.c.tag]).toEqual([null, { name: 'Together 3', description: 'd' }]);
    expect([data.d.post.status, data.e.post.slug, data.e.post.status]).toEqual(['draft', 'together-2', 'publish']);
    expect(data.d.post.databaseId).toBeLessThan(data.e.post.databaseId);
    // The public sees at once what was published.
    const shown = await gateway.query(
      '{ post(id: "together-2", idType: SLUG) { title } tag(id: "together-3", idType: SLUG) { name } }',
    );
    expect(shown.data).toEqual({ post: { title: 'Second' }, tag: { name: 'Together 3' } });
  });

  it('changes and deletes together as well: three requests for ten writes', { timeout: 240_000 }, async () => {
    const { editor } = wordpress.credentials;
    const four = ['a', 'b', 'c', 'd'];
    const made = await gateway.query(
      `mutation { ${four.map((at) => `${at}: createTag(input: { name: "Many ${at}" }) { tag { databaseId } }`)}
        e: createPost(input: { title: "Many" }) { post { databaseId } } f: createPost(input: { title: "More" }) { post { databaseId } } }`,
      {},
      editor,
    );
    const tags = four.map((at) => made.data[at].tag.databaseId);
    const posts = ['e', 'f'].map((at) => made.data[at].post.databaseId);
    const { data, errors, requests } = await gateway.query(
      `mutation {
        ${tags.map((id) => `u${id}: updateTag(input: { id: "${id}", description: "of ${id}" }) { tag { description } }`)}
        ${tags.map((id) => `d${id}: deleteTag(input: { id: "${id}" }) { deletedId tag { name description } }`)}
        ${posts.map((id) => `d${id}: deletePost(input: { id: "${id}", forceDelete: true }) { post { title } }`)}
      }`,
      {},
      editor,
    );
    expect(errors).toBeUndefined();
    for (const [at, id] of tags.entries()) {
      expect(data[`u${id}`]).toEqual({ tag: { description: `of ${id}` } });
      const name = `Many ${four[at]}`;
      expect(data[`d${id}`]).toEqual({ deletedId: globalId('term', id), tag: { name, description: `of ${id}` } });
    }
    expect(posts.map((id) => data[`d${id}`].post.title)).toEqual(['Many', 'More']);
    expect(requests.filter((request) => /^\/(?:batch|wp\/v2\/\w+\/\d)/.test(request))).toEqual([batch, batch, batch]);
    const gone = await gateway.query(
      `{ ${tags.map((id) => `t${id}: tag(id: "${id}", idType: DATABASE_ID) { name }`)} }`,
    );
    expect(Object.values(gone.data)).toEqual([null, null, null, null]);
  });

  it('sends one after the other what could see the others', { timeout: 240_000 }, async () => {
    const { editor } = wordpress.credentials;
    const mutation = `mutation {
    a: updatePost(input: { id: "101", title: "One" }) { post { title } }
    b: updatePost(input: { id: "101", title: "Two" }) { post { title } }
    c: updatePost(input: { id: "161", title: "Three" }) { post { title author { node { name } } } }
  }`;
    const { data, errors, requests } = await gateway.query(mutation, {}, editor);
    expect(errors).toBeUndefined();
    expect(requests).not.toContain(batch);
    expect([data.a.post.title, data.b.post.title, data.c.post.title]).toEqual(['One', 'Two', 'Three']);
  });

  it('keeps to what each user may, and repeats nothing that has a key', { timeout: 240_000 }, async () => {
    const { author } = wordpress.credentials;
    const mutation = `mutation {
    a: updatePost(input: { id: "165", title: "Mine?" }) { post { title } }
    b: updatePost(input: { id: "161", title: "Mine" }) { post { title } }
  }`;
    const { data, errors, requests } = await gateway.query(mutation, {}, author);
    expect(requests).toContain(batch);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['a'], 'FORBIDDEN']]);
    expect(data).toEqual({ a: null, b: { post: { title: 'Mine' } } });
    const creations = `mutation {
    a: createPost(input: { title: "Keyed a" }) { post { databaseId } }
    b: createPost(input: { title: "Keyed b" }) { post { databaseId } }
  }`;
    const keyed = { ...author, idempotencyKey: 'together' };
    const [first, second] = [await gateway.query(creations, {}, keyed), await gateway.query(creations, {}, keyed)];
    expect(second.data).toEqual(first.data);
    expect(second.requests).not.toContain(batch);
  });
});

describe('comments of people without an account', () => {
  const mutation = `mutation ($input: CreateCommentInput!) {
    createComment(input: $input) { success clientMutationId comment { databaseId content } } }`;
  const comment = { author: 'Visitor', authorEmail: 'visitor@example.com', content: 'Nice beans.' };
  const rest = async (path: string, init: RequestInit = {}) => {
    const { authorization } = wordpress.credentials.admin;
    const headers = { authorization, 'content-type': 'application/json' };
    return (await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, { ...init, headers })).json();
  };

  it('are not taken unless the gateway is set to', { timeout: 240_000 }, async () => {
    const { errors } = await gateway.query(mutation, { input: { commentOn: 101, ...comment } });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('go by the form of the site, as far as it takes them, and so many a minute', { timeout: 240_000 }, async () => {
    await rest('posts/102', { method: 'POST', body: '{"comment_status":"closed"}' });
    await using open = await openGateway(wordpress.url, { anonymousComments: 4 });
    const send = (input: object) => open.query(mutation, { input });
    const first = await send({ commentOn: 101, clientMutationId: 'x', ...comment });
    expect(first.errors).toBeUndefined();
    expect(first.requests[0]).toBe('/wp-comments-post.php');
    expect(first.authorized).toEqual([]);
    expect(first.data.createComment).toMatchObject({ success: true, clientMutationId: 'x' });
    const [written] = await rest('comments?per_page=1&status=any&context=edit&orderby=id');
    expect(written).toMatchObject({
      author: 0,
      author_name: 'Visitor',
      author_email: 'visitor@example.com',
      post: 101,
    });
    expect(first.data.createComment.comment).toEqual({ databaseId: written.id, content: '<p>Nice beans.</p>\n' });
    const refusal = async (input: object) => {
      const { data, errors } = await send(input);
      expect(data.createComment).toBeNull();
      return [errors?.[0]?.extensions.code, errors?.[0]?.message];
    };
    expect(await refusal({ commentOn: 101, ...comment, content: 'Again.' })).toEqual([
      'BAD_USER_INPUT',
      'Could not create comments: comments come too quickly one after the other.',
    ]);
    expect((await refusal({ commentOn: 102, ...comment }))[0]).toBe('FORBIDDEN');
    expect((await refusal({ commentOn: 101, content: 'Nobody.' }))[0]).toBe('BAD_USER_INPUT');
    expect((await refusal({ commentOn: 101, ...comment, status: 'APPROVE' }))[0]).toBe('UNAUTHENTICATED');
    expect((await refusal({ commentOn: 101, ...comment }))[0]).toBe('LIMIT_EXCEEDED');
    // With credentials nothing of this counts.
    const viewer = await open.query(
      mutation,
      { input: { commentOn: 101, content: 'Mine.' } },
      wordpress.credentials.editor,
    );
    expect(viewer.data.createComment.comment.content).toContain('Mine.');
  });
});
