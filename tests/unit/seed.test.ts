// Owns the proof that a whole post of a real site comes through: every leaf of its REST object has a path in GraphQL.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway } from '../support/recorded-gateway.ts';

type Path = readonly string[];

const post = JSON.parse(readFileSync(join(import.meta.dirname, '../data/seed-post-4301.json'), 'utf8'));

const query = /* GraphQL */ `
  query Seed {
    post(id: "4301", idType: DATABASE_ID) {
      databaseId date dateGmt modified modifiedGmt guid slug status contentTypeName link uri
      title content excerpt hasPassword isSticky commentStatus pingStatus format
      authorDatabaseId featuredImageDatabaseId
      template { templateName }
      categories { nodes { databaseId } }
      tags { nodes { databaseId } }
      classList
      meta
      paid: metaValue(key: "_jetpack_memberships_contains_paid_content")
      footnotes: metaValue(key: "footnotes")
      excerptProtected: restField(path: "excerpt.protected")
      jetpackFeaturedMediaUrl jetpackSharingEnabled
      links { rel href embeddable count taxonomy name templated targetHints { allow } }
      linksJson yoastHead yoastHeadJson
      seo {
        title canonical metaRobotsNoindex metaRobotsNofollow fullHead
        opengraphTitle opengraphDescription opengraphUrl opengraphSiteName opengraphType opengraphPublishedTime
        twitterCardType readingTime
        robots { maxSnippet maxImagePreview maxVideoPreview }
        ogLocale author schemaContext json
        opengraphImages { url width height type }
        twitterMisc { label value }
        breadcrumbs { text url }
        schemaGraph { ...Node }
      }
    }
  }
  fragment Node on SchemaOrgNode {
    __typename id type name url description
    image { ...Image }
    ... on SchemaOrgArticle {
      headline datePublished wordCount thumbnailUrl articleSection inLanguage
      isPartOf { id } mainEntityOfPage { id } author { id name }
    }
    ... on SchemaOrgWebPage {
      datePublished thumbnailUrl inLanguage
      isPartOf { id } primaryImageOfPage { id } author { id } breadcrumb { id }
      potentialAction { ...Action }
    }
    ... on SchemaOrgImageObject { ...Image }
    ... on SchemaOrgBreadcrumbList { itemListElement { type position name item } }
    ... on SchemaOrgWebSite { inLanguage potentialAction { ...Action } }
    ... on SchemaOrgPerson { sameAs }
  }
  fragment Image on SchemaOrgImageObject { id type url contentUrl width height caption inLanguage }
  fragment Action on SchemaOrgAction {
    type
    target { type urlTemplate }
    queryInput { type valueRequired valueName }
  }
`;

/** What a value becomes on its way: only what is documented. */
const shapes = {
  /** HTML entities of the metadata are decoded. */
  decoded: (value: unknown) => String(value).replaceAll('&hellip;', '…'),
  /** A robots directive loses its name. */
  setting: (value: unknown) => String(value).replace(/^[^:]*:/, ''),
  number: (value: unknown) => Number(String(value).replace(/^[^:]*:/, '')),
  /** Yoast writes '' for sizes that it does not know. */
  emptyIsNull: (value: unknown) => (value === '' ? null : value),
  /** WordPress's default template has no name in REST. */
  templateName: (value: unknown) => (value === '' ? 'Default' : value),
};

type Row = readonly [leaf: string, path: string | ((parts: Path) => unknown), shape?: (value: unknown) => unknown];

const graph = 'yoast_head_json/schema/@graph/*';
const node = 'seo/schemaGraph/*';

/** Every leaf of the post, and where it is in the answer; a `*` of a leaf stands in the path for the same part. */
const rows: readonly Row[] = [
  ['id', 'databaseId'],
  ['date', 'date'],
  ['date_gmt', 'dateGmt'],
  ['guid/rendered', 'guid'],
  ['modified', 'modified'],
  ['modified_gmt', 'modifiedGmt'],
  ['slug', 'slug'],
  ['status', 'status'],
  ['type', 'contentTypeName'],
  ['link', 'link'],
  ['title/rendered', 'title'],
  ['content/rendered', 'content'],
  ['content/protected', 'hasPassword'],
  ['excerpt/rendered', 'excerpt'],
  ['excerpt/protected', 'excerptProtected'],
  ['author', 'authorDatabaseId'],
  ['featured_media', 'featuredImageDatabaseId'],
  ['comment_status', 'commentStatus'],
  ['ping_status', 'pingStatus'],
  ['sticky', 'isSticky'],
  ['template', 'template/templateName', shapes.templateName],
  ['format', 'format'],
  ['meta/_jetpack_memberships_contains_paid_content', 'paid'],
  ['meta/footnotes', 'footnotes'],
  ['categories/*', 'categories/nodes/*/databaseId'],
  ['tags', 'tags/nodes'],
  ['class_list/*', 'classList/*'],
  ['jetpack_featured_media_url', 'jetpackFeaturedMediaUrl'],
  ['jetpack_sharing_enabled', 'jetpackSharingEnabled'],
  ['yoast_head', 'seo/fullHead'],
  ['yoast_head_json/title', 'seo/title'],
  ['yoast_head_json/robots/index', 'seo/metaRobotsNoindex'],
  ['yoast_head_json/robots/follow', 'seo/metaRobotsNofollow'],
  ['yoast_head_json/robots/max-snippet', 'seo/robots/maxSnippet', shapes.number],
  ['yoast_head_json/robots/max-image-preview', 'seo/robots/maxImagePreview', shapes.setting],
  ['yoast_head_json/robots/max-video-preview', 'seo/robots/maxVideoPreview', shapes.number],
  ['yoast_head_json/canonical', 'seo/canonical'],
  ['yoast_head_json/og_locale', 'seo/ogLocale'],
  ['yoast_head_json/og_type', 'seo/opengraphType'],
  ['yoast_head_json/og_title', 'seo/opengraphTitle'],
  ['yoast_head_json/og_description', 'seo/opengraphDescription', shapes.decoded],
  ['yoast_head_json/og_url', 'seo/opengraphUrl'],
  ['yoast_head_json/og_site_name', 'seo/opengraphSiteName'],
  ['yoast_head_json/article_published_time', 'seo/opengraphPublishedTime'],
  ['yoast_head_json/og_image/*/url', 'seo/opengraphImages/*/url'],
  ['yoast_head_json/og_image/*/type', 'seo/opengraphImages/*/type'],
  ['yoast_head_json/og_image/*/width', 'seo/opengraphImages/*/width', shapes.emptyIsNull],
  ['yoast_head_json/og_image/*/height', 'seo/opengraphImages/*/height', shapes.emptyIsNull],
  ['yoast_head_json/author', 'seo/author'],
  ['yoast_head_json/twitter_card', 'seo/twitterCardType'],
  ['yoast_head_json/twitter_misc/*', ([label]) => memberOf('seo/twitterMisc', 'label', label)[0]?.['value']],
  ['yoast_head_json/schema/@context', 'seo/schemaContext'],
  [`${graph}/@type`, `${node}/type/0`],
  [`${graph}/@id`, `${node}/id`],
  [`${graph}/isPartOf/@id`, `${node}/isPartOf/id`],
  [`${graph}/author/name`, `${node}/author/name`],
  [`${graph}/author/@id`, `${node}/author/id`],
  [`${graph}/headline`, `${node}/headline`],
  [`${graph}/datePublished`, `${node}/datePublished`],
  [`${graph}/mainEntityOfPage/@id`, `${node}/mainEntityOfPage/id`],
  [`${graph}/wordCount`, `${node}/wordCount`],
  [`${graph}/image/@id`, `${node}/image/id`],
  [`${graph}/image/@type`, `${node}/image/type/0`],
  [`${graph}/image/inLanguage`, `${node}/image/inLanguage`],
  [`${graph}/image/url`, `${node}/image/url`],
  [`${graph}/image/contentUrl`, `${node}/image/contentUrl`],
  [`${graph}/image/caption`, `${node}/image/caption`],
  [`${graph}/thumbnailUrl`, `${node}/thumbnailUrl`],
  [`${graph}/articleSection/*`, `${node}/articleSection/*`],
  [`${graph}/inLanguage`, `${node}/inLanguage`],
  [`${graph}/url`, `${node}/url`],
  [`${graph}/name`, `${node}/name`],
  [`${graph}/description`, `${node}/description`],
  [`${graph}/primaryImageOfPage/@id`, `${node}/primaryImageOfPage/id`],
  [`${graph}/breadcrumb/@id`, `${node}/breadcrumb/id`],
  [`${graph}/contentUrl`, `${node}/contentUrl`],
  [`${graph}/width`, `${node}/width`],
  [`${graph}/height`, `${node}/height`],
  [`${graph}/sameAs/*`, `${node}/sameAs/*`],
  [`${graph}/itemListElement/*/@type`, `${node}/itemListElement/*/type/0`],
  [`${graph}/itemListElement/*/position`, `${node}/itemListElement/*/position`],
  [`${graph}/itemListElement/*/name`, `${node}/itemListElement/*/name`],
  [`${graph}/itemListElement/*/item`, `${node}/itemListElement/*/item`],
  [`${graph}/potentialAction/*/@type`, `${node}/potentialAction/*/type/0`],
  [`${graph}/potentialAction/*/target/*`, `${node}/potentialAction/*/target/*/urlTemplate`],
  [`${graph}/potentialAction/*/target/@type`, `${node}/potentialAction/*/target/0/type/0`],
  [`${graph}/potentialAction/*/target/urlTemplate`, `${node}/potentialAction/*/target/0/urlTemplate`],
  [`${graph}/potentialAction/*/query-input/@type`, `${node}/potentialAction/*/queryInput/type/0`],
  [`${graph}/potentialAction/*/query-input/valueRequired`, `${node}/potentialAction/*/queryInput/valueRequired`],
  [`${graph}/potentialAction/*/query-input/valueName`, `${node}/potentialAction/*/queryInput/valueName`],
  ['_links/*/*/targetHints/allow/*', ([rel, at, index]) => valueAt(linkOf(rel, at), `targetHints/allow/${index}`)],
  ...['href', 'embeddable', 'count', 'taxonomy', 'name', 'templated'].map(
    (name): Row => [`_links/*/*/${name}`, ([rel, at]) => valueAt(linkOf(rel, at), name)],
  ),
];

let gateway: RecordedGateway;
let answer: unknown;

beforeAll(async () => {
  const home = 'https://immigration-services.org';
  gateway = await openRecordedGateway({
    style: 'query',
    index: { name: 'Immigration Services', description: 'Immigration Services', url: home, home, gmt_offset: 0 },
    collections: {
      'wp/v2/posts': [post],
      // Not recorded: as much of the category as the post tells of it.
      'wp/v2/categories': [
        { id: 1, name: 'Immigration Services', slug: 'immigration-services-at-one-place', taxonomy: 'category' },
      ],
    },
    refuse: { 'wp/v2/users': { status: 401, code: 'rest_user_cannot_view' } },
  });
  const { data, errors } = await gateway.query(query);
  expect(errors).toBeUndefined();
  answer = data?.['post'];
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe('the seed post', () => {
  const leaves = leavesOf(post);

  it.each(leaves.map((leaf) => [leaf.join('/'), leaf] as const))('%s comes through', (_, leaf) => {
    const matching = rows.flatMap(([pattern, to, shape]) => {
      const parts = match(pattern, leaf);
      return parts ? [{ parts, to, shape }] : [];
    });
    expect(matching, 'rows of this leaf').toHaveLength(1);
    const [row] = matching;
    const found = typeof row?.to === 'function' ? row.to(row.parts) : valueAt(answer, fill(row?.to ?? '', row?.parts));
    const value = leaf.reduce<unknown>((parent, key) => Reflect.get(Object(parent), key), post);
    expect(found).toEqual(row?.shape ? row.shape(value) : value);
  });

  it.each(rows.map(([pattern]) => pattern))('%s is a leaf of the post', (pattern) => {
    expect(leaves.some((leaf) => match(pattern, leaf))).toBe(true);
  });

  it('has its open parts as they are', () => {
    expect(answer).toMatchObject({ meta: post.meta, yoastHead: post.yoast_head });
    expect(valueAt(answer, 'seo/json')).toEqual(post.yoast_head_json);
    expect(valueAt(answer, 'yoastHeadJson')).toEqual(post.yoast_head_json);
    expect(valueAt(answer, 'linksJson')).toEqual(post['_links']);
  });

  it('has what WPGraphQL makes of it on a site with plain permalinks', () => {
    expect(answer).toMatchObject({
      uri: '/?p=4301',
      seo: {
        readingTime: 2,
        breadcrumbs: [
          { text: 'Home', url: 'https://immigration-services.org/' },
          { text: post.title.rendered, url: 'https://immigration-services.org/?p=4301' },
        ],
      },
    });
  });

  it('costs one request for the post, and one for its category', () => {
    const requests = gateway.takeRequests();
    expect(requests.map(({ route, query: { include } }) => [route, include])).toEqual([
      ['wp/v2/posts', '4301'],
      ['wp/v2/categories', '1'],
    ]);
  });

  it('has an author although WordPress refuses its users', async () => {
    const { data, errors } = await gateway.query(
      '{ post(id: "4301", idType: DATABASE_ID) { author { node { databaseId name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ post: { author: { node: { databaseId: 1, name: 'admin' } } } });
  });
});

/** Paths to all values that are no lists or objects; an empty one counts as a leaf. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** The parts that the wildcards of a pattern stand for; null where it is another leaf. `*` is no `@key`. */
function match(pattern: string, leaf: Path): Path | null {
  const keys = pattern.split('/');
  const fits =
    keys.length === leaf.length && keys.every((key, at) => key === leaf[at] || isWild(key, leaf[at], pattern));
  return fits ? leaf.filter((_, at) => keys[at] === '*') : null;
}

function isWild(key: string, part = '', pattern = ''): boolean {
  return key === '*' && (/^\d+$/.test(part) || /^(_links|yoast_head_json\/twitter_misc)\//.test(pattern));
}

function fill(path: string, parts: Path = []): string {
  let at = 0;
  return path.replaceAll('*', () => parts[at++] ?? '');
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('/').reduce<unknown>((parent, key) => Reflect.get(Object(parent), key), value);
}

function memberOf(list: string, key: string, value: string | undefined): Record<string, unknown>[] {
  const members = valueAt(answer, list);
  return Array.isArray(members) ? members.filter((member) => member[key] === value) : [];
}

function linkOf(rel: string | undefined, at: string | undefined): unknown {
  return memberOf('links', 'rel', rel)[Number(at)];
}
