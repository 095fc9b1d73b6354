// Queries of real front ends on what a WordPress 6.1 and a site with plain permalinks answered: the same, by what each offers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRestRoot } from '../../src/wordpress/find-root.ts';
import { openGateway } from '../support/gateway.ts';
import { readRecording } from '../support/recorded-gateway.ts';
import { type RecordedSite, startRecordedSite } from '../support/recorded-site.ts';

const folder = join(import.meta.dirname, '../data/versions');

/** What front ends ask for: lists, archives, single pages, previews of links. */
const queries: Readonly<Record<string, string>> = {
  'posts-with-everything': `{
    posts(first: 10) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor total }
      nodes {
        id databaseId slug uri title date dateGmt modified excerpt isSticky status commentCount classList format
        author { node { id databaseId name slug uri avatar { url } } }
        featuredImage { node { databaseId sourceUrl altText } }
        categories { nodes { name slug uri } }
        tags { nodes { name slug } }
      }
    }
  }`,
  seo: `{
    posts(first: 2) { nodes { seo { title metaDesc canonical opengraphType opengraphImage { sourceUrl } readingTime } } }
    category(id: "europe", idType: SLUG) { seo { title canonical breadcrumbs { text url } } }
  }`,
  settings: '{ generalSettings { title description url homeUrl timezone siteIcon { node { id } } } }',
  'second-page': `{
    posts(first: 1, after: "${Buffer.from('arrayconnection:2303').toString('base64')}") {
      pageInfo { hasNextPage hasPreviousPage }
      nodes { databaseId title }
    }
  }`,
  'post-by-slug': `{
    post(id: "patient-level-loses-the-program-1999", idType: SLUG) { databaseId content commentStatus hasPassword link }
  }`,
  'page-by-uri': `query ($uri: ID!) {
    page(id: $uri, idType: URI) {
      databaseId title uri menuOrder isFrontPage isPostsPage
      parent { node { uri } }
      ancestors { nodes { uri } }
      children { nodes { uri ... on NodeWithTitle { title } } }
    }
  }`,
  media: `{
    mediaItems(first: 3) {
      nodes {
        databaseId title slug uri mimeType mediaType sourceUrl altText caption fileSize
        srcSet(size: LARGE) sizes(size: LARGE)
        mediaDetails { width height file sizes { name width height sourceUrl } }
        parent { node { databaseId } }
      }
    }
  }`,
  users: `{
    user(id: "2", idType: DATABASE_ID) { name slug uri description avatar(size: 48) { url size } posts(first: 2) { nodes { title } } }
    users(first: 3) { pageInfo { hasNextPage } nodes { databaseId name } }
  }`,
  archive: `{
    category(id: "europe", idType: SLUG) {
      name count uri description parent { node { name } }
      posts(first: 3) { pageInfo { hasNextPage } nodes { databaseId title } }
    }
    categories(first: 2, where: { orderby: COUNT, order: DESC }) { nodes { name count } }
    tags(first: 2) { nodes { name slug } }
  }`,
  node: `{
    post: node(id: "${Buffer.from('post:2303').toString('base64')}") { __typename ... on Post { title } }
    page: node(id: "${Buffer.from('post:2471').toString('base64')}") { __typename ... on Page { title slug } }
    media: node(id: "${Buffer.from('post:303').toString('base64')}") { __typename ... on MediaItem { title } }
    term: node(id: "${Buffer.from('term:13').toString('base64')}") { __typename ... on Category { name } }
    tag: node(id: "${Buffer.from('term:20').toString('base64')}") { __typename ... on Tag { name } }
    settings: node(id: "${Buffer.from('setting_group:general').toString('base64')}") { __typename }
  }`,
  filters: `{
    byAuthor: posts(where: { authorIn: [6] }) { nodes { databaseId } }
    byCategory: posts(where: { categoryName: "europe" }) { nodes { databaseId } }
    byTags: posts(where: { tagIn: [47, 58] }) { nodes { databaseId } }
    byDate: posts(where: { dateQuery: { year: 2026, month: 8 } }) { nodes { databaseId } }
    byChange: posts(where: { orderby: { field: MODIFIED, order: DESC } }) { nodes { databaseId } }
    byId: posts(where: { in: [2301, 2303] }) { nodes { databaseId } }
    open: posts(where: { hasPassword: false, isSticky: false }) { nodes { databaseId } }
    byTitle: posts(where: { title: "Complex snapshot compares the kitchen 1998" }) { nodes { databaseId } }
  }`,
};

const variables = { uri: '/会社概要/会社概要-chapter-3/' };

let site: RecordedSite;

/** An answer and the requests that it took with nothing known before, with the site's address left out. */
async function record(query: string): Promise<string> {
  await using gateway = await openGateway(site.origin);
  const { data, errors, requests } = await gateway.query(query, query.includes('$uri') ? variables : {});
  expect(errors).toBeUndefined();
  const text = JSON.stringify({ requests: [...requests].sort(), data }, null, 1);
  return `${text.replaceAll(site.origin, 'http://site.test')}\n`;
}

/** The parameters of a request, by the names that WordPress registers: `categories[terms]` is `categories`. */
function parametersOf(request: string): readonly [route: string, names: string[]] {
  const [path = '', query = ''] = request.split('?');
  const names = query.split('&').map((pair) => pair.replace(/(\[.*)?=.*$/s, ''));
  return [path.replace(/^\/(wp\/v2\/)?/, ''), names.filter((name) => name !== '_fields')];
}

describe('WordPress 6.1 without plugins', () => {
  beforeAll(async () => {
    site = await startRecordedSite(readRecording('a'));
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it.each(Object.keys(queries))('%s', async (name) => {
    const answer = await record(queries[name] ?? '');
    await expect(answer).toMatchFileSnapshot(join(folder, 'wordpress-6.1', `${name}.json`));
  });

  it('is asked for nothing that it does not know', async () => {
    const known: Record<string, string[]> = JSON.parse(readFileSync(join(folder, 'parameters-6.1.json'), 'utf8'));
    await using gateway = await openGateway(site.origin, { freshSeconds: 0 });
    const unknown = new Set<string>();
    for (const query of Object.values(queries)) {
      const { requests } = await gateway.query(query, variables);
      for (const [route, names] of requests.map(parametersOf)) {
        for (const name of names) if (!known[route]?.includes(name)) unknown.add(`${route} ${name}`);
      }
    }
    // Narrows a search where it is known; titles are compared here in any case.
    expect([...unknown]).toEqual(['posts search_columns']);
  });
});

describe('a site with plain permalinks, Yoast and no public users', () => {
  beforeAll(async () => {
    site = await startRecordedSite(readRecording('c'));
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it('is found by its address and by its root', async () => {
    const { origin, root } = site;
    expect(root).toEqual({ origin, path: '/index.php', style: 'query' });
    for (const given of [
      origin,
      `${origin}/`,
      `${origin}/?rest_route=/`,
      `${origin}/index.php?rest_route=/wp/v2/posts`,
    ]) {
      const found = await findRestRoot(given);
      expect(found).toMatchObject({ origin, style: 'query' });
    }
  });

  const lists = Object.keys(queries).filter((name) => !['users', 'page-by-uri'].includes(name));
  it.each(lists)('%s', async (name) => {
    const answer = await record(queries[name] ?? '');
    await expect(answer).toMatchFileSnapshot(join(folder, 'plain-permalinks', `${name}.json`));
  });

  it('pages by their addresses, which are queries', async () => {
    await using gateway = await openGateway(site.origin);
    const { data, errors } = await gateway.query(queries['page-by-uri'] ?? '', { uri: '/?page_id=2471' });
    expect(errors).toBeUndefined();
    expect(data.page).toMatchObject({
      databaseId: 2471,
      uri: '/?page_id=2471',
      children: { nodes: [{ uri: '/?page_id=2473' }, { uri: '/?page_id=2472' }] },
    });
  });

  it('users are an error where they are asked for themselves', async () => {
    await using gateway = await openGateway(site.origin);
    const { data, errors } = await gateway.query(
      '{ users { nodes { name } } posts(first: 1) { nodes { databaseId } } }',
    );
    expect(data).toEqual({ users: null, posts: { nodes: [{ databaseId: 2303 }] } });
    expect(errors).toMatchObject([{ path: ['users'], extensions: { code: 'UPSTREAM_NOT_FOUND' } }]);
  });
});
