// What SEO metadata costs on a real WordPress, from its own fields and derived from its content.

import { type ExecutionResult, graphql } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createContextFactory } from '../../src/context.ts';
import { buildSchema } from '../../src/schema/build.ts';
import { createClient } from '../../src/wordpress/client.ts';
import { findRestRoot } from '../../src/wordpress/find-root.ts';
import type { RestRoot, Site, WordPressClient } from '../../src/wordpress/rest.ts';
import { loadSite } from '../../src/wordpress/site.ts';

const { url } = inject('wordpress');
const logger = pino({ level: 'silent' });

let root: RestRoot;
let client: WordPressClient;
let site: Site;

beforeAll(async () => {
  root = await findRestRoot(url, { timeoutMs: 30_000 });
  client = createClient(root, { timeoutMs: 30_000, logger });
  site = await loadSite(client, root);
});

afterAll(() => client[Symbol.asyncDispose]());

/** What the site answers as if it had just these namespaces, and the requests it took. */
async function ask(namespaces: readonly string[], source: string) {
  const cache = { maxBytes: 1024 * 1024, freshSeconds: 60, negativeSeconds: 60 };
  const like = { ...site, namespaces };
  const contextValue = createContextFactory({ client, site: like, cache, scanLimit: 100, logger })({});
  const { data, errors }: ExecutionResult = await graphql({ schema: buildSchema(like), source, contextValue });
  expect(errors).toBeUndefined();
  const requests = contextValue.trace.reads.map(({ request }) => request.replace(/^GET |(include)=[\d,]+/g, '$1'));
  return { data, requests };
}

const query = `{
  post(id: 4301, idType: DATABASE_ID) {
    seo { source title metaDesc canonical metaRobotsNoindex opengraphType opengraphImages { url } }
  }
}`;

describe('SEO metadata', () => {
  it('of Yoast is what Yoast says', async () => {
    const { data, requests } = await ask(['wp/v2', 'yoast/v1'], query);
    expect(data).toMatchObject({
      post: { seo: { source: 'YOAST', metaRobotsNoindex: 'index', opengraphType: 'article' } },
    });
    const names = ['canonical', 'description', 'og_image', 'og_type', 'robots', 'title'];
    expect(requests).toEqual([
      `/wp/v2/posts?include&per_page=100&_fields=id,${names.map((name) => `yoast_head_json.${name}`).join()}`,
    ]);
  });

  it('of a site without a plugin follows from the content', async () => {
    const { data, requests } = await ask(['wp/v2'], query);
    const seo = Reflect.get(Object(data?.['post']), 'seo');
    expect(seo).toMatchObject({
      source: 'DERIVED',
      title: expect.stringMatching(/ – /),
      metaDesc: expect.stringMatching(/^\w.{50,160}$/u),
      canonical: expect.stringMatching(/^http.*iom-chiefs-visit/),
      metaRobotsNoindex: 'index',
      opengraphType: 'article',
    });
    expect(requests[0]).toBe(
      '/wp/v2/posts?include&per_page=100&_fields=content.protected,excerpt.rendered,featured_media,id,link,title.rendered',
    );
    // The featured image, where there is one.
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it('is derived for all kinds at the cost of their lists', async () => {
    const { data, requests } = await ask(
      ['wp/v2'],
      `{
        posts(first: 3) { nodes { seo { source title metaDesc } } }
        pages(first: 3) { nodes { seo { source title metaDesc } } }
        categories(first: 3) { nodes { seo { source title metaDesc } } }
        users(first: 3) { nodes { seo { source title metaDesc } } }
      }`,
    );
    for (const list of Object.values(Object(data))) {
      for (const { seo } of Reflect.get(Object(list), 'nodes')) {
        expect(seo).toEqual({
          source: 'DERIVED',
          title: expect.stringMatching(/\S – \S/),
          metaDesc: expect.any(String),
        });
      }
    }
    const routes = requests.map((request) => request.replace(/\?.*/, ''));
    expect([...new Set(routes)].sort()).toEqual(['/wp/v2/categories', '/wp/v2/pages', '/wp/v2/posts', '/wp/v2/users']);
    // Once more for content whose excerpt tells nothing.
    expect(requests.filter((request) => request.includes('content.rendered')).length).toBeLessThanOrEqual(2);
  });
});
