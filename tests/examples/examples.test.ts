// The examples of the documentation, built as they are and seen in a browser, on the demo site behind a real gateway.

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { findBrowser, startBrowser, type TestBrowser } from '../support/browser.ts';
import { type ExampleServer, findFreePort, folderOf, runExample, startExample } from '../support/example.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

const executablePath = findBrowser();
const secret = 'a secret of the examples that is long enough';
const log = createRecordingLogger();
const problems: string[] = [];
const hosts = new Set<string>();

let wordpress: WordPress;
let headgate: Headgate;
let browser: TestBrowser;
let page: Page;
let nextPort: number;

beforeAll(async () => {
  if (executablePath === undefined) return;
  [wordpress, nextPort] = await Promise.all([startWritableWordPress(), findFreePort()]);
  const { username, applicationPassword } = wordpress.credentials.admin;
  headgate = await startHeadgate(
    loadConfig({
      WORDPRESS_URL: wordpress.url,
      WORDPRESS_USERNAME: username,
      WORDPRESS_APPLICATION_PASSWORD: applicationPassword,
      // One request after the other is all that PHP in WebAssembly answers.
      UPSTREAM_TIMEOUT_SECONDS: '60',
      MENU_LOCATIONS: 'primary,footer',
      PORT: '0',
      HOST: '127.0.0.1',
      CONFIG_FILE: '',
      DISCOVERY_FILE: 'off',
      WATCH_INTERVAL_SECONDS: '0',
      FRESH_SECONDS: '3600',
      PREVIEW_SECRET: secret,
      PERSISTED_OPERATIONS_FILE: join(folderOf('plain-html'), 'operations.json'),
      WEBHOOK_TARGETS: `http://127.0.0.1:${nextPort}/api/revalidate/`,
      WEBHOOK_TARGETS_SECRET: secret,
    }),
    log.logger,
  );
  browser = await startBrowser(executablePath);
  page = await browser.context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (request.url().startsWith('http')) hosts.add(new URL(request.url()).host);
  });
  await mkdir('screenshots', { recursive: true });
}, 180_000);

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await headgate?.[Symbol.asyncDispose]();
  await wordpress?.[Symbol.asyncDispose]();
}, 60_000);

async function ask(query: string, variables: object = {}, authorization?: string) {
  const response = await fetch(`${headgate.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  return data;
}

/** As a browser shows HTML. */
function toText(html: string): Promise<string> {
  return page.evaluate((given) => {
    const element = document.createElement('div');
    element.innerHTML = given;
    return element.textContent ?? '';
  }, html);
}

function takeProblems(): string[] {
  return problems.splice(0);
}

const latest = '{ posts(first: 4) { nodes { databaseId title uri seo { title } } } }';
/** The front page is a page; posts are listed at the address of another one. */
const postsPage =
  '{ contentType(id: "post", idType: NAME) { uri } front: nodeByUri(uri: "/") { ... on Page { title } } }';
const menu = '{ menuItems(where: { location: PRIMARY, parentId: "0" }) { nodes { label } } }';

describe.skipIf(executablePath === undefined)('the plain page', { timeout: 120_000 }, () => {
  let site: FileServer;

  beforeAll(async () => {
    const source = await readFile(join(folderOf('plain-html'), 'index.html'), 'utf8');
    const body = source.replace('http://localhost:4000/graphql', `${headgate.url}/graphql`);
    expect(body).not.toBe(source);
    site = await serveFiles({ '/': { type: 'text/html; charset=utf-8', body } });
  });

  afterAll(() => site?.[Symbol.asyncDispose]());

  it('shows the site, page by page, by GET requests that name their query', async () => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(headgate.url)) asked.push(`${request.method()} ${new URL(request.url()).search}`);
    });
    await page.goto(site.url);
    await page.locator('article').nth(3).waitFor();
    const { posts } = await ask(latest);
    const { menuItems } = await ask(menu);
    const titles = await Promise.all(posts.nodes.map(({ title }: { title: string }) => toText(title)));
    expect(await page.locator('h2').allTextContents()).toEqual(titles);
    expect(await page.locator('nav a').allTextContents()).toEqual(
      menuItems.nodes.map(({ label }: { label: string }) => label),
    );
    await page.getByRole('button', { name: 'Older posts' }).click();
    await page.locator('article').nth(7).waitFor();
    expect(new Set(await page.locator('h2').allTextContents()).size).toBe(8);
    expect(asked.every((request) => /^GET \?documentId=(latest|menu)&/.test(request))).toBe(true);
    expect(asked).toHaveLength(3);
    await page.screenshot({ path: 'screenshots/example-plain-html.png', fullPage: true });
    expect(takeProblems()).toEqual([]);
  });
});

describe.skipIf(executablePath === undefined)('the Next.js site', { timeout: 180_000 }, () => {
  let site: ExampleServer;
  let url: string;

  beforeAll(async () => {
    url = `http://127.0.0.1:${nextPort}`;
    const settings = { HEADGATE_URL: `${headgate.url}/graphql`, WEBHOOK_TARGETS_SECRET: secret };
    await runExample('next', ['next/dist/bin/next', 'build'], settings);
    const start = ['next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(nextPort)] as const;
    site = await startExample('next', start, settings, url);
  }, 300_000);

  afterAll(() => site?.[Symbol.asyncDispose](), 60_000);

  it('shows the front page, a post with its head and its image, and older posts', async () => {
    await page.goto(url);
    const { contentType, front } = await ask(postsPage);
    expect(await page.locator('h1').textContent()).toBe(await toText(front.title));
    const { posts } = await ask(latest);
    const { menuItems } = await ask(menu);
    const [first] = posts.nodes;
    await page.goto(url + contentType.uri);
    expect(await page.locator('h2').first().textContent()).toBe(await toText(first.title));
    expect(await page.locator('nav a').allTextContents()).toEqual(
      menuItems.nodes.map(({ label }: { label: string }) => label),
    );
    await page.screenshot({ path: 'screenshots/example-next-front.png', fullPage: true });
    await page.getByRole('link', { name: 'Older posts' }).click();
    await page.waitForURL(/\/posts\/after\//);
    expect(await page.locator('article').count()).toBe(5);
    await page.goto(url + first.uri);
    expect(await page.locator('h1').textContent()).toBe(await toText(first.title));
    expect(await page.title()).toBe(first.seo.title);
    expect(await page.locator('link[rel=canonical]').getAttribute('href')).toContain(first.uri);
    expect(await page.locator('meta[property="og:title"]').getAttribute('content')).not.toBe('');
    expect(takeProblems()).toEqual([]);
  });

  it('shows images in the sizes that there are', async () => {
    const withImages = `{ posts(first: 20) { nodes { uri featuredImage { node { srcSet(size: LARGE) } } } } }`;
    const { posts } = await ask(withImages);
    const found = posts.nodes.find(
      (post: { featuredImage: { node: { srcSet: string | null } } | null }) => post.featuredImage?.node.srcSet,
    );
    expect(found).toBeDefined();
    await page.goto(url + found.uri);
    const image = page.locator('article > img').first();
    expect(await image.getAttribute('srcset')).toBe(found.featuredImage.node.srcSet);
    await expect
      .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth), { timeout: 30_000 })
      .toBeGreaterThan(0);
    await page.screenshot({ path: 'screenshots/example-next-post.png', fullPage: true });
    expect(takeProblems()).toEqual([]);
  });

  it('finds what it is asked for, and says where there is nothing', async () => {
    await page.goto(url);
    await page.getByRole('searchbox').fill('coffee');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/\/search\/\?text=coffee/);
    expect(await page.locator('main li').count()).toBeGreaterThan(0);
    const archive = await ask('{ categories(first: 1, where: { hideEmpty: true }) { nodes { name uri } } }');
    await page.goto(url + archive.categories.nodes[0].uri);
    expect(await page.locator('h1').textContent()).toBe(await toText(archive.categories.nodes[0].name));
    expect(takeProblems()).toEqual([]);
    const missing = await page.goto(`${url}/there-is-no-such-page/`);
    expect(missing?.status()).toBe(404);
    takeProblems();
  });

  it('shows a draft to who has a link to it, until they leave', async () => {
    const make = 'mutation { createPreviewToken(input: { id: "162" }) { token } }';
    const { createPreviewToken } = await ask(make, {}, wordpress.credentials.editor.authorization);
    expect((await page.goto(`${url}/preview/162/`))?.status()).toBe(404);
    takeProblems();
    await page.goto(`${url}/api/preview/?token=${createPreviewToken.token}`);
    await page.waitForURL(/\/preview\/162/);
    expect(await page.locator('h1').textContent()).toBe('A draft of the editor');
    expect(await page.getByRole('status').textContent()).toContain('preview');
    await page.screenshot({ path: 'screenshots/example-next-preview.png' });
    await page.getByRole('link', { name: 'Leave' }).click();
    await page.waitForURL((address) => address.pathname === '/');
    expect(await page.getByRole('status').count()).toBe(0);
    expect((await page.goto(`${url}/preview/162/`))?.status()).toBe(404);
    takeProblems();
  });

  it('shows an edit when the webhook of the gateway has told of it', async () => {
    const { posts } = await ask(latest);
    const [{ databaseId, uri, title: before }] = posts.nodes;
    await page.goto(url + uri);
    expect(await page.locator('h1').textContent()).toBe(await toText(before));
    const edit = 'mutation ($id: ID!) { updatePost(input: { id: $id, title: "Edited just now" }) { post { title } } }';
    await ask(edit, { id: databaseId }, wordpress.credentials.admin.authorization);
    const read = async (path: string, selector: string) => {
      await page.goto(url + path);
      return page.locator(selector).first().textContent();
    };
    await expect.poll(() => read(uri, 'h1'), { timeout: 60_000, interval: 500 }).toBe('Edited just now');
    const { contentType } = await ask(postsPage);
    await expect.poll(() => read(contentType.uri, 'h2'), { timeout: 60_000, interval: 500 }).toBe('Edited just now');
    expect(takeProblems()).toEqual([]);
  });
});

describe.skipIf(executablePath === undefined)('the Astro site', { timeout: 120_000 }, () => {
  let site: FileServer;

  beforeAll(async () => {
    await runExample('astro', ['astro/astro.js', 'build'], { HEADGATE_URL: `${headgate.url}/graphql` });
    const dist = join(folderOf('astro'), 'dist');
    const names = await readdir(dist, { recursive: true });
    const pages = names.filter((name) => name.endsWith('index.html'));
    const files = await Promise.all(
      pages.map(async (name) => {
        const body = await readFile(join(dist, name));
        return [`/${encodeURI(name.replace(/index\.html$/, ''))}`, { type: 'text/html; charset=utf-8', body }] as const;
      }),
    );
    site = await serveFiles(Object.fromEntries(files));
  }, 300_000);

  afterAll(() => site?.[Symbol.asyncDispose]());

  it('has a page for each post, and a list of them', async () => {
    const { posts } = await ask('{ posts(first: 1) { nodes { title uri } pageInfo { total } } }');
    await page.goto(site.url);
    expect(await page.locator('li').count()).toBe(posts.pageInfo.total);
    await page.screenshot({ path: 'screenshots/example-astro-list.png' });
    const [{ title, uri }] = posts.nodes;
    await page.locator(`a[href="${uri}"]`).click();
    expect(await page.locator('h1').textContent()).toBe(await toText(title));
    expect(await page.locator('article p').count()).toBeGreaterThan(1);
    expect(takeProblems()).toEqual([]);
  });

  it('asked no other host than those of the site', () => {
    const own = [...hosts].filter((host) => !/^127\.0\.0\.1:\d+$/.test(host));
    expect(own).toEqual([]);
  });
});
