// Owns the tests of the schema.org graph as typed nodes: types of every shape, references, and what is not in the graph.

import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway } from '../../support/recorded-gateway.ts';

let gateway: RecordedGateway;

afterEach(() => gateway[Symbol.asyncDispose]());

/** What a selection gives of the nodes of a graph, and where it failed. */
async function nodesOf(schema: unknown, selection: string) {
  gateway = await openRecordedGateway({
    style: 'path',
    index: { home: 'https://a.example' },
    collections: { 'wp/v2/posts': [{ id: 1, yoast_head_json: { schema } }] },
  });
  const { data, errors = [] } = await gateway.query(
    `{ post(id: 1, idType: DATABASE_ID) { seo { schema { pageType articleType } schemaGraph { ${selection} } } } }`,
  );
  const seo = Reflect.get(Object(data?.['post']), 'seo');
  return { ...seo, failed: errors.map(({ path }) => path?.slice(2).join('.')) };
}

describe('nodes of a graph', () => {
  it('have their GraphQL type by one of their schema.org types', async () => {
    const types = [
      'WebSite',
      ['WebPage', 'FAQPage'],
      'CollectionPage',
      ['Article', 'NewsArticle'],
      'BlogPosting',
      'ImageObject',
      'BreadcrumbList',
      ['Person', 'Organization'],
      ['Organization', 'Brand'],
      'LocalBusiness',
      'Question',
      undefined,
    ];
    const { schema, schemaGraph, failed } = await nodesOf(
      { '@graph': types.map((type) => ({ '@type': type })) },
      '__typename type',
    );
    expect(failed).toEqual([]);
    expect(schemaGraph.map(({ __typename }: { __typename: string }) => __typename.replace('SchemaOrg', ''))).toEqual([
      ...['WebSite', 'WebPage', 'WebPage', 'Article', 'Article', 'ImageObject', 'BreadcrumbList'],
      ...['Person', 'Organization', 'Organization', 'Thing', 'Thing'],
    ]);
    expect(schemaGraph[1].type).toEqual(['WebPage', 'FAQPage']);
    expect(schemaGraph.at(-1).type).toEqual([]);
    expect(schema).toEqual({ pageType: ['WebPage', 'FAQPage'], articleType: ['Article', 'NewsArticle'] });
  });

  it('show what they refer to, with what the reference itself says', async () => {
    const graph = [
      {
        '@type': 'WebPage',
        '@id': '#page',
        name: 'Page',
        author: { '@id': '#ann', name: 'Ann B.' },
        isPartOf: { '@id': '#gone' },
        image: 'https://a.example/a.png',
        about: '#ann',
      },
      {
        '@type': 'Person',
        '@id': '#ann',
        name: 'Ann',
        sameAs: 'https://x.com/ann',
        mainEntityOfPage: { '@id': '#page' },
      },
    ];
    const { schemaGraph, failed } = await nodesOf(
      { '@graph': graph },
      `id ... on SchemaOrgWebPage {
        author { __typename id name ... on SchemaOrgPerson { sameAs mainEntityOfPage { name } } }
        isPartOf { __typename id name raw } image { id url } about { name } publisher { id }
      }`,
    );
    expect(failed).toEqual([]);
    expect(schemaGraph[0]).toEqual({
      id: '#page',
      author: {
        __typename: 'SchemaOrgPerson',
        id: '#ann',
        name: 'Ann B.',
        sameAs: ['https://x.com/ann'],
        mainEntityOfPage: { name: 'Page' },
      },
      isPartOf: { __typename: 'SchemaOrgThing', id: '#gone', name: null, raw: { '@id': '#gone' } },
      image: { id: null, url: 'https://a.example/a.png' },
      about: { name: 'Ann' },
      publisher: null,
    });
  });

  it('have actions of old and new versions', async () => {
    const target = 'https://a.example/?s={search_term_string}';
    const graph = [
      {
        '@type': 'WebSite',
        potentialAction: { '@type': 'SearchAction', target, 'query-input': 'required name=search_term_string' },
      },
      { '@type': 'WebPage', potentialAction: [{ '@type': 'ReadAction', target: ['https://a.example/'] }, 5] },
    ];
    const action = 'potentialAction { type target { type urlTemplate } queryInput { valueRequired valueName } }';
    const { schemaGraph, failed } = await nodesOf(
      { '@graph': graph },
      `... on SchemaOrgWebSite { ${action} } ... on SchemaOrgWebPage { ${action} }`,
    );
    expect(failed).toEqual([]);
    expect(schemaGraph).toEqual([
      {
        potentialAction: [
          {
            type: ['SearchAction'],
            target: [{ type: [], urlTemplate: target }],
            queryInput: { valueRequired: true, valueName: 'search_term_string' },
          },
        ],
      },
      {
        potentialAction: [
          { type: ['ReadAction'], target: [{ type: [], urlTemplate: 'https://a.example/' }], queryInput: null },
        ],
      },
    ]);
  });

  it('are left out where they are none, and fail by the field', async () => {
    const graph = [
      'text',
      null,
      { '@type': 'Article', headline: { a: 1 }, wordCount: '12', keywords: ['a', 5], name: 'N' },
    ];
    const { schemaGraph, failed } = await nodesOf(
      { '@graph': graph },
      'name ... on SchemaOrgArticle { headline wordCount keywords articleSection }',
    );
    expect(schemaGraph).toEqual([{ name: 'N', headline: null, wordCount: 12, keywords: null, articleSection: null }]);
    expect(failed).toEqual(['schemaGraph.0.headline', 'schemaGraph.0.keywords']);
  });

  it('may be one without a graph, or none', async () => {
    const one = await nodesOf({ '@context': 'https://schema.org', '@type': 'WebPage', name: 'One' }, 'name');
    expect(one.schemaGraph).toEqual([{ name: 'One' }]);
    await gateway[Symbol.asyncDispose]();
    expect((await nodesOf([], 'name')).schemaGraph).toEqual([]);
  });
});
