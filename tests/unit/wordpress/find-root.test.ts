// Owns the search for the REST root: every kind of site and address that works, and the exact requests it takes.

import { afterEach, describe, expect, it } from 'vitest';
import { findRestRoot } from '../../../src/wordpress/find-root.ts';
import {
  type Behaviour,
  type HostileServer,
  hangUp,
  html,
  json,
  redirect,
  restError,
  type Script,
  startHostileServer,
} from '../../support/hostile-server.ts';

const index = json({ name: 'A site', namespaces: ['oembed/1.0', 'wp/v2'] });
const verify = '?_fields=name,namespaces';
const missing = html('<h1>Not Found</h1>', { status: 404 });

const servers: HostileServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function start(script: Script): Promise<HostileServer> {
  const server = await startHostileServer(script);
  servers.push(server);
  return server;
}

/** A site that answers some paths (up to the first `&_fields` or `?_fields`), and 404 otherwise. */
function startSite(answers: Readonly<Record<string, Behaviour>>): Promise<HostileServer> {
  return start(({ target }) => answers[target.replace(/[?&]_fields=.*/, '')] ?? missing);
}

/** A front page that names its REST root in the `Link` header. */
function page(api: string): Behaviour {
  return html('<!doctype html><title>A site</title>', { headers: { link: `<${api}>; rel="https://api.w.org/"` } });
}

function requestsOf(server: HostileServer): string[] {
  return server.requests.map(({ method, target }) => `${method} ${target}`);
}

describe('by the address of the site', () => {
  it('where every answer says that its encoding is none', async () => {
    const headers = { 'content-encoding': 'none' };
    const named = html('<link rel="https://api.w.org/" href="/api/">', { headers });
    const site = await startSite({ '/': named, '/api/': json({ name: 'A', namespaces: ['wp/v2'] }, { headers }) });
    expect(await findRestRoot(site.url)).toEqual({ origin: site.url, path: '/api/', style: 'path' });
  });

  it('from its Link header', async () => {
    const site = await startSite({ '/': page('/wp-json/'), '/wp-json/': index });
    expect(await findRestRoot(site.url)).toEqual({ origin: site.url, path: '/wp-json/', style: 'path' });
    expect(requestsOf(site)).toEqual(['HEAD /', `GET /wp-json/${verify}`]);
  });

  it('from a Link header that names another host: its path only', async () => {
    const elsewhere = await start([index]);
    const site = await startSite({ '/': page(`${elsewhere.url}/api/`), '/api/': index });
    expect(await findRestRoot(site.url)).toEqual({ origin: site.url, path: '/api/', style: 'path' });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('with plain permalinks', async () => {
    const site = await startSite({
      '/': page('http://localhost/index.php?rest_route=/'),
      '/index.php?rest_route=/': index,
    });
    expect(await findRestRoot(site.url)).toEqual({ origin: site.url, path: '/index.php', style: 'query' });
    expect(requestsOf(site)).toEqual(['HEAD /', 'GET /index.php?rest_route=/&_fields=name,namespaces']);
  });

  it('from the head of its page, where a host strips the header', async () => {
    const front = html('<!doctype html><link rel="https://api.w.org/" href="https://example.org/wp-json/" />');
    const site = await startSite({ '/': front, '/wp-json/': index });
    expect(await findRestRoot(site.url)).toMatchObject({ path: '/wp-json/' });
    expect(requestsOf(site)).toEqual(['HEAD /', 'GET /', `GET /wp-json/${verify}`]);
  });

  it('from a page behind a server that hangs up on HEAD', async () => {
    const site = await start(({ method, target }) => {
      if (method === 'HEAD') return hangUp();
      return target === '/' ? page('/wp-json/') : index;
    });
    expect(await findRestRoot(site.url)).toMatchObject({ path: '/wp-json/' });
  });

  it('where its front page is elsewhere: a site that is headless already', async () => {
    const site = await startSite({ '/': redirect('https://front.example/'), '/wp-json/': index });
    expect(await findRestRoot(site.url)).toEqual({ origin: site.url, path: '/wp-json/', style: 'path' });
  });

  it('where nothing names the root', async () => {
    const front = html('<!doctype html>');
    const pretty = await startSite({ '/': front, '/wp-json/': index });
    expect(await findRestRoot(pretty.url)).toMatchObject({ path: '/wp-json/', style: 'path' });
    const plain = await startSite({ '/': front, '/?rest_route=/': index });
    expect(await findRestRoot(plain.url)).toMatchObject({ path: '/', style: 'query' });
    const pathInfo = await startSite({ '/': front, '/index.php/wp-json/': index });
    expect(await findRestRoot(pathInfo.url)).toMatchObject({ path: '/index.php/wp-json/', style: 'path' });
  });

  it('where the host blocks /wp-json/ but not ?rest_route=', async () => {
    const blocked = html('<h1>Forbidden</h1>', { status: 403 });
    const site = await startSite({ '/': page('/wp-json/'), '/wp-json/': blocked, '/?rest_route=/': index });
    expect(await findRestRoot(site.url)).toMatchObject({ path: '/', style: 'query' });
    const cutting = await startSite({ '/': page('/wp-json/'), '/wp-json/': hangUp(), '/?rest_route=/': index });
    expect(await findRestRoot(cutting.url)).toMatchObject({ path: '/', style: 'query' });
  });

  it('asks no address twice', async () => {
    const site = await startSite({ '/': page('/wp-json/') });
    await expect(findRestRoot(site.url)).rejects.toThrow(/looks like WordPress, but its REST API was not found/);
    expect(requestsOf(site)).toEqual([
      'HEAD /',
      `GET /wp-json/${verify}`,
      'GET /',
      'GET /?rest_route=/&_fields=name,namespaces',
      `GET /index.php/wp-json/${verify}`,
    ]);
  });

  it('without a scheme: https, then http', async () => {
    const site = await startSite({ '/': page('/wp-json/'), '/wp-json/': index });
    expect(await findRestRoot(site.url.replace('http://', ''))).toMatchObject({ origin: site.url });
  });

  it('after a redirect within the origin', async () => {
    const site = await startSite({ '/': redirect('/en/'), '/en/': page('/wp-json/'), '/wp-json/': index });
    expect(await findRestRoot(site.url)).toMatchObject({ path: '/wp-json/' });
  });
});

describe('by another address', () => {
  it.each(['/wp-json', '/wp-json/', '/wp-json/wp/v2/posts?per_page=1'])('of the root: %s', async (path) => {
    const site = await startSite({ '/wp-json/': index });
    expect(await findRestRoot(site.url + path)).toEqual({ origin: site.url, path: '/wp-json/', style: 'path' });
    expect(requestsOf(site)).toEqual([`GET /wp-json/${verify}`]);
  });

  it.each([
    ['/?rest_route=/', '/'],
    ['/index.php?rest_route=/wp/v2/posts', '/index.php'],
  ])('of the root: %s', async (given, path) => {
    const site = await startSite({ [`${path}?rest_route=/`]: index });
    expect(await findRestRoot(site.url + given)).toEqual({ origin: site.url, path, style: 'query' });
    expect(requestsOf(site)).toEqual([`GET ${path}?rest_route=/&_fields=name,namespaces`]);
  });

  it('of a root with another name', async () => {
    const site = await startSite({ '/api/': index });
    expect(await findRestRoot(`${site.url}/api/`)).toEqual({ origin: site.url, path: '/api/', style: 'path' });
  });

  it('of a page', async () => {
    const site = await startSite({ '/2024/hello/': page('/wp-json/'), '/wp-json/': index });
    expect(await findRestRoot(`${site.url}/2024/hello/`)).toMatchObject({ path: '/wp-json/' });
    expect(requestsOf(site)).toEqual(['HEAD /2024/hello/', `GET /wp-json/${verify}`]);
  });

  it('of a page in a folder, where nothing names the root', async () => {
    const site = await startSite({ '/blog/2024/': html('<!doctype html>'), '/blog/wp-json/': index });
    expect(await findRestRoot(`${site.url}/blog/2024/`)).toMatchObject({ path: '/blog/wp-json/' });
  });

  it('of a folder that a proxy adds to what the site knows of itself', async () => {
    const site = await startSite({ '/blog/': page('http://wordpress/wp-json/'), '/blog/wp-json/': index });
    expect(await findRestRoot(`${site.url}/blog/`)).toMatchObject({ path: '/blog/wp-json/' });
  });
});

describe('at WordPress.com', () => {
  const list = json([{ id: 1 }]);

  it('by the address of the site', async () => {
    const api = await start([list]);
    const root = await findRestRoot('https://example.wordpress.com/2024/hello/', { wordPressComOrigin: api.url });
    expect(root).toEqual({ origin: api.url, path: '/wp/v2/sites/example.wordpress.com/', style: 'wordpress.com' });
    expect(requestsOf(api)).toEqual(['GET /wp/v2/sites/example.wordpress.com/posts?per_page=1&_fields=id']);
  });

  it.each(['/wp/v2/sites/12/posts', '/wp/v2/sites/12', '/rest/v1.1/sites/12/'])('by its API: %s', async (path) => {
    const api = await start([list]);
    const root = await findRestRoot(api.url + path, { wordPressComOrigin: api.url });
    expect(root).toEqual({ origin: api.url, path: '/wp/v2/sites/12/', style: 'wordpress.com' });
  });

  it('a site that does not exist', async () => {
    const api = await start([restError(404, 'unknown_blog')]);
    const search = findRestRoot('nothing.wordpress.com', { wordPressComOrigin: api.url });
    await expect(search).rejects.toThrow(/^WordPress\.com has no site nothing\.wordpress\.com \(404\)/);
    expect(api.requests).toHaveLength(1);
  });

  it('a site that is private', async () => {
    const api = await start([restError(403, 'unauthorized')]);
    const search = findRestRoot(`${api.url}/wp/v2/sites/12`, { wordPressComOrigin: api.url });
    await expect(search).rejects.toMatchObject({ reason: 'rest-closed', isTemporary: false });
    await expect(search).rejects.toThrow(/^WordPress\.com does not show 12 to visitors \(403\): the site is private/);
  });

  it('a site that does not answer well', async () => {
    const api = await start([restError(500, 'fatal')]);
    const search = findRestRoot('some.wordpress.com', { wordPressComOrigin: api.url });
    await expect(search).rejects.toMatchObject({ reason: 'site-failing', isTemporary: true });
  });
});

it('takes no longer than one and a half of the deadline of a request, however many there are', async () => {
  // Seven of them would be as many places in which there is none.
  const slow: Behaviour = (socket, request) => void setTimeout(missing, 450, socket, request);
  const site = await start([slow]);
  const finding = findRestRoot(site.url, { timeoutMs: 600 });
  await expect(finding).rejects.toMatchObject({ reason: 'no-answer', isTemporary: true });
  expect(site.requests.length).toBeLessThanOrEqual(3);
});
