// What is read with the gateway's own credentials stays apart from what everybody is shown.

import { expect, it } from 'vitest';
import { createContextFactory, type GatewayContext } from '../../src/context.ts';
import { coreResources } from '../../src/wordpress/resources.ts';
import type { RestRequest, Site, WordPressClient } from '../../src/wordpress/rest.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const site: Site = {
  root: { origin: 'https://example.org', path: '/wp-json/', style: 'path' },
  name: null,
  description: null,
  url: null,
  home: 'https://example.org',
  timezone: null,
  gmtOffset: null,
  namespaces: [],
  showOnFront: null,
  pageOnFront: null,
  pageForPosts: null,
  siteIconId: null,
  siteIconUrl: null,
};

function harness(authorization?: string) {
  const sent: RestRequest[] = [];
  const client: WordPressClient = {
    request: async (request) => {
      sent.push(request);
      const title = request.authorization ? 'private' : 'public';
      const row = { id: 1, slug: 'one', title, posts_per_page: title };
      return {
        status: 200,
        body: request.route.endsWith('settings') ? row : [row],
        total: 1,
        bytes: 10,
        cacheable: true,
      };
    },
    readPage: async () => ({ status: 404, headers: new Map(), body: '', cacheable: true }),
    sendForm: async () => ({ status: 404, headers: new Map(), body: '', cacheable: true }),
    [Symbol.asyncDispose]: async () => {},
  };
  const createContext = createContextFactory({
    ...{ client, site, scanLimit: 100, logger: createRecordingLogger().logger },
    cache: { maxBytes: 1_000_000, freshSeconds: 60, negativeSeconds: 60 },
    ...(authorization ? { authorization } : {}),
  });
  return { sent, createContext };
}

const posts = coreResources.get('post');

async function readAll(loaders: GatewayContext['loaders']): Promise<unknown[]> {
  if (!posts) throw new Error('no posts');
  const entity = await loaders.load(posts, 1, ['title']);
  const list = await loaders.list(posts, { per_page: 1 }, ['title']);
  const [bySlug] = await loaders.loadBySlug(posts, 'one', ['title']);
  const object = await loaders.object('wp/v2/settings', ['title']);
  return [entity?.data['title'], list.entities[0]?.data['title'], bySlug?.data['title'], object['title']];
}

it('has loaders, caches and shared calls of its own', async () => {
  const { sent, createContext } = harness('Basic secret');
  const first = createContext({});
  if (!first.ownLoaders) throw new Error('no own loaders');
  const [own, open] = await Promise.all([readAll(first.ownLoaders), readAll(first.loaders)]);
  expect(own).toEqual(['private', 'private', 'private', 'private']);
  expect(open).toEqual(['public', 'public', 'public', 'public']);
  const count = sent.length;
  expect(sent.filter((request) => request.authorization === 'Basic secret')).toHaveLength(count / 2);
  // Another request finds each in the cache of its kind.
  const second = createContext({});
  if (!second.ownLoaders) throw new Error('no own loaders');
  expect(await readAll(second.loaders)).toEqual(open);
  expect(await readAll(second.ownLoaders)).toEqual(own);
  expect(sent).toHaveLength(count);
});

it('is not there without credentials', async () => {
  const { sent, createContext } = harness();
  const context = createContext({});
  expect(context.ownLoaders).toBeNull();
  await readAll(context.loaders);
  expect(sent.some(({ authorization }) => authorization !== undefined)).toBe(false);
});
