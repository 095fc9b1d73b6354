// Arguments that no address can hold are refused before anything is made of them; long ones that addresses hold are asked for.

import DataLoader from 'dataloader';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LimitSettings } from '../../src/limits.ts';
import { json } from '../support/hostile-server.ts';
import { countLoopTurns } from '../support/loop-turns.ts';
import { type Odd, openOddSite, postWith } from './odd-site.ts';

afterEach(() => void vi.restoreAllMocks());

const long = '%é'.repeat(20 * 1024);
const many = (first: number) => Array.from({ length: 4900 }, (_, index) => String(first + index));
const comments = json([], { headers: { 'x-wp-total': '0' } });

/** What an operation comes to: data, codes of its errors, and targets of its requests. */
async function ask(query: string, value: unknown, others: object = {}, odd: Odd = {}, limits: LimitSettings = {}) {
  const routes = { posts: postWith({ categories: [1, 2] }), comments, ...odd };
  await using site = await openOddSite(routes, { scanLimit: 5000, limits });
  const before = site.server.requests.length;
  const ran = await site.gateway.query(query, { value, ...others });
  const targets = site.server.requests.slice(before).map(({ target }) => decodeURIComponent(target));
  const codes = ran.errors?.map(({ extensions }) => extensions.code) ?? [];
  site.gateway.takeErrors();
  return { data: ran.data, codes, targets };
}

describe('arguments that no address can hold', () => {
  it.each([
    ['text of a list', 'query($value: String) { posts(where: { search: $value }) { nodes { id } } }', 1],
    ['title of a list', 'query($value: String) { posts(where: { title: $value }) { nodes { id } } }', 1],
    [
      'text of lists of terms',
      'query($value: String) { posts { nodes { slug a: categories(where: { search: $value }) { nodes { id } } } } }',
      3,
    ],
    [
      'text of lists of comments',
      'query($value: String) { posts { nodes { slug a: comments(where: { search: $value }) { nodes { id } } } } }',
      3,
    ],
  ])('are refused unread: %s', async (_what, query, count) => {
    const encode = vi.spyOn(globalThis, 'encodeURIComponent');
    const { data, codes, targets } = await ask(query, long);
    expect(codes).toEqual(Array(count).fill('UPSTREAM_REFUSED'));
    expect(targets.filter((target) => !target.includes('/posts?'))).toEqual([]);
    if (count > 1) expect(data.posts.nodes.map(({ slug }: { slug: string }) => slug)).toHaveLength(3);
    expect(encode.mock.calls.filter(([text]) => String(text).length > 1000)).toEqual([]);
  });

  it('are no address of a file', async () => {
    const query = 'query($value: ID!) { mediaItem(id: $value, idType: SOURCE_URL) { id } }';
    const parse = vi.spyOn(URL, 'canParse');
    const { data, codes, targets } = await ask(query, `http://odd.test/${'-1x1'.repeat(2500)}`);
    expect({ data, codes, targets }).toEqual({ data: { mediaItem: null }, codes: [], targets: [] });
    expect(parse.mock.calls.filter(([text]) => String(text).length > 1000)).toEqual([]);
  });

  it('are refused before many lists are asked for together', async () => {
    const query =
      'query($value: [ID]) { posts { nodes { a: comments(where: { commentNotIn: $value }) { nodes { id } } } } }';
    const join = vi.spyOn(Array.prototype, 'join');
    const { codes, targets } = await ask(query, many(10_000_000));
    const isOfIds = (list: unknown) => Array.isArray(list) && list.length > 4000 && typeof list[0] === 'number';
    expect(codes).toEqual(Array(3).fill('UPSTREAM_REFUSED'));
    expect(targets).toHaveLength(1);
    expect(join.mock.contexts.filter(isOfIds)).toHaveLength(0);
  });
});

describe('long lists', () => {
  it('of ids in whose order content is shown are asked for in parts', async () => {
    const { codes, targets } = await ask(
      'query($value: [ID]) { posts(where: { in: $value }) { nodes { databaseId } } }',
      many(10_000_000),
    );
    expect(codes).toEqual([]);
    expect(targets).toHaveLength(49);
  });

  it('are asked for together where an address holds them', async () => {
    const query =
      'query($value: [ID]) { posts { nodes { comments(where: { commentNotIn: $value }) { nodes { id } } } } }';
    const { codes, targets } = await ask(query, many(1000));
    expect(codes).toEqual([]);
    expect(targets).toHaveLength(2);
    expect(targets[1]).toContain(`exclude=${many(1000).join()}&post=1,2,3&`);
  });
});

describe('what a long argument of many lists asks for is made once', () => {
  const isLong = (text: unknown) => String(text).length > 1000;
  const aliases = (...fields: string[]) =>
    Array.from({ length: 20 }, (_, i) => `a${i}: ${fields[i % fields.length]}`).join(' ');

  it('of the terms of content by a text', async () => {
    const lists = aliases('categories(where: $value) { nodes { id } }');
    const normalize = vi.spyOn(String.prototype, 'normalize');
    await ask(`query($value: PostToCategoryConnectionWhereArgs) { posts { nodes { ${lists} } } }`, {
      search: 'é'.repeat(3000),
    });
    expect(normalize.mock.contexts.filter(isLong)).toHaveLength(1);
  });

  it('of the terms of content by a text, whatever else each asks for', async () => {
    const lists = Array.from(
      { length: 20 },
      (_, i) => `a${i}: categories(where: { search: $value, nameLike: $value, exclude: [${i}] }) { nodes { id } }`,
    );
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const lower = vi.spyOn(String.prototype, 'toLowerCase');
    await ask(`query($value: String) { posts { nodes { ${lists.join(' ')} } } }`, 'ü'.repeat(3000));
    expect(normalize.mock.contexts.filter(isLong)).toHaveLength(1);
    // Once without accents, and once with them.
    expect(lower.mock.contexts.filter(isLong)).toHaveLength(2);
  });

  it('of content by titles that come in turns', async () => {
    const match = vi.spyOn(String.prototype, 'match');
    const lists = aliases(
      'posts(where: { title: $value }) { nodes { id } }',
      'posts(where: { title: $other }) { nodes { id } }',
    );
    await ask(`query($value: String, $other: String) { ${lists} }`, '“one” '.repeat(1000), {
      other: '‘×’ '.repeat(1000),
    });
    expect(match.mock.contexts.filter(isLong)).toHaveLength(2);
  });

  it('of the terms of content by slugs, whatever else each asks for', async () => {
    const lists = Array.from(
      { length: 20 },
      (_, i) => `a${i}: categories(where: { slug: $value, exclude: [${i}] }) { nodes { id } }`,
    );
    const lower = vi.spyOn(String.prototype, 'toLowerCase');
    await ask(`query($value: [String]) { posts { nodes { ${lists.join(' ')} } } }`, Array(500).fill('a-slug'));
    expect(lower.mock.contexts.filter((text) => String(text) === 'a-slug')).toHaveLength(500);
  });

  it.each(['$value', '{ title: $title }'])('of content by a title: %s', async (where) => {
    const match = vi.spyOn(String.prototype, 'match');
    const value = { title: `${where} `.repeat(1000) };
    const query =
      where === '$value'
        ? `query($value: RootQueryToPostConnectionWhereArgs) { ${aliases('posts(where: $value) { nodes { id } }')} }`
        : 'query($title: String) { posts { nodes { categories { nodes { posts(where: { title: $title }) { nodes { id } } } } } } }';
    await ask(query, value, { title: value.title });
    expect(match.mock.contexts.filter(isLong)).toHaveLength(1);
  });
});

describe('what one argument names', () => {
  const slugs = Array.from({ length: 4900 }, (_, index) => `s${index}`);
  const inOrder = (field: string) => [{ field, order: 'ASC' }];
  const closed = json({ code: 'rest_forbidden', message: 'No.', data: { status: 401 } }, { status: 401 });

  it.each([
    ['any of some tags', 'posts', 'Post', { tagSlugIn: slugs }],
    ['all of some tags', 'posts', 'Post', { tagSlugAnd: slugs }],
    ['any of some tags in a text', 'posts', 'Post', { tag: slugs.join() }],
    ['all of some tags in a text', 'posts', 'Post', { tag: slugs.join('+') }],
    ['any of some categories', 'posts', 'Post', { categoryName: slugs.join() }],
    ['all of some categories', 'posts', 'Post', { categoryName: slugs.join('+') }],
    ['names of content in their order', 'pages', 'Page', { nameIn: slugs, orderby: inOrder('NAME_IN') }],
    ['logins in their order', 'users', 'User', { loginIn: slugs, orderby: inOrder('LOGIN_IN') }],
    ['content of categories', 'categories', 'Category', { objectIds: many(1) }],
    ['content of formats', 'postFormats', 'PostFormat', { objectIds: many(1) }],
    ['content of comments that are refused', 'comments', 'Comment', { contentIdIn: many(1) }],
  ])('is not looked for after a part that may not be asked for: %s', async (_what, field, type, where) => {
    const load = vi.spyOn(DataLoader.prototype, 'load');
    const query = `query($value: RootQueryTo${type}ConnectionWhereArgs) { ${field}(where: $value) { nodes { id } } }`;
    const { codes, targets } = await ask(query, where, {}, { comments: closed }, { upstreamCalls: 5 });
    expect(codes).toEqual(['LIMIT_EXCEEDED']);
    expect(targets.length).toBeLessThanOrEqual(5);
    expect(load.mock.calls.length).toBeLessThan(1500);
  });

  it.each([
    ['tags', 'posts(where: { tagSlugIn: $value }) { nodes { id } }', slugs.slice(0, 1490)],
    ['content', 'categories(where: { objectIds: $value }) { nodes { id } }', many(1)],
  ])('is asked for by as few requests as ever: %s', async (_what, field, value) => {
    const type = field.startsWith('posts') ? 'String' : 'ID';
    const { codes, targets } = await ask(`query($value: [${type}]) { ${field} }`, value);
    expect(codes).toEqual([]);
    expect(targets.filter((target) => /\/(?:tags|posts)\?/.test(target))).toHaveLength(type === 'ID' ? 49 : 60);
  });

  it('in texts is read in a turn for each, where that takes long', async () => {
    const texts = ['a', 'b', 'c', 'd'].map((first) => [first, ...slugs].join());
    using loop = countLoopTurns();
    const now = performance.now.bind(performance);
    const turnOf = new Map<string, number>();
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 20 * turnOf.size);
    const split = String.prototype.split;
    vi.spyOn(String.prototype, 'split').mockImplementation(function (this: string, separator, limit) {
      if (this.length > 10_000 && texts.includes(this)) turnOf.set(this, loop.turns);
      return Reflect.apply(split, this, [separator, limit]);
    });
    const names = ['tag', 'tag', 'categoryName', 'categoryName'];
    const lists = names.map((name, i) => `a${i}: posts(where: { ${name}: $t${i} }) { nodes { id } }`);
    const variables = Object.fromEntries(texts.map((text, i) => [`t${i}`, text]));
    await ask(`query(${names.map((_, i) => `$t${i}: String`)}) { ${lists.join(' ')} }`, null, variables);
    expect(new Set(turnOf.values()).size).toBe(texts.length);
  });
});

describe('cursors that are longer than any', () => {
  it('are ignored as what is no cursor', async () => {
    const query = 'query($value: String) { posts(after: $value) { nodes { databaseId } } }';
    const cursor = Buffer.from(`arrayconnection:${'0'.repeat(2000)}3`).toString('base64');
    const { data, codes } = await ask(query, cursor);
    expect(codes).toEqual([]);
    expect(data.posts.nodes).toEqual([{ databaseId: 3 }, { databaseId: 2 }, { databaseId: 1 }]);
  });
});
