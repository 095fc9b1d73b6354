// Owns the tests of front ends that know one address: Faust's calls at the paths where it makes them, and, where the gateway
// forwards, everything else that a front end takes of WordPress.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const { url: wordpressUrl } = inject('wordpress');
const { logger } = createRecordingLogger();
let headgate: Headgate;
let plain: Headgate;

const start = (settings: Readonly<Record<string, string>>) =>
  startHeadgate(
    loadConfig({
      ...{ WORDPRESS_URL: wordpressUrl, PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off' },
      ...{ WATCH_INTERVAL_SECONDS: '0', UPSTREAM_TIMEOUT_SECONDS: '60', NODE_ENV: 'production', ...settings },
    }),
    logger,
  );

beforeAll(async () => {
  [headgate, plain] = await Promise.all([start({ FORWARD_TO_WORDPRESS: 'on' }), start({})]);
});

afterAll(async () => {
  await headgate?.[Symbol.asyncDispose]();
  await plain?.[Symbol.asyncDispose]();
});

/** What the command line of Faust sends to `${NEXT_PUBLIC_WORDPRESS_URL}/index.php?graphql`. */
const faustCalls = {
  health: '{ __typename }',
  possibleTypes: '{ __schema { types { kind name possibleTypes { name } } } }',
};

function askAsFaust(url: string, path: string, query: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify({ query }) });
}

describe.each(['/index.php?graphql', '/?graphql', '/graphql'])('Faust, at %s', (path) => {
  it('finds WordPress healthy', async () => {
    const response = await askAsFaust(plain.url, path, faustCalls.health);
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'RootQuery' } }]);
  });

  it('gets the possible types of its cache', async () => {
    const { data } = await (await askAsFaust(plain.url, path, faustCalls.possibleTypes)).json();
    const kinds: { kind: string; name: string; possibleTypes: { name: string }[] | null }[] = data.__schema.types;
    const content = kinds.find(({ name }) => name === 'ContentNode')?.possibleTypes?.map(({ name }) => name);
    expect(content).toEqual(expect.arrayContaining(['Post', 'Page', 'MediaItem']));
  });
});

it('answers 404 to Faust’s question for its plugin, which it takes for a site without it', async () => {
  const path = '/wp-json/faustwp/v1/validate_public_wordpress_url';
  expect((await fetch(`${plain.url}${path}`, { method: 'POST' })).status).toBe(404);
  const forwarded = await fetch(`${headgate.url}${path}`, { method: 'POST' });
  expect([forwarded.status, await forwarded.json()]).toMatchObject([404, { code: 'rest_no_route' }]);
});

describe('one address for all', () => {
  it('has the REST API with its headers', async () => {
    const path = '/wp-json/wp/v2/posts?per_page=1&_fields=id,title';
    const [own, forwarded] = [await fetch(`${wordpressUrl}${path}`), await fetch(`${headgate.url}${path}`)];
    expect(await forwarded.json()).toEqual(await own.json());
    expect(forwarded.headers.get('x-wp-total')).toBe(own.headers.get('x-wp-total'));
  });

  it('has the files of the media library', async () => {
    const query = '{ mediaItems(first: 1) { nodes { mediaItemUrl } } }';
    const { data } = await (await askAsFaust(headgate.url, '/graphql', query)).json();
    const { pathname } = new URL(data.mediaItems.nodes[0].mediaItemUrl);
    expect(pathname).toMatch(/^\/wp-content\/uploads\//);
    const [own, forwarded] = [await fetch(`${wordpressUrl}${pathname}`), await fetch(`${headgate.url}${pathname}`)];
    expect(forwarded.headers.get('content-type')).toBe(own.headers.get('content-type'));
    expect(Buffer.from(await forwarded.arrayBuffer())).toEqual(Buffer.from(await own.arrayBuffer()));
  });

  it('has the login, and sends there who is not logged in', async () => {
    const login = await fetch(`${headgate.url}/wp-login.php`);
    expect([login.status, login.headers.get('set-cookie')]).toEqual([
      200,
      expect.stringContaining('wordpress_test_cookie'),
    ]);
    expect(await login.text()).toContain('<form name="loginform"');
    const admin = await fetch(`${headgate.url}/wp-admin/`, { redirect: 'manual' });
    expect([admin.status, admin.headers.get('location')]).toEqual([302, expect.stringMatching(/^\/wp-login\.php\?/)]);
  });

  it('shows no pages of the gateway in production', async () => {
    expect(await (await fetch(headgate.url, { headers: { accept: 'text/html' } })).text()).toContain('</html>');
    const home = await fetch(plain.url, { headers: { accept: 'text/html' } });
    expect(await home.text()).toBe('Headgate: GraphQL for WordPress, at /graphql.\n');
    const graphiql = await fetch(`${plain.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await graphiql.text()).not.toContain('<title>GraphiQL');
  });
});
