// Sites that hide their users: authors are what is known of them from elsewhere, and the posts stand.

import { describe, expect, it, vi } from 'vitest';
import { type Behaviour, html, json, redirect, restError } from '../support/hostile-server.ts';
import { listed, openOddSite, postWith } from './odd-site.ts';

const login = '<!DOCTYPE html><form action="/wp-login.php" id="loginform"></form>';

const refusals: readonly (readonly [name: string, answer: Behaviour])[] = [
  ['401', restError(401, 'rest_user_cannot_view')],
  ['401 of a plugin', restError(401, 'rest_cannot_access')],
  ['403', restError(403, 'rest_user_cannot_view')],
  ['404, as if there were no such route', restError(404, 'rest_no_route')],
  ['404, as if there were no such user', restError(404, 'rest_user_invalid_id')],
  ['a page and 403', html('<h1>Forbidden</h1>', { status: 403 })],
  ['a page and 404', html('<h1>Not found</h1>', { status: 404 })],
  ['a page and 200', html('<!DOCTYPE html><title>Home</title>')],
  ['a login page and 200', html(login)],
  ['a redirect to the front page', redirect('/')],
];

const person = {
  '@type': ['Person', 'Organization'],
  name: 'Ada Lovelace',
  url: 'http://odd.test/author/ada/',
  image: { url: 'http://odd.test/ada.jpg' },
  description: 'Counts.',
};
const posts = postWith({
  yoast_head_json: { author: 'Ada Lovelace', schema: { '@graph': [{ '@type': 'WebPage' }, person] } },
});

const query = `{
  posts(first: 3) {
    nodes {
      title
      author { node { id databaseId name slug uri description url avatar { url } } }
      authorId
      authorDatabaseId
    }
  }
}`;

const globalId = (id: number) => Buffer.from(`user:${id}`).toString('base64');

function unknown(id: number) {
  const nothing = { name: null, slug: null, uri: null, description: null, url: null, avatar: null };
  return { id: globalId(id), databaseId: id, ...nothing };
}

describe('users that are refused', () => {
  it.each(refusals)('with %s leave their authors with what is known elsewhere', async (_, answer) => {
    await using site = await openOddSite({ users: answer, posts }, { freshSeconds: 0 });
    const { data, errors } = await site.gateway.query(query);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes).toEqual([
      {
        title: 'Post 3',
        author: {
          node: {
            id: globalId(2),
            databaseId: 2,
            name: 'Ada Lovelace',
            slug: 'ada',
            uri: '/author/ada/',
            description: 'Counts.',
            url: null,
            avatar: { url: 'http://odd.test/ada.jpg' },
          },
        },
        authorId: globalId(2),
        authorDatabaseId: 2,
      },
      { title: 'Post 2', author: { node: unknown(1) }, authorId: globalId(1), authorDatabaseId: 1 },
      { title: 'Post 1', author: { node: unknown(2) }, authorId: globalId(2), authorDatabaseId: 2 },
    ]);
  });

  it.each(refusals)('with %s are not asked for again at each query', async (_, answer) => {
    await using site = await openOddSite({ users: answer, posts }, { freshSeconds: 0 });
    const count = () =>
      site.server.requests.filter(({ method, target }) => method === 'GET' && target.includes('/users')).length;
    await site.gateway.query(query);
    expect(count()).toBe(1);
    const { data, errors, requests } = await site.gateway.query(query);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes).toHaveLength(3);
    expect(count()).toBe(1);
    expect(requests.map((request) => request.split('?')[0])).toEqual(['/wp/v2/posts', '/wp/v2/posts']);
  });

  it.each([
    ['a page', html('<!DOCTYPE html><title>Home</title>')],
    ['a login page', html(login)],
    ['a redirect', redirect('/')],
    ['a page and 403', html('<h1>Forbidden</h1>', { status: 403 }), 'UPSTREAM_FORBIDDEN'],
    ['a page and 404', html('<h1>Not found</h1>', { status: 404 }), 'UPSTREAM_NOT_FOUND'],
  ])(
    'by %s where they were shown before are an error, and nothing is kept of it',
    async (_, answer, code = 'UPSTREAM_NOT_JSON') => {
      let isBad = false;
      const right = json([{ id: 2, name: 'User 2' }]);
      const users: Behaviour = (socket, request) => (isBad ? answer : right)(socket, request);
      await using site = await openOddSite({ users }, { freshSeconds: 0 });
      const names = '{ posts(first: 1) { nodes { author { node { name } } } } }';
      const known = { posts: { nodes: [{ author: { node: { name: 'User 2' } } }] } };
      expect((await site.gateway.query(names)).data).toEqual(known);
      isBad = true;
      const { data, errors } = await site.gateway.query(names);
      expect(data).toEqual({ posts: { nodes: [{ author: null }] } });
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
      isBad = false;
      expect((await site.gateway.query(names)).data).toEqual(known);
    },
  );

  it('and shown later are asked for again once something changes', async () => {
    let isOpen = false;
    const [shown, refused] = [json([{ id: 2, name: 'User 2' }]), restError(401, 'rest_user_cannot_view')];
    const users: Behaviour = (socket, request) => (isOpen ? shown : refused)(socket, request);
    await using site = await openOddSite({ users });
    const name = async () => {
      const { data } = await site.gateway.query('{ posts(first: 1) { nodes { author { node { name } } } } }');
      return data.posts.nodes[0].author.node.name;
    };
    expect(await name()).toBeNull();
    isOpen = true;
    expect(await name()).toBeNull();
    site.gateway.purge(['user:9']);
    expect(await name()).toBe('User 2');
  });

  it('and shown before that is answered are asked for again', async () => {
    let refuse: (() => void) | undefined;
    const users: Behaviour = (socket, request) => {
      if (refuse || request.method !== 'GET') return json([{ id: 2, name: 'User 2' }])(socket, request);
      refuse = () => restError(401, 'rest_user_cannot_view')(socket, request);
    };
    await using site = await openOddSite({ users });
    const ask = async () => {
      const { data, errors, requests } = await site.gateway.query(
        '{ posts(first: 1) { nodes { author { node { name } } } } }',
      );
      expect(errors).toBeUndefined();
      return { name: data.posts.nodes[0].author.node.name, asked: requests };
    };
    const before = ask();
    await vi.waitFor(() => expect(refuse).toBeDefined());
    site.gateway.purge(['user:2']);
    refuse?.();
    expect(await before).toMatchObject({ name: null });
    expect(await ask()).toEqual({ name: 'User 2', asked: ['/wp/v2/users?include=2&per_page=100&_fields=id,name'] });
  });

  it('are an error where what is known elsewhere cannot be read for now, and nothing is kept of it', async () => {
    let isBad = true;
    const right = listed(posts);
    const broken = html('<!DOCTYPE html><title>Fatal error</title>');
    const behaviour: Behaviour = (socket, request) =>
      (isBad && request.target.includes('yoast_head_json') ? broken : right)(socket, request);
    const users = restError(401, 'rest_user_cannot_view');
    await using site = await openOddSite({ users, posts: behaviour });
    const names = '{ posts(first: 1) { nodes { title author { node { name } } } } }';
    const { data, errors } = await site.gateway.query(names);
    expect(data).toEqual({ posts: { nodes: [{ title: 'Post 3', author: null }] } });
    expect(errors).toMatchObject([
      { path: ['posts', 'nodes', 0, 'author'], extensions: { code: 'UPSTREAM_NOT_JSON' } },
    ]);
    isBad = false;
    const later = await site.gateway.query(names);
    expect(later.data).toEqual({ posts: { nodes: [{ title: 'Post 3', author: { node: { name: 'Ada Lovelace' } } }] } });
    expect(later.errors).toBeUndefined();
    expect(later.requests).toEqual([
      '/wp/v2/posts?include=3&per_page=100&_fields=id,yoast_head_json.author,yoast_head_json.schema',
    ]);
  });

  it('do not close the route for a single user that is not there', async () => {
    await using site = await openOddSite({}, { freshSeconds: 0 });
    const find = (id: number) => site.gateway.query(`{ user(id: "${id}", idType: DATABASE_ID) { name } }`);
    expect((await find(9)).data).toEqual({ user: null });
    expect((await find(1)).data).toEqual({ user: { name: 'User 1' } });
  });

  it('are asked for by nobody who wants their ids only', async () => {
    await using site = await openOddSite({ users: restError(401, 'rest_user_cannot_view'), posts });
    const { data, errors, requests } = await site.gateway.query(
      '{ posts(first: 1) { nodes { author { node { id databaseId } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.posts.nodes).toEqual([{ author: { node: { id: globalId(2), databaseId: 2 } } }]);
    expect(requests.map((request) => request.split('?')[0])).toEqual(['/wp/v2/posts']);
  });

  it('are an error where they are asked for themselves', async () => {
    await using site = await openOddSite({ users: restError(401, 'rest_user_cannot_view'), posts });
    const { data, errors } = await site.gateway.query(`{
      users { nodes { name } }
      user(id: "1", idType: DATABASE_ID) { name }
      posts(first: 1) { nodes { title } }
    }`);
    expect(data).toEqual({ users: null, user: null, posts: { nodes: [{ title: 'Post 3' }] } });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['users'], 'UPSTREAM_FORBIDDEN'],
      [['user'], 'UPSTREAM_FORBIDDEN'],
    ]);
  });

  it('that fail for now are an error at the author', async () => {
    await using site = await openOddSite({ users: restError(500, 'internal_server_error'), posts });
    const { data, errors } = await site.gateway.query(
      '{ posts(first: 1) { nodes { title author { node { name } } } } }',
    );
    expect(data).toEqual({ posts: { nodes: [{ title: 'Post 3', author: null }] } });
    expect(errors).toMatchObject([{ path: ['posts', 'nodes', 0, 'author'], extensions: { code: 'UPSTREAM_ERROR' } }]);
  });
});
