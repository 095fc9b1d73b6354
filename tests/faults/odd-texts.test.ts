// Texts that look like a part of a request are nothing but texts: nobody finds another one's list by them, or leaves it empty.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/hostile-server.ts';
import { listed, openOddSite, rows } from './odd-site.ts';

const tagged = rows.posts.map((post) => ({ ...post, tags: [5], title: { rendered: `Post ${post.id} news` } }));
const asked = (requests: readonly string[]) => requests.filter((target) => /slug=|search=/.test(target));

it.each([
  [
    'a search',
    'posts(first: 2, where: { search: "news&tags=5" }) { nodes { databaseId } }',
    'posts(first: 2, where: { search: "news", tagIn: ["5"] }) { nodes { databaseId } }',
    [1, 2],
    'tags=5&search=news&orderby=relevance&order=desc&per_page=3&_fields=id',
  ],
  [
    'a search where a title is looked for',
    'posts(first: 99, where: { search: "Post&search_columns=post_title", orderby: [{ field: DATE, order: DESC }] }) { nodes { databaseId } }',
    'posts(first: 9, where: { title: "Post 2 news" }) { nodes { databaseId } }',
    [2],
    'search=Post&search_columns=post_title&orderby=date&order=desc&per_page=100&_fields=date,id,title.rendered',
  ],
  [
    'a slug',
    'posts(first: 2, where: { name: "post-3&tags=5" }) { nodes { databaseId } }',
    'posts(first: 2, where: { name: "post-3", tagIn: ["5"] }) { nodes { databaseId } }',
    [3],
    'slug=post-3&tags=5&orderby=date&order=desc&per_page=3&_fields=date,id',
  ],
])('%s with the name of another argument in it', async (_what, odd, usual, ids, target) => {
  await using site = await openOddSite({ posts: tagged }, { freshSeconds: 60 });
  const first = await site.gateway.query(`{ ${odd} }`);
  expect(first.data).toEqual({ posts: { nodes: [] } });
  const { data, requests } = await site.gateway.query(`{ ${usual} }`);
  expect(data).toEqual({ posts: { nodes: ids.map((databaseId) => ({ databaseId })) } });
  expect(asked(requests)).toEqual([`/wp/v2/posts?${target}`]);
});

it.each([',', ' '])('a slug that is many with "%s" between them leaves no other one out', async (between) => {
  const many = Array.from({ length: 120 }, (_, index) => ({
    ...rows.posts[0],
    id: 100 + index,
    slug: `many-${index}`,
  }));
  const posts: Behaviour = (socket, request) => {
    const target = request.target.replaceAll('%20', ',');
    listed([...many, ...rows.posts])(socket, { ...request, target });
  };
  await using site = await openOddSite({ posts });
  const odd = many.map(({ slug }) => slug).join(between);
  const post = (slug: string) => `post(id: "${slug}", idType: SLUG) { databaseId }`;
  const first = await site.gateway.query(`{ a: ${post('post-3')} b: ${post(odd)} }`);
  expect(first.data).toEqual({ a: { databaseId: 3 }, b: null });
  expect(asked(first.requests)).toEqual(['/wp/v2/posts?slug=post-3&per_page=100&_fields=id,slug']);
  expect((await site.gateway.query(`{ ${post('post-3')} }`)).data).toEqual({ post: { databaseId: 3 } });
});

it.each(['straße', 'post-2,post-3'])('what a site makes of "%s" ends no check of other slugs', async (text) => {
  let isShifted = false;
  const posts: Behaviour = (socket, request) => {
    const isOther = isShifted || new URL(request.target, 'http://odd.test').searchParams.get('slug') === text;
    isShifted = false;
    const target = isOther ? request.target.replace(/slug=[^&]*/, 'slug=post-2') : request.target;
    listed(rows.posts)(socket, { ...request, target });
  };
  await using site = await openOddSite({ posts }, { freshSeconds: 0 });
  const ask = (name: string) =>
    site.gateway.query('query($name: String) { posts(where: { name: $name }) { nodes { slug } } }', { name });
  expect((await ask(text)).data).toEqual({ posts: { nodes: [{ slug: 'post-2' }] } });
  isShifted = true;
  const { data, requests } = await ask('post-1');
  expect(data).toEqual({ posts: { nodes: [{ slug: 'post-1' }] } });
  expect(asked(requests)).toHaveLength(2);
});
