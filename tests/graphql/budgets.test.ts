// How many REST requests a query may cost, and exactly which ones.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { countRoutes, openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url);
});

afterAll(() => gateway[Symbol.asyncDispose]());

const listOfTen = `{
  posts(first: 10) {
    nodes {
      title
      author { node { name } }
      featuredImage { node { sourceUrl } }
      categories { nodes { name } }
    }
  }
}`;

describe('ten posts with author, featured image and categories', () => {
  it('cost four requests cold, each for just the fields that are shown', async () => {
    const { data, errors, requests } = await gateway.query(listOfTen);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes).toHaveLength(10);
    const [list, ...others] = requests;
    expect(list).toBe(
      '/wp/v2/posts?orderby=date&order=desc&per_page=11' +
        '&_fields=author,categories,date,featured_media,id,title.rendered',
    );
    const related = others.filter((request) => !request.startsWith('/wp/v2/posts?'));
    expect(related.map((request) => request.replace(/include=[\d,]+/, 'include=…')).sort()).toEqual([
      '/wp/v2/categories?include=…&per_page=100&_fields=id,name',
      '/wp/v2/media?include=…&per_page=100&_fields=id,media_type,source_url',
      '/wp/v2/users?include=…&per_page=100&_fields=id,name',
    ]);
    // One more where the page's edge cuts a group of ties.
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  it('cost none when all is known', async () => {
    const { data, requests } = await gateway.query(listOfTen);
    expect(data.posts.nodes).toHaveLength(10);
    expect(requests).toEqual([]);
  });

  it('cost one when only the list is not known', async () => {
    const { requests } = await gateway.query(listOfTen.replace('first: 10', 'first: 4, where: { notIn: ["4301"] }'));
    expect(countRoutes(requests)).toEqual({ '/wp/v2/posts': 1 });
  });
});

describe('a hundred posts', () => {
  it('with the same and seo cost four', async () => {
    const { data, errors, requests } = await gateway.query(`{
      posts(first: 100) {
        nodes {
          title
          seo { title metaDesc canonical }
          author { node { slug } }
          featuredImage { node { altText } }
          categories { nodes { slug } }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes.length).toBeGreaterThan(50);
    expect(countRoutes(requests)).toEqual({
      '/wp/v2/posts': 1,
      '/wp/v2/users': 1,
      '/wp/v2/media': 1,
      '/wp/v2/categories': 1,
    });
  });
});

describe('nested lists', () => {
  it('of posts of authors of posts cost five, however many authors there are', async () => {
    const fresh = await openGateway(url);
    const { data, errors, requests } = await fresh.query(`{
      posts(first: 10) {
        nodes { author { node { databaseId name posts(first: 5) { nodes { title categories { nodes { name } } } } } } }
      }
    }`);
    await fresh[Symbol.asyncDispose]();
    expect(errors).toBeUndefined();
    const authors = new Set(
      data.posts.nodes.map((post: { author: { node: { databaseId: number } } }) => post.author.node.databaseId),
    );
    expect(authors.size).toBeGreaterThan(2);
    const counts = countRoutes(requests);
    expect(counts['/wp/v2/users']).toBe(1);
    expect(counts['/wp/v2/categories']).toBe(1);
    // The list of ten and, where its edge cuts it, its group of ties; the lists of all authors, and what is shown of them.
    const groups = requests.filter((request) => request.includes('orderby=id')).length;
    expect((counts['/wp/v2/posts'] ?? 0) - groups).toBe(3);
  });
});

describe('one entity', () => {
  it('asked for through two paths is one request, with the fields of both', async () => {
    const fresh = await openGateway(url);
    const { data, requests } = await fresh.query(`{
      a: post(id: "4301", idType: DATABASE_ID) { title author { node { name } } }
      b: post(id: "${Buffer.from('post:4301').toString('base64')}") { slug }
      user(id: "1", idType: DATABASE_ID) { slug }
    }`);
    await fresh[Symbol.asyncDispose]();
    expect(data.b.slug).toContain('iom-chiefs-visit');
    expect(requests.filter((request) => request.startsWith('/wp/v2/posts'))).toEqual([
      '/wp/v2/posts?include=4301&per_page=100&_fields=author,id,slug,title.rendered',
    ]);
    expect(countRoutes(requests)['/wp/v2/users']).toBeLessThanOrEqual(2);
  });

  it('is asked only for what is missing', async () => {
    const fresh = await openGateway(url);
    await fresh.query('{ post(id: 4301, idType: DATABASE_ID) { title slug } }');
    const { requests } = await fresh.query('{ post(id: 4301, idType: DATABASE_ID) { title slug date } }');
    await fresh[Symbol.asyncDispose]();
    expect(requests).toEqual(['/wp/v2/posts?include=4301&per_page=100&_fields=date,id']);
  });

  it('sends content and SEO only when they are selected', async () => {
    const fresh = await openGateway(url);
    const { requests } = await fresh.query(`{
      post(id: 4301, idType: DATABASE_ID) { ...Card content @include(if: false) }
    }
    fragment Card on ContentNode { slug ... on Post { excerpt @skip(if: true) } ... on Page { content } }`);
    await fresh[Symbol.asyncDispose]();
    expect(requests).toEqual(['/wp/v2/posts?include=4301&per_page=100&_fields=id,slug']);
  });

  it('needs no request for an id that its post has', async () => {
    const fresh = await openGateway(url);
    const { data, requests } = await fresh.query('{ posts(first: 3) { nodes { author { node { id databaseId } } } } }');
    await fresh[Symbol.asyncDispose]();
    expect(data.posts.nodes[0].author.node.databaseId).toBeGreaterThan(0);
    expect(Object.keys(countRoutes(requests))).toEqual(['/wp/v2/posts']);
  });
});

describe('equal queries at the same time', () => {
  it('share their requests', async () => {
    const fresh = await openGateway(url);
    const query = '{ tags(first: 5) { nodes { name } } }';
    const answers = await Promise.all(Array.from({ length: 20 }, () => fresh.query(query)));
    await fresh[Symbol.asyncDispose]();
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(answers.at(-1)?.requests).toHaveLength(1);
  });
});
