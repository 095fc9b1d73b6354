// A page in the place of WordPress takes no rights away: what viewers do not get for it is an error, not what others see.

import { describe, expect, it } from 'vitest';
import type { RestObject } from '../../src/cache/fields-record.ts';
import type { Answer } from '../support/gateway.ts';
import { type Behaviour, html, json, restError } from '../support/hostile-server.ts';
import { listAnswer, type OddSite, openOddSite, rows } from './odd-site.ts';

const editor = { authorization: 'Basic eDp5' };
const capabilities = { edit_posts: true, edit_others_posts: true, publish_posts: true, list_users: true };
const draft = { ...rows.posts[0], id: 9, slug: 'draft', status: 'draft', title: { rendered: 'Draft' } };
const revision = { id: 80, author: 1, parent: 3, title: { rendered: 'Autosaved' } };

const pages: readonly (readonly [name: string, page: Behaviour, code: string])[] = [
  ['a page', html('<!doctype html><title>Home</title>'), 'UPSTREAM_NOT_JSON'],
  ['a page and 403', html('<h1>Forbidden</h1>', { status: 403 }), 'UPSTREAM_FORBIDDEN'],
  ['a page and 404', html('<h1>Not found</h1>', { status: 404 }), 'UPSTREAM_NOT_FOUND'],
];

interface Asked {
  readonly method: string;
  readonly target: string;
}

/** Opens a site with a draft, and what answers the first request that fits in its place. */
async function open(isSpoiled: (asked: Asked) => boolean, spoil: { answer: Behaviour | null }): Promise<OddSite> {
  const answering = (right: (asked: Asked) => Behaviour): Behaviour => {
    return (socket, request) => {
      const { answer } = spoil;
      const isNow = answer !== null && isSpoiled(request);
      if (isNow) spoil.answer = null;
      return (isNow ? answer : right(request))(socket, request);
    };
  };
  const posts = answering(({ method, target }) => {
    if (target.includes('/revisions')) return listAnswer([revision]);
    if (method === 'POST') return json({ ...draft }, { status: 201 });
    const { searchParams } = new URL(target, 'http://odd.test');
    const content = searchParams.get('context') === 'edit' ? { raw: 'Stored' } : { rendered: '' };
    const all: RestObject[] = rows.posts.map((post) => ({ ...post, status: 'publish', content }));
    if (searchParams.has('status')) all.push({ ...draft, content });
    const [ids, slugs] = ['include', 'slug'].map((name) => searchParams.get(name)?.split(','));
    const found = all.filter((row) => (ids ? ids.includes(String(row['id'])) : slugs?.includes(String(row['slug']))));
    return listAnswer(found);
  });
  const users = answering(({ target }) =>
    target.includes('/users/me') ? json({ id: 7, capabilities }) : listAnswer(rows.users),
  );
  return openOddSite({ posts, users }, { freshSeconds: 0 });
}

const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);
const isListed = ({ method, target }: Asked) => method === 'GET' && /\/posts\?/.test(target);
const isOfRevisions = ({ target }: Asked) => target.includes('/revisions');

describe.each(pages)('%s in the place of an answer to an editor', (_, page, code) => {
  it.each([
    ['a draft by id', '{ post(id: 9, idType: DATABASE_ID) { title } }', isListed, { post: null }],
    ['a draft by slug', '{ post(id: "draft", idType: SLUG) { title } }', isListed, { post: null }],
    ['a stored text', '{ post(id: 3, idType: DATABASE_ID) { content(format: RAW) } }', isListed, { post: null }],
    ['a preview', '{ post(id: 3, idType: DATABASE_ID, asPreview: true) { title } }', isOfRevisions, { post: null }],
    [
      'revisions',
      '{ post(id: 3, idType: DATABASE_ID) { title revisions { nodes { title } } } }',
      isOfRevisions,
      { post: { title: 'Post 3', revisions: null } },
    ],
    [
      'what was created',
      'mutation { createPost(input: { title: "Draft" }) { post { title status } } }',
      isListed,
      { createPost: { post: null } },
    ],
  ])('is an error of %s', async (_, query, isSpoiled, left) => {
    const spoil: { answer: Behaviour | null } = { answer: page };
    await using site = await open(isSpoiled, spoil);
    const spoiled = await site.gateway.query(query, {}, editor);
    expect([spoiled.data, codesOf(spoiled)]).toEqual([left, [code]]);
    const whole = await site.gateway.query(query, {}, editor);
    expect(codesOf(whole)).toBeUndefined();
    expect(JSON.stringify(whole.data)).not.toContain('null');
  });

  it('is an error of names that were shown before', async () => {
    const spoil: { answer: Behaviour | null } = { answer: null };
    await using site = await open(({ target }) => /\/users\?/.test(target), spoil);
    const ask = () =>
      site.gateway.query('{ post(id: 3, idType: DATABASE_ID) { author { node { name } } } }', {}, editor);
    const known = { post: { author: { node: { name: 'User 2' } } } };
    expect((await ask()).data).toEqual(known);
    spoil.answer = page;
    const spoiled = await ask();
    expect([spoiled.data, codesOf(spoiled)]).toEqual([{ post: { author: null } }, [code]]);
    expect((await ask()).data).toEqual(known);
  });
});

it('what WordPress itself refuses an editor is as others see it, without an error', async () => {
  const spoil: { answer: Behaviour | null } = { answer: restError(400, 'rest_invalid_param') };
  await using site = await open(isListed, spoil);
  const { data, errors } = await site.gateway.query(
    '{ post(id: 3, idType: DATABASE_ID) { title content(format: RAW) } }',
    {},
    editor,
  );
  expect([data, errors]).toEqual([{ post: { title: 'Post 3', content: null } }, undefined]);
});

it.each([403, 404])('a page and %i after a write leaves open whether it was carried out', async (status) => {
  const spoil: { answer: Behaviour | null } = { answer: html('<h1>No</h1>', { status }) };
  await using site = await open(({ method }) => method === 'POST', spoil);
  const { errors } = await site.gateway.query(
    'mutation { createPost(input: { title: "Draft" }) { post { databaseId } } }',
    {},
    editor,
  );
  expect(errors?.map(({ message }) => message)).toEqual([expect.stringContaining('may have been carried out')]);
  expect(site.server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});
