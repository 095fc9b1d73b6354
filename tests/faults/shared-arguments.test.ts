// What an argument of many lists comes to in WordPress is found out once, however short it is; a write makes it be found out again.

import DataLoader from 'dataloader';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isObject } from '../../src/schema/read.ts';
import { json } from '../support/hostile-server.ts';
import { listed, openOddSite, rows } from './odd-site.ts';

afterEach(() => void vi.restoreAllMocks());

const many = (count: number, toText: (index: number) => string) => Array.from({ length: count }, (_, i) => toText(i));
const aliases = (field: (index: number) => string) => many(20, (i) => `a${i}: ${field(i)}`).join(' ');
const slugs = many(40, (i) => `slug-${i}`);
const tags = slugs.map((slug, index) => ({ id: 500 + index, name: slug, slug }));
const categories = [...rows.categories, ...tags.map((tag) => ({ ...tag, parent: 0, taxonomy: 'category' }))];

/** The targets of the requests of an operation, whose errors are none. */
async function ask(query: string, value: unknown) {
  await using site = await openOddSite({ tags, categories });
  const before = site.server.requests.length;
  const { errors } = await site.gateway.query(query, { value });
  expect(errors).toBeUndefined();
  return site.server.requests.slice(before).map(({ target }) => decodeURIComponent(target));
}

/** The slugs that are looked for, each as often as it is. */
function watchSlugs(): () => string[] {
  const load = vi.spyOn(DataLoader.prototype, 'load');
  return () => load.mock.calls.flatMap(([key]) => (isObject(key) && 'slug' in key ? [String(key['slug'])] : []));
}

describe('slugs of many lists are looked for once', () => {
  it.each([
    ['any of some tags', { tagSlugIn: slugs }],
    ['all of some tags', { tagSlugAnd: slugs }],
    ['any of some tags in a text', { tag: slugs.join() }],
    ['all of some tags in a text', { tag: slugs.join('+') }],
    ['any of some categories', { categoryName: slugs.join() }],
    ['all of some categories', { categoryName: [...slugs, ...slugs].join('+') }],
    ['the names by which a list is ordered', { nameIn: slugs, orderby: [{ field: 'NAME_IN', order: 'ASC' }] }],
  ])('%s', async (_what, where) => {
    const looked = watchSlugs();
    const lists = aliases(() => 'author { node { posts(where: $value) { nodes { id } } } }');
    await ask(`query($value: UserToPostConnectionWhereArgs) { posts { nodes { ${lists} } } }`, where);
    expect(looked().sort()).toEqual([...slugs].sort());
  });

  it('whatever else each list asks for', async () => {
    const looked = watchSlugs();
    const lists = aliases(
      (i) => `author { node { posts(where: { tagSlugIn: $value, id: ${i + 1} }) { nodes { id } } } }`,
    );
    await ask(`query($value: [String]) { posts { nodes { ${lists} } } }`, slugs);
    expect(looked().sort()).toEqual([...slugs].sort());
  });

  it('and an author by the name', async () => {
    const looked = watchSlugs();
    const lists = aliases(() => 'categories { nodes { posts(where: { authorName: $value }) { nodes { id } } } }');
    await ask(`query($value: String) { posts { nodes { ${lists} } } }`, 'user-1');
    expect(looked()).toEqual(['user-1']);
  });

  it('and content by the name, for lists of comments', async () => {
    const looked = watchSlugs();
    const lists = aliases((i) => `comments(where: { contentName: $value, parent: ${i} }) { nodes { id } }`);
    await ask(`query($value: String) { posts { nodes { ${lists} } } }`, 'post-1');
    expect(looked()).toEqual(['post-1']);
  });

  it('and none without a name', async () => {
    const looked = watchSlugs();
    await ask('query($value: String) { posts(where: { categoryName: $value }) { nodes { id } } }', 'slug-1++/');
    expect(looked()).toEqual(['slug-1']);
  });
});

describe('what else arguments of many lists come to is made once', () => {
  const isLong = (text: unknown) => String(text).length > 1000;

  it('of children by a part of the name', async () => {
    const match = vi.spyOn(String.prototype, 'match');
    const lists = aliases(() => 'children(where: $value) { nodes { id } }');
    await ask(`query($value: CategoryToCategoryConnectionWhereArgs) { categories { nodes { ${lists} } } }`, {
      nameLike: 'word '.repeat(1000),
    });
    expect(match.mock.contexts.filter(isLong)).toHaveLength(1);
  });

  it('of formats by slugs', async () => {
    const lower = vi.spyOn(String.prototype, 'toLowerCase');
    const lists = aliases(() => 'postFormats(where: $value) { nodes { id } }');
    await ask(`query($value: PostToPostFormatConnectionWhereArgs) { posts { nodes { ${lists} } } }`, {
      slug: Array(500).fill('a-slug'),
    });
    expect(lower.mock.contexts.filter((text) => String(text) === 'a-slug')).toHaveLength(500);
  });
});

it('a tag that a mutation creates is found by the fields after it', async () => {
  const known = [{ id: 500, name: 'Known', slug: 'known' }];
  const user = json({ id: 2, capabilities: { read: true, edit_posts: true, manage_categories: true } });
  await using site = await openOddSite({
    users: (socket, request) => (request.target.includes('/users/me') ? user : listed(rows.users))(socket, request),
    tags: (socket, request) => {
      if (request.method !== 'POST') return listed(known)(socket, request);
      const tag = { id: 500 + known.length, name: 'New', slug: `new-${known.length}` };
      known.push(tag);
      return json(tag, { status: 201 })(socket, request);
    },
  });
  const fields = 'tag { slug posts(where: $value) { nodes { id } } }';
  const ran = await site.gateway.query(
    `mutation($value: TagToPostConnectionWhereArgs) {
      a: createTag(input: { name: "New" }) { ${fields} }
      b: createTag(input: { name: "New" }) { ${fields} }
    }`,
    { value: { tagSlugIn: ['new-2'] } },
    { authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` },
  );
  expect(ran.errors).toBeUndefined();
  const targets = site.server.requests.map(({ target }) => decodeURIComponent(target));
  expect(targets.filter((target) => target.includes('slug=new-2&'))).toHaveLength(2);
});
