// The Next.js site of the documentation, built as it is and seen in a browser, on a demo site behind a gateway.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { findBrowser } from '../support/browser.ts';
import { type ExampleServer, findFreePort, runExample, startExample } from '../support/example.ts';
import { type ExampleVisit, latest, menu, startExampleVisit } from '../support/example-visit.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

const executablePath = findBrowser();
const secret = 'a secret of the examples that is long enough';

/** The front page is a page; posts are listed at the address of another one. */
const postsPage =
  '{ contentType(id: "post", idType: NAME) { uri } front: nodeByUri(uri: "/") { ... on Page { title } } }';

describe.skipIf(executablePath === undefined)('the Next.js site', { timeout: 180_000 }, () => {
  let wordpress: WordPress;
  let visit: ExampleVisit;
  let site: ExampleServer;
  let url: string;

  beforeAll(async () => {
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}`;
    wordpress = await startWritableWordPress();
    visit = await startExampleVisit(executablePath ?? '', wordpress, {
      PREVIEW_SECRET: secret,
      WEBHOOK_TARGETS: `${url}/api/revalidate/`,
      WEBHOOK_TARGETS_SECRET: secret,
    });
    const settings = { HEADGATE_URL: `${visit.url}/graphql`, WEBHOOK_TARGETS_SECRET: secret };
    await runExample('next', ['next/dist/bin/next', 'build'], settings);
    const start = ['next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(port)] as const;
    site = await startExample('next', start, settings, url);
  }, 300_000);

  afterAll(async () => {
    await visit?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
    await wordpress?.[Symbol.asyncDispose]();
  }, 60_000);

  it('shows the front page, a post with its head and its image, and older posts', async () => {
    await visit.page.goto(url);
    const { contentType, front } = await visit.ask(postsPage);
    expect(await visit.page.locator('h1').textContent()).toBe(await visit.toText(front.title));
    const { posts } = await visit.ask(latest);
    const { menuItems } = await visit.ask(menu);
    const [first] = posts.nodes;
    await visit.page.goto(url + contentType.uri);
    expect(await visit.page.locator('h2').first().textContent()).toBe(await visit.toText(first.title));
    expect(await visit.page.locator('nav a').allTextContents()).toEqual(
      menuItems.nodes.map(({ label }: { label: string }) => label),
    );
    await visit.page.screenshot({ path: 'screenshots/example-next-front.png', fullPage: true });
    await visit.page.getByRole('link', { name: 'Older posts' }).click();
    await visit.page.waitForURL(/\/posts\/after\//);
    expect(await visit.page.locator('article').count()).toBe(5);
    await visit.page.goto(url + first.uri);
    expect(await visit.page.locator('h1').textContent()).toBe(await visit.toText(first.title));
    expect(await visit.page.title()).toBe(first.seo.title);
    expect(await visit.page.locator('link[rel=canonical]').getAttribute('href')).toContain(first.uri);
    expect(await visit.page.locator('meta[property="og:title"]').getAttribute('content')).not.toBe('');
    expect(visit.takeProblems()).toEqual([]);
  });

  it('shows images in the sizes that there are', async () => {
    const withImages = `{ posts(first: 20) { nodes { uri featuredImage { node { srcSet(size: LARGE) } } } } }`;
    const { posts } = await visit.ask(withImages);
    const found = posts.nodes.find(
      (post: { featuredImage: { node: { srcSet: string | null } } | null }) => post.featuredImage?.node.srcSet,
    );
    expect(found).toBeDefined();
    await visit.page.goto(url + found.uri);
    const image = visit.page.locator('article > img').first();
    expect(await image.getAttribute('srcset')).toBe(found.featuredImage.node.srcSet);
    await expect
      .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth), { timeout: 30_000 })
      .toBeGreaterThan(0);
    await visit.page.screenshot({ path: 'screenshots/example-next-post.png', fullPage: true });
    expect(visit.takeProblems()).toEqual([]);
  });

  it('finds what it is asked for, and says where there is nothing', async () => {
    await visit.page.goto(url);
    await visit.page.getByRole('searchbox').fill('coffee');
    await visit.page.getByRole('button', { name: 'Search' }).click();
    await visit.page.waitForURL(/\/search\/\?text=coffee/);
    expect(await visit.page.locator('main li').count()).toBeGreaterThan(0);
    const archive = await visit.ask('{ categories(first: 1, where: { hideEmpty: true }) { nodes { name uri } } }');
    await visit.page.goto(url + archive.categories.nodes[0].uri);
    expect(await visit.page.locator('h1').textContent()).toBe(await visit.toText(archive.categories.nodes[0].name));
    expect(visit.takeProblems()).toEqual([]);
    const missing = await visit.page.goto(`${url}/there-is-no-such-page/`);
    expect(missing?.status()).toBe(404);
    visit.takeProblems();
  });

  it('shows a draft to who has a link to it, until they leave', async () => {
    const make = 'mutation { createPreviewToken(input: { id: "162" }) { token } }';
    const { createPreviewToken } = await visit.ask(make, {}, wordpress.credentials.editor.authorization);
    expect((await visit.page.goto(`${url}/preview/162/`))?.status()).toBe(404);
    visit.takeProblems();
    await visit.page.goto(`${url}/api/preview/?token=${createPreviewToken.token}`);
    await visit.page.waitForURL(/\/preview\/162/);
    expect(await visit.page.locator('h1').textContent()).toBe('A draft of the editor');
    expect(await visit.page.getByRole('status').textContent()).toContain('preview');
    await visit.page.screenshot({ path: 'screenshots/example-next-preview.png' });
    await visit.page.getByRole('link', { name: 'Leave' }).click();
    await visit.page.waitForURL((address) => address.pathname === '/');
    expect(await visit.page.getByRole('status').count()).toBe(0);
    expect((await visit.page.goto(`${url}/preview/162/`))?.status()).toBe(404);
    visit.takeProblems();
  });

  it('shows an edit when the webhook of the gateway has told of it', async () => {
    const { posts } = await visit.ask(latest);
    const [{ databaseId, uri, title: before }] = posts.nodes;
    await visit.page.goto(url + uri);
    expect(await visit.page.locator('h1').textContent()).toBe(await visit.toText(before));
    const edit = 'mutation ($id: ID!) { updatePost(input: { id: $id, title: "Edited just now" }) { post { title } } }';
    await visit.ask(edit, { id: databaseId }, wordpress.credentials.admin.authorization);
    const read = async (path: string, selector: string) => {
      await visit.page.goto(url + path);
      return visit.page.locator(selector).first().textContent();
    };
    await expect.poll(() => read(uri, 'h1'), { timeout: 60_000, interval: 500 }).toBe('Edited just now');
    const { contentType } = await visit.ask(postsPage);
    await expect.poll(() => read(contentType.uri, 'h2'), { timeout: 60_000, interval: 500 }).toBe('Edited just now');
    expect(visit.takeProblems()).toEqual([]);
  });

  it('shows new names of an author and a category on the pages of their posts', async () => {
    const names = 'author { node { id name } } categories(first: 1) { nodes { id name } }';
    const { posts } = await visit.ask(`{ posts(first: 1) { nodes { uri ${names} } } }`);
    const [{ uri, author, categories }] = posts.nodes;
    await visit.page.goto(url + uri);
    const text = () => visit.page.locator('article').textContent();
    expect(await text()).toContain(author.node.name);
    const rename = `mutation ($user: ID!, $category: ID!) {
      updateUser(input: { id: $user, displayName: "Renamed Author" }) { user { name } }
      updateCategory(input: { id: $category, name: "Renamed Category" }) { category { name } }
    }`;
    const ids = { user: author.node.id, category: categories.nodes[0].id };
    await visit.ask(rename, ids, wordpress.credentials.admin.authorization);
    const read = async () => {
      await visit.page.goto(url + uri);
      const shown = (await text()) ?? '';
      return ['Renamed Author', 'Renamed Category'].filter((name) => shown.includes(name));
    };
    await expect.poll(read, { timeout: 60_000, interval: 500 }).toHaveLength(2);
    expect(visit.takeProblems()).toEqual([]);
  });

  it('asked no other host than those of the site', () => {
    expect(visit.hosts().filter((host) => !/^127\.0\.0\.1:\d+$/.test(host))).toEqual([]);
  });
});
