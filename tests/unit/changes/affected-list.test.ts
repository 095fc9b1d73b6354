// A change concerns a list where it enters, leaves or moves within what was read of it, and nowhere else.

import { describe, expect, it } from 'vitest';
import { isAffected } from '../../../src/changes/affected-list.ts';
import type { Edit, Facts } from '../../../src/changes/facts.ts';
import type { ListUse } from '../../../src/loaders/list-use.ts';
import type { Query } from '../../../src/loaders/reader.ts';

const post: Facts = {
  ...{ date: '2024-03-01T10:00:00', modified: '2024-03-01T10:00:00', slug: 'one', 'title.rendered': 'Maple' },
  ...{ author: 3, categories: [5], 'categories~': [2, 5], tags: [], sticky: false },
};

const edit = (before: Edit['before'], after: Edit['after']): Edit => ({
  type: 'post',
  list: 'list:post',
  id: 12,
  before,
  after,
});
const changed = (facts: Facts) => edit(post, { ...post, ...facts });
const modified = changed({ modified: '2025-01-01T00:00:00' });
const [published, trashed] = [edit(null, post), edit(post, null)];

const newest: Query = { orderby: 'date', order: 'desc', per_page: 11 };
const use = (query: Query, other: Partial<ListUse> = {}): ListUse => ({ tag: 'list:post', query, ...other });

describe('a list by date', () => {
  const reaching = use(newest, { end: '2024-01-01T00:00:00', reads: ['date'] });
  const short = use(newest, { end: '2024-06-01T00:00:00', reads: ['date'] });

  it('is concerned by what comes, goes or moves within what was read', () => {
    for (const one of [published, trashed, changed({ date: '2024-02-01T00:00:00' })]) {
      expect(isAffected(reaching, one)).toBe(true);
    }
    expect(isAffected(short, changed({ date: '2025-01-01T00:00:00' }))).toBe(true);
  });

  it('is not concerned by what is beyond that', () => {
    for (const one of [published, trashed, changed({ date: '2024-02-01T00:00:00' })]) {
      expect(isAffected(short, one)).toBe(false);
    }
  });

  it('is not concerned by what changes neither its place nor whether it is there', () => {
    for (const one of [modified, changed({ 'title.rendered': 'Oak' }), changed({ author: 4 })]) {
      expect(isAffected(reaching, one)).toBe(false);
    }
  });

  it('is concerned by ties at the end of what was read', () => {
    expect(isAffected(use(newest, { end: '2024-03-01T10:00:00', reads: ['date'] }), published)).toBe(true);
  });

  it('that was read to its end is concerned by whatever comes', () => {
    expect(isAffected(use({ ...newest, order: 'asc' }), published)).toBe(true);
  });

  it('of another type is not concerned', () => {
    expect(isAffected({ ...reaching, tag: 'list:page' }, published)).toBe(false);
  });
});

it.each<[string, Query, Edit, boolean]>([
  ['of a category it is in', { categories: [5] }, published, true],
  ['of a category it is not in', { categories: [6] }, published, false],
  ['of a category that it enters', { categories: [6] }, changed({ categories: [6] }), true],
  [
    'of a category below which it is',
    { 'categories[terms]': [2], 'categories[include_children]': true },
    published,
    true,
  ],
  [
    'of a tree that it is not below',
    { 'categories[terms]': [9], 'categories[include_children]': true },
    published,
    false,
  ],
  [
    'of all of several tags',
    { 'tags[terms]': [1, 2], 'tags[operator]': 'AND' },
    edit(null, { ...post, tags: [1] }),
    false,
  ],
  ['without a category', { categories_exclude: [5] }, published, false],
  ['of an author', { author: [3] }, published, true],
  ['of another author', { author: [4] }, trashed, false],
  ['of a month', { after: '2024-02-29T23:59:59', before: '2024-04-01T00:00:00' }, published, true],
  ['of another month', { after: '2024-04-01T00:00:00' }, published, false],
  ['of sticky posts', { sticky: true }, published, false],
  ['of given ids', { include: [12] }, trashed, true],
  ['of other ids', { include: [13] }, published, false],
  ['of a slug', { slug: ['one'] }, published, true],
  ['of another slug', { slug: ['two'] }, changed({ slug: 'three' }), false],
  ['of a search, which may find anything', { search: 'maple' }, modified, true],
  ['with a filter that nothing is known of', { format: 'aside' }, modified, true],
])('a list %s: %j', (_, query, one, expected) => {
  expect(isAffected(use({ ...newest, ...query }), one)).toBe(expected);
});

describe('a count', () => {
  const count = use({ categories: [5] }, { isCount: true });

  it('is concerned by what comes and goes, and not by what changes', () => {
    expect([published, trashed, changed({ categories: [6] })].map((one) => isAffected(count, one))).toEqual([
      true,
      true,
      true,
    ]);
    expect([modified, changed({ date: '2020-01-01T00:00:00' })].map((one) => isAffected(count, one))).toEqual([
      false,
      false,
    ]);
  });
});

describe('a list whose rows are filtered or sorted here', () => {
  it('is concerned by each change of a field that decides', () => {
    expect(isAffected(use(newest, { reads: ['date', 'author'] }), changed({ author: 4 }))).toBe(true);
    expect(isAffected(use(newest, { reads: ['date', 'author'] }), modified)).toBe(false);
  });

  it('is concerned by any change where a field decides that is not remembered', () => {
    expect(isAffected(use(newest, { reads: ['template'] }), modified)).toBe(true);
  });
});

describe('a list by title', () => {
  const byTitle = (end: string) =>
    use({ orderby: 'title', order: 'asc', per_page: 4 }, { end, reads: ['title.rendered'] });

  it('is concerned up to its end, as far as every collation has the same order', () => {
    expect(isAffected(byTitle('Oak'), published)).toBe(true);
    expect(isAffected(byTitle('Ash'), published)).toBe(false);
    expect(isAffected(byTitle('Äsche'), published)).toBe(true);
  });
});

describe('a list that is sorted here', () => {
  const byAuthor = (order: 'asc' | 'desc', id: number) =>
    use({ orderby: 'author', order: 'asc' }, { end: '3', reads: ['author'], tied: { id, order } });

  it('is concerned by ties at its end up to its last row', () => {
    const affected = [byAuthor('desc', 10), byAuthor('desc', 14), byAuthor('asc', 10), byAuthor('asc', 14)];
    expect(affected.map((one) => isAffected(one, published))).toEqual([true, false, false, true]);
  });
});

it('nothing known of an entity concerns every list that it may be in', () => {
  const unknown = edit(undefined, undefined);
  expect(isAffected(use({ ...newest, categories: [6] }, { end: '2030-01-01T00:00:00' }), unknown)).toBe(true);
  expect(isAffected(use({ include: [13] }), unknown)).toBe(false);
});
