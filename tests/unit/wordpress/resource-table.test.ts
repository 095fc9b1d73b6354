// What a site adds becomes rows with names for GraphQL: by WPGraphQL's rules, without clashes, told where it had to be.

import { describe, expect, it } from 'vitest';
import type { DiscoveredTaxonomy, DiscoveredType, Discovery } from '../../../src/wordpress/discovery.ts';
import { discover } from '../../../src/wordpress/discovery.ts';
import { toFieldName } from '../../../src/wordpress/graphql-names.ts';
import { toResources } from '../../../src/wordpress/resource-table.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';
import { createDiscoveryClient, readDiscoveryAnswers } from '../../support/discovery-client.ts';

const nothing = { meta: [], acf: [] };
const taken = {
  types: new Set(['Post', 'Menu', 'User', 'Comment', 'MenuItem']),
  fields: new Set([
    'post',
    'posts',
    'menu',
    'menus',
    'user',
    'users',
    'databaseId',
    'children',
    'roles',
    'node',
    'title',
  ]),
};

function type(name: string, more: Partial<DiscoveredType> = {}): DiscoveredType {
  return {
    ...{ name, route: `wp/v2/${name}`, restBase: name, label: `${name}s`, description: '', hierarchical: false },
    ...{ fields: [], custom: nothing, archive: null, icon: null, taxonomies: [], templates: [], supports: null },
    ...more,
  };
}

function taxonomy(name: string, more: Partial<DiscoveredTaxonomy> = {}): DiscoveredTaxonomy {
  return {
    ...{ name, route: `wp/v2/${name}`, restBase: name, label: `${name}s`, description: '', hierarchical: false },
    ...{ fields: [], custom: nothing, types: [] },
    ...more,
  };
}

function tableOf(discovery: Partial<Discovery>, given: Readonly<Record<string, string>> = {}) {
  const names = Object.entries(given).map(([name, text]) => {
    const [single = '', plural = ''] = text.split(':');
    return [name, { single, plural }] as const;
  });
  const all = {
    types: [],
    taxonomies: [],
    users: nothing,
    comments: nothing,
    imageSizes: [],
    problems: [],
    ...discovery,
  };
  const table = toResources(all, { given: new Map(names), taken });
  const added = [...table.resources.values()].filter(({ name }) => !coreResources.has(name));
  const named = table.problems.filter((problem) => !problem.startsWith('The site does not show'));
  return { ...table, added, named, names: added.map((row) => `${row.typeName} ${row.singular} ${row.plural}`) };
}

describe('names', () => {
  it.each([
    ['book', 'book', 'Books', 'Book book books'],
    ['case_study', 'case_study', 'Case Studies', 'CaseStudy caseStudy caseStudies'],
    ['case-study', 'case-studies', 'Referenzen', 'CaseStudy caseStudy caseStudies'],
    ['genre', 'genre', 'Genres', 'Genre genre genres'],
    ['portfolio', 'portfolio', 'Portfolio', 'Portfolio portfolio allPortfolio'],
    ['buch', 'buch', 'Bücher', 'Buch buch bucher'],
    ['hon', 'hon', '本', 'Hon hon allHon'],
    ['kniga', 'kniga', 'Книги', 'Kniga kniga allKniga'],
    ['faq', 'faq', 'FAQs', 'Faq faq faqs'],
    ['3d-model', '3d-model', '3D Models', '_3dModel _3dModel _3dModels'],
    ['thing', 'thing', '', 'Thing thing allThing'],
    ['thing', 'v1/things', '', 'Thing thing v1Things'],
  ])('of %s (%s, "%s"): %s', (name, restBase, label, expected) => {
    const { names, named } = tableOf({ types: [type(name, { restBase, label })] });
    expect(names).toEqual([expected]);
    expect(named).toEqual([]);
  });

  it.each([
    ['a type of the core', 'menu', 'MenuPost menuPost allMenuPost'],
    ['a field of every entity', 'database', 'DatabasePost databasePost databases'],
    ['a root field in the plural', 'role', 'Role role allRole'],
    ['what is made of another name', 'book_connection', 'BookConnectionPost bookConnectionPost bookConnections'],
    ['how other names begin', 'node_with_love', 'CustomNodeWithLovePost customNodeWithLovePost nodeWithLoves'],
    ['what GraphQL keeps', '__type', 'Type type types'],
    ['nothing', '---', 'Content content allContent'],
    ['nothing that can be written', '本', 'Content content allContent'],
  ])('that clash with %s give way: %s', (_, name, expected) => {
    const { names, named } = tableOf({ types: [type(name, { label: name === '---' ? '' : `${name}s` })] });
    expect(names).toEqual([expected]);
    expect(named.length).toBe(/^(Role|Type)/.test(expected) ? 0 : 1);
  });

  it('of several that would be called alike are numbered by their own names, whatever the order', () => {
    const types = ['a_b', 'a-b', 'a.b'].map((name) => type(name, { label: 'Ab' }));
    const { added } = tableOf({ types });
    const { added: reversed } = tableOf({ types: [...types].reverse() });
    const namesOf = (rows: typeof added) =>
      Object.fromEntries(rows.map(({ name, typeName, plural }) => [name, `${typeName} ${plural}`]));
    expect(namesOf(added)).toEqual({ 'a-b': 'AB ab', 'a.b': 'ABPost allABPost', a_b: 'CustomABPost allCustomABPost' });
    expect(namesOf(reversed)).toEqual(namesOf(added));
  });

  it('of types come before those of taxonomies', () => {
    const { names } = tableOf({
      types: [type('topic_', { label: 'Topics' })],
      taxonomies: [taxonomy('topic', { label: 'Topics' })],
    });
    expect(names).toEqual(['Topic topic topics', 'TopicTerm topicTerm allTopicTerm']);
  });

  it('can be set', () => {
    const types = [type('wpm_book', { label: 'Our Books' })];
    expect(tableOf({ types }, { wpm_book: 'Book:books' }).names).toEqual(['Book book books']);
  });

  it('that are set come first, give way to the core, and tell what is not there', () => {
    const { names, problems } = tableOf(
      { types: [type('a'), type('b')] },
      { b: 'A:as', ghost: 'Ghost:ghosts', a: 'Menu:menus' },
    );
    expect(names).toEqual(['MenuPost menuPost as', 'A a bs']);
    expect(problems.join('\n')).toContain('the name Menu is taken');
    expect(problems.join('\n')).toContain('"ghost"');
  });

  it.each([
    ['Größe', 'grosse'],
    ['Café & Code', 'cafeCode'],
    ['already camelCase', 'alreadyCamelCase'],
    ['FAQ', 'faq'],
    ['  ', ''],
    ['Łódź', ''],
  ])('of "%s" is "%s"', (text, expected) => {
    expect(toFieldName(text)).toBe(expected);
  });
});

describe('the table', () => {
  it('has the core as it is where the site tells nothing', () => {
    const { resources, problems } = tableOf({});
    expect([...resources.keys()]).toEqual([...coreResources.keys()]);
    for (const [name, row] of coreResources) expect(resources.get(name)).toMatchObject(row);
    expect(problems).toEqual([]);
  });

  it('joins types and taxonomies from both sides', () => {
    const { resources } = tableOf({
      types: [type('post', { taxonomies: ['category'] }), type('book', { taxonomies: ['genre', 'ghost'] })],
      taxonomies: [taxonomy('genre', { types: ['post'] }), taxonomy('category', { types: ['book', 'wp_block'] })],
    });
    const row = (name: string) => resources.get(name);
    expect(row('post')).toMatchObject({ taxonomies: ['category', 'post_tag', 'genre'] });
    expect(row('book')).toMatchObject({ taxonomies: ['genre', 'category'] });
    expect(row('genre')).toMatchObject({ contentTypes: ['book', 'post'] });
    expect(row('category')).toMatchObject({ contentTypes: ['post', 'book'] });
  });

  it('learns what a type supports from the fields it has', () => {
    const { added } = tableOf({ types: [type('note', { fields: ['title', 'content', 'menu_order'] })] });
    const [row] = added;
    expect(row?.kind === 'content' && [...row.supports]).toEqual(['title', 'editor', 'page-attributes', 'revisions']);
  });

  it('lets a type support everything where the site does not say', () => {
    const { added } = tableOf({ types: [type('note', { fields: null })] });
    const [row] = added;
    expect(row?.kind === 'content' && row.supports.has('excerpt') && row.supports.has('thumbnail')).toBe(true);
  });

  it('adds to what the types of the core support, and takes nothing away', () => {
    const { resources } = tableOf({ types: [type('attachment'), type('post', { fields: ['menu_order'] })] });
    const post = resources.get('post');
    expect(post?.kind === 'content' && [...post.supports]).toEqual([
      ...['title', 'editor', 'excerpt', 'author', 'thumbnail', 'comments', 'revisions', 'trackbacks'],
      'page-attributes',
    ]);
  });

  it.each([
    [null, false],
    [['title', 'excerpt'], true],
    [['title'], false],
  ])('gives pages excerpts only where editors are told that they have some: %j', (supports, hasExcerpt) => {
    const { resources } = tableOf({ types: [type('page', { fields: ['title', 'excerpt'], supports })] });
    const page = resources.get('page');
    expect(page?.kind === 'content' && page.supports.has('excerpt')).toBe(hasExcerpt);
  });

  it('follows the core where a site has moved its routes', () => {
    const { resources } = tableOf({ types: [type('post', { route: 'wp/v2/articles' })] });
    expect(resources.get('post')?.route).toBe('wp/v2/articles');
  });

  it('marks what a site hides of the core, and tells', () => {
    const { resources, problems } = tableOf({ types: [type('post')], taxonomies: [taxonomy('category')] });
    const hidden = [...resources.values()].filter((row) => row.isHidden).map(({ name }) => name);
    expect(hidden).toEqual(['page', 'attachment', 'post_tag']);
    expect(problems).toContain('The site does not show "page" in REST');
  });

  it('has a second thing of one name beside the first', () => {
    const { resources, names, named } = tableOf({
      types: [type('topic', { taxonomies: ['topic'] }), type('user'), type('comment'), type('category')],
      taxonomies: [
        taxonomy('topic', { route: 'wp/v2/topics', types: ['topic', 'category'] }),
        taxonomy('post', { route: 'wp/v2/kinds' }),
      ],
    });
    expect(names).toEqual([
      'Topic topic topics',
      'UserPost userPost allUserPost',
      'CommentPost commentPost comments',
      'Category category categorys',
      'TopicTerm topicTerm allTopicTerm',
      'PostTerm postTerm allPostTerm',
    ]);
    const [type_, term] = [resources.get('topic'), resources.get('taxonomy:topic')];
    expect(type_).toMatchObject({ kind: 'content', taxonomies: ['taxonomy:topic'] });
    expect(term).toMatchObject({ kind: 'term', contentTypes: ['topic', 'type:category'] });
    expect(named).toContain(
      'Taxonomy "topic": the name Topic is taken, it is TopicTerm here; GRAPHQL_NAMES=taxonomy:topic=… names it',
    );
    expect(tableOf({ types: [type('user')] }, { 'type:user': 'Visitor:visitors' }).names).toEqual([
      'Visitor visitor visitors',
    ]);
  });

  it('leaves out what has the route of something else, and tells what would help', () => {
    const { names, problems } = tableOf({
      types: [type('topic'), type('comments')],
      taxonomies: [taxonomy('topic'), taxonomy('category', { route: 'wp/v2/categories' })],
    });
    expect(names).toEqual(['Topic topic topics']);
    expect(problems.filter((problem) => problem.includes('left out'))).toEqual([
      'Post type "comments" is left out: its route, wp/v2/comments, is that of "comment" too; with a rest_base of its own it is there',
      'Taxonomy "topic" is left out: its route, wp/v2/topic, is that of "topic" too; with a rest_base of its own it is there',
    ]);
  });

  it('of a recorded site has books and genres', async () => {
    const answers = createDiscoveryClient(readDiscoveryAnswers('a'));
    const { names, added } = tableOf(await discover(answers, { home: 'http://127.0.0.1:8801' }));
    expect(names).toEqual(['Book book books', 'Genre genre genres']);
    expect(added[0]).toMatchObject({
      ...{ kind: 'content', route: 'wp/v2/books', archive: 'books', taxonomies: ['genre'], label: 'Books' },
      supports: new Set([
        'title',
        'editor',
        'excerpt',
        'author',
        'thumbnail',
        'comments',
        'page-attributes',
        'revisions',
      ]),
    });
    expect(added[1]).toMatchObject({ kind: 'term', restBase: 'genre', contentTypes: ['book'], hierarchical: true });
  });
});
