// What clients get when a part of WordPress fails: that part is null with an error, and the rest of the answer stands.

import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import {
  answer,
  type Behaviour,
  hangUp,
  html,
  json,
  raw,
  redirect,
  resetInBody,
  restError,
  stall,
  truncated,
} from '../support/hostile-server.ts';
import { listAnswer, type Odd, openOddSite, rows } from './odd-site.ts';

const secret = 'SECRET upstream text';
const page = `<!DOCTYPE html><title>${secret}</title>`;

const faults: readonly (readonly [name: string, fault: Behaviour, code: keyof typeof errorCodes])[] = [
  ['500', restError(500, 'internal_server_error'), 'UPSTREAM_ERROR'],
  ['500 with a page', html(page, { status: 500 }), 'UPSTREAM_ERROR'],
  [
    '503',
    html(`<p>Briefly unavailable for scheduled maintenance. ${secret}</p>`, { status: 503 }),
    'UPSTREAM_UNAVAILABLE',
  ],
  ['429', json({ code: 'slow_down', message: secret, data: null }, { status: 429 }), 'UPSTREAM_RATE_LIMITED'],
  ['no answer', stall(), 'UPSTREAM_TIMEOUT'],
  ['a closed connection', hangUp(), 'UPSTREAM_UNAVAILABLE'],
  ['a broken connection', resetInBody(), 'UPSTREAM_UNAVAILABLE'],
  ['a page with 200', html(page), 'UPSTREAM_NOT_JSON'],
  ['truncated JSON', truncated(`[{"id":1,"name":"${secret}`), 'UPSTREAM_BAD_RESPONSE'],
  ['nothing', answer(''), 'UPSTREAM_BAD_RESPONSE'],
  ['a text', json(secret), 'UPSTREAM_BAD_RESPONSE'],
  ['an object', json({ id: 20, name: secret }), 'UPSTREAM_BAD_RESPONSE'],
  ['what is no HTTP', raw(`${secret}\r\n\r\n`), 'UPSTREAM_BAD_RESPONSE'],
  ['a redirect to elsewhere', redirect('http://elsewhere.test/'), 'UPSTREAM_REDIRECT'],
  [
    'an error of its own',
    json({ code: 'odd_error', message: secret, data: { status: 400 } }, { status: 400 }),
    'UPSTREAM_REFUSED',
  ],
];

/** Enough for a route that never answers, and for the retries of one that fails. */
const patience = { timeoutMs: 1500 };

const query = `{
  posts(first: 3) {
    nodes {
      databaseId
      author { node { name } }
      featuredImage { node { sourceUrl } }
      categories { nodes { name } }
    }
  }
}`;

const whole = [3, 2, 1].map((id) => ({
  databaseId: id,
  author: { node: { name: `User ${1 + (id % 2)}` } },
  featuredImage: { node: { sourceUrl: `http://odd.test/${10 + id}.jpg` } },
  categories: { nodes: [{ name: 'Category 20' }, { name: `Category ${20 + id}` }] },
}));

/** What a client can read of an answer, apart from the data. */
function expectNothingOfUpstream(body: unknown, url: string): void {
  const text = JSON.stringify(body);
  for (const part of [secret, new URL(url).host, 'wp-json', 'wp/v2', 'Status', '<!DOCTYPE', 'GET /']) {
    expect(text).not.toContain(part);
  }
}

describe('one of several routes', () => {
  it('fails nothing while it works', async () => {
    await using site = await openOddSite({});
    const { data, errors } = await site.gateway.query(query);
    expect({ data, errors }).toEqual({ data: { posts: { nodes: whole } } });
  });

  it.each(faults)('that answers with %s costs its own part only', async (_, fault, code) => {
    await using site = await openOddSite({ media: fault }, patience);
    const { data, errors = [], status } = await site.gateway.query(query);
    expect(status).toBe(200);
    expect(data.posts.nodes).toEqual(whole.map((post) => ({ ...post, featuredImage: null })));
    expect(errors.map(({ path, message, extensions }) => ({ path, message, code: extensions.code }))).toEqual(
      [0, 1, 2].map((at) => ({ path: ['posts', 'nodes', at, 'featuredImage'], message: errorCodes[code], code })),
    );
    expectNothingOfUpstream(errors, site.server.url);
  });

  it.each(faults)('of several root fields that answers with %s leaves the others', async (_, fault, code) => {
    await using site = await openOddSite({ categories: fault }, patience);
    const { data, errors } = await site.gateway.query(`{
      posts { nodes { title } }
      categories { nodes { name } }
      user(id: "1", idType: DATABASE_ID) { name }
    }`);
    expect(data).toEqual({
      posts: { nodes: [{ title: 'Post 3' }, { title: 'Post 2' }, { title: 'Post 1' }] },
      categories: null,
      user: { name: 'User 1' },
    });
    expect(errors).toMatchObject([{ path: ['categories'], extensions: { code } }]);
    expectNothingOfUpstream(errors, site.server.url);
  });

  it.each(faults)('that all else depends on and that answers with %s', async (_, fault, code) => {
    await using site = await openOddSite({ posts: fault }, patience);
    const { data, errors } = await site.gateway.query(query);
    expect(data).toEqual({ posts: null });
    expect(errors).toMatchObject([{ path: ['posts'], extensions: { code }, message: errorCodes[code] }]);
    expectNothingOfUpstream(errors, site.server.url);
  });

  it('is asked again by the next query', async () => {
    let isDown = true;
    const media: Behaviour = (socket, request) =>
      (isDown ? restError(500, 'internal_server_error') : listAnswer(rows.media))(socket, request);
    await using site = await openOddSite({ media });
    const first = await site.gateway.query(query);
    expect(first.errors).toHaveLength(3);
    isDown = false;
    const second = await site.gateway.query(query);
    expect({ data: second.data, errors: second.errors }).toEqual({ data: { posts: { nodes: whole } } });
  });
});

describe('lists that are not what they should be', () => {
  const open = (odd: Odd) => openOddSite(odd);

  it('rows without an id are left out', async () => {
    const posts = listAnswer([{ title: { rendered: 'No id' } }, { ...rows.posts[0], id: 'x' }, rows.posts[1]]);
    await using site = await open({ posts });
    const { data, errors } = await site.gateway.query('{ posts(first: 10) { nodes { databaseId title } } }');
    expect({ data, errors }).toEqual({ data: { posts: { nodes: [{ databaseId: 2, title: 'Post 2' }] } } });
  });

  it('ids that come as text are ids', async () => {
    await using site = await open({ posts: listAnswer([{ ...rows.posts[1], id: '2' }]) });
    const { data, errors } = await site.gateway.query('{ posts { nodes { databaseId title } } }');
    expect({ data, errors }).toEqual({ data: { posts: { nodes: [{ databaseId: 2, title: 'Post 2' }] } } });
  });

  it('objects that were not asked for are left out, and those in whose place they came are errors', async () => {
    const [first, second] = rows.media;
    await using site = await open({ media: listAnswer([first, { ...second, id: 99 }]) });
    const images = await site.gateway.query('{ posts(first: 3) { nodes { featuredImage { node { databaseId } } } } }');
    expect(images.data.posts.nodes).toEqual([
      { featuredImage: null },
      { featuredImage: null },
      { featuredImage: { node: { databaseId: 11 } } },
    ]);
    expect(images.errors?.map(({ path, extensions }) => [path?.[2], extensions.code])).toEqual([
      [0, 'UPSTREAM_BAD_RESPONSE'],
      [1, 'UPSTREAM_BAD_RESPONSE'],
    ]);
    const { data, errors } = await site.gateway.query('{ mediaItem(id: "12", idType: DATABASE_ID) { sourceUrl } }');
    expect(data).toEqual({ mediaItem: null });
    expect(errors).toMatchObject([{ path: ['mediaItem'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  });

  it('objects that were asked for and do not come are null', async () => {
    await using site = await open({ media: rows.media.slice(1) });
    const { data, errors } = await site.gateway.query(
      '{ posts(first: 3) { nodes { featuredImage { node { id } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.posts.nodes.map(({ featuredImage }: { featuredImage: unknown }) => featuredImage !== null)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('a list of categories', () => {
  it('has all its pages, although WordPress ignores offsets there', async () => {
    const categories = Array.from({ length: 230 }, (_, at) => {
      const name = `Category ${String(at).padStart(3, '0')}`;
      return { id: at + 1, name, slug: `c-${at}`, parent: 0, taxonomy: 'category' };
    });
    await using site = await openOddSite({ categories });
    const query = `query ($after: String) {
      categories(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { databaseId } }
    }`;
    const ids: number[] = [];
    let after: string | null = null;
    do {
      const { data, errors }: { data: { categories: CategoryPage }; errors?: unknown } = await site.gateway.query(
        query,
        {
          after,
        },
      );
      expect(errors).toBeUndefined();
      ids.push(...data.categories.nodes.map(({ databaseId }) => databaseId));
      after = data.categories.pageInfo.hasNextPage ? data.categories.pageInfo.endCursor : null;
    } while (after !== null && ids.length < 1000);
    expect(ids).toEqual(categories.map(({ id }) => id));
  });
});

interface CategoryPage {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly nodes: readonly { readonly databaseId: number }[];
}

describe('a list whose host strips the number of rows', () => {
  const many = Array.from({ length: 250 }, (_, at) => {
    const date = new Date(Date.UTC(2024, 0, 1, 0, at)).toISOString().slice(0, 19);
    return { id: at + 1, date, title: { rendered: `Post ${at + 1}` } };
  });
  const posts: Behaviour = (socket, request) => {
    const { searchParams } = new URL(request.target, 'http://odd.test');
    const [size, offset] = [Number(searchParams.get('per_page')), Number(searchParams.get('offset') ?? 0)];
    const [before, orderby] = [searchParams.get('before'), searchParams.get('orderby')];
    const excluded = (searchParams.get('exclude') ?? '').split(',').map(Number);
    const include = searchParams.get('include')?.split(',').map(Number);
    const found = many
      .filter(
        ({ id, date }) => (!before || date < before) && !excluded.includes(id) && (!include || include.includes(id)),
      )
      .filter(({ date }) => date > (searchParams.get('after') ?? ''))
      .sort((a, b) => (orderby === 'id' || orderby === 'date' ? b.id - a.id : 0));
    listAnswer(found.slice(offset, offset + size), null)(socket, request);
  };

  it('still has all its pages, and no total', async () => {
    await using site = await openOddSite({ posts }, { freshSeconds: 0 });
    const ids: number[] = [];
    let after: string | null = null;
    let isLast = false;
    while (!isLast && ids.length < 1000) {
      const found = await site.gateway.query(
        `query ($after: String) {
          posts(first: 100, after: $after) { pageInfo { total hasNextPage endCursor } nodes { databaseId } }
        }`,
        { after },
      );
      expect(found.errors).toBeUndefined();
      const { pageInfo, nodes } = found.data.posts;
      expect(pageInfo.total).toBeNull();
      ids.push(...nodes.map(({ databaseId }: { databaseId: number }) => databaseId));
      after = pageInfo.endCursor;
      isLast = !pageInfo.hasNextPage;
    }
    expect(ids).toEqual(many.map(({ id }) => id).reverse());
  });

  it('can still be sorted here', async () => {
    await using site = await openOddSite({ posts });
    const { data, errors } = await site.gateway.query(
      '{ posts(first: 2, where: { hasPassword: false }) { pageInfo { hasNextPage } nodes { databaseId } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.posts).toEqual({
      pageInfo: { hasNextPage: true },
      nodes: [{ databaseId: 250 }, { databaseId: 249 }],
    });
  });
});

describe('an address', () => {
  it.each([
    ['/..%2fadmin/', []],
    ['/a%2f..%2f..%2fwp-json%2fwp%2fv2%2fusers', []],
    ['/%2e%2e%2fadmin', []],
    ['/a/%3frest_route=/wp/v2/users', ['/a/%3Frest_route=/wp/v2/users/']],
    ['/a%23b/', ['/a%23b/']],
  ])(
    'that is written to be another one once it is decoded leaves the site no more than others: %s',
    async (uri, pages) => {
      await using site = await openOddSite({});
      const before = site.server.requests.length;
      const { data } = await site.gateway.query('query ($uri: String!) { nodeByUri(uri: $uri) { id } }', { uri });
      expect(data).toEqual({ nodeByUri: null });
      const targets = site.server.requests.slice(before).map(({ target }) => target);
      expect(targets.filter((target) => !target.startsWith('/wp-json/'))).toEqual(pages);
      expect(targets.filter((target) => target.includes('..'))).toEqual([]);
    },
  );
});
