// What follows from what a webhook says: the tags of all that is stale, in this site's types.

import { describe, expect, it } from 'vitest';
import { nothingTold, type ToldItem, toToldItem } from '../../../src/changes/told.ts';
import { toChanges } from '../../../src/changes/told-changes.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';

const served = {
  ...{ site: { ...bookSite, home: 'https://example.org/blog' }, resources: bookResources },
  typeOf: (kind: string, id: number) => (kind === 'content' && id === 160 ? 'page' : undefined),
};
const tell = (item: ToldItem) => toChanges({ ...nothingTold, items: [item] }, served);
const tagsOf = (item: ToldItem) => tell(item).map(({ tags }) => tags?.toSorted());
const post = (more: Partial<ToldItem> = {}) =>
  toToldItem({ kind: 'content', type: 'post', id: 12, action: 'updated', ...more });

describe('changes that were told', () => {
  it('of content reach its lists, and the terms that are said to count it otherwise', () => {
    expect(tell(post({ links: ['https://example.org/blog/hello/'], terms: [], authors: [1] }))).toEqual([
      {
        ...{ type: 'Post', id: 12, action: 'updated', source: 'webhook', uri: '/hello/' },
        tags: ['post:12', 'list:post', 'list:user', 'user:1', 'uri:hello?'],
      },
    ]);
    expect(tagsOf(post({ terms: [{ taxonomy: 'category', id: 3 }] }))).toEqual([
      ['list:category', 'list:post', 'post:12', 'term:3:count'],
    ]);
    // Whose sender did not say may be counted anywhere.
    expect(tagsOf(post())).toEqual([['list:category', 'list:post', 'list:tag', 'post:12']]);
    expect(tagsOf(post({ type: 'book' }))).toEqual([['list:book', 'list:genre', 'post:12']]);
  });

  it('of content of an unknown type may be of any', () => {
    const [change] = tell(post({ type: null }));
    expect(change?.type).toBeNull();
    expect(change?.tags).toEqual(
      expect.arrayContaining(['post:12', 'list:post', 'list:page', 'list:mediaitem', 'list:book']),
    );
    expect(change?.tags).not.toContain('list:user');
  });

  it('of an id alone reach the lists of what it is known to be', () => {
    const [page, unknown] = toChanges({ ...nothingTold, ids: ['post:160', 'post:161'] }, served);
    expect([page?.type, page?.id, page?.tags]).toEqual(['Page', 160, ['post:160', 'list:page']]);
    expect(unknown?.tags).toEqual(expect.arrayContaining(['post:161', 'list:post', 'list:page', 'list:book']));
  });

  it('of terms, comments, users, menus and settings', () => {
    const of = (kind: ToldItem['kind'], type: string | null, more: Partial<ToldItem> = {}) =>
      tagsOf(toToldItem({ kind, type, id: 3, action: 'updated', ...more }))[0];
    const menus = ['list:menu', 'list:menuitem'];
    expect(of('term', 'category')).toEqual(['list:category', 'list:post', 'term:3']);
    expect(of('comment', null, { content: [12] })).toEqual(['comment:3', 'list:comment', 'post:12']);
    expect(of('user', null)).toEqual(['list:user', 'user:3']);
    expect([of('menu', null), of('term', 'nav_menu'), of('content', 'nav_menu_item')]).toEqual([menus, menus, menus]);
    expect(of('settings', null)).toEqual(['route:wp/v2/settings']);
    expect(of('content', 'attachment', { content: [12] })).toEqual(['list:mediaitem', 'post:12', 'post:3']);
  });

  it('of what the site does not show are none', () => {
    expect(tell(post({ type: 'shop_order' }))).toEqual([]);
    expect(tell(toToldItem({ kind: 'term', type: 'post_status', id: 3, action: 'created' }))).toEqual([]);
  });

  it('are tags, ids and addresses as they are given', () => {
    const told = {
      ...nothingTold,
      tags: ['post:1', 'uri:/About/'],
      ids: ['term:3'],
      uris: ['https://example.org/blog/x/'],
    };
    expect(toChanges(told, served).map(({ tags, uri }) => [tags, uri])).toEqual([
      [['post:1', 'uri:about?'], undefined],
      [['uri:x?'], '/x/'],
      [expect.arrayContaining(['term:3', 'list:category', 'list:tag', 'list:genre']), undefined],
    ]);
  });

  it('of the front page are of what is there', () => {
    const told = { ...nothingTold, uris: ['/'] };
    const paged = { ...served, site: { ...served.site, showOnFront: 'page' as const, pageOnFront: 7 } };
    expect(toChanges(told, served)[0]?.tags).toEqual(['list:post']);
    expect(toChanges(told, paged)[0]?.tags).toEqual(['post:7', 'list:page']);
  });

  it('of an address with a comment are of that as well', () => {
    const told = { ...nothingTold, uris: ['/x/#comment-5'] };
    expect(toChanges(told, served).map(({ tags }) => tags)).toEqual([['uri:x?', 'comment:5', 'list:comment']]);
  });

  it('of everything need no list', () => {
    expect(toChanges({ ...nothingTold, everything: true, tags: ['post:1'] }, served)).toEqual([
      { type: null, id: null, action: 'updated', tags: null, source: 'webhook' },
    ]);
  });
});
