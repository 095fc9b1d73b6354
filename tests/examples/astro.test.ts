// The Astro site of the documentation, built as it is and seen in a browser, from the demo site behind a gateway.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findBrowser } from '../support/browser.ts';
import { folderOf, runExample } from '../support/example.ts';
import { type ExampleVisit, startExampleVisit } from '../support/example-visit.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';

const executablePath = findBrowser();

describe.skipIf(executablePath === undefined)('the Astro site', { timeout: 120_000 }, () => {
  let visit: ExampleVisit;
  let site: FileServer;

  beforeAll(async () => {
    visit = await startExampleVisit(executablePath ?? '', inject('wordpress'));
    await runExample('astro', ['astro/astro.js', 'build'], { HEADGATE_URL: `${visit.url}/graphql` });
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

  afterAll(async () => {
    await visit?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('has a page for each of the newest posts, and a list of them', async () => {
    const { posts } = await visit.ask('{ posts(first: 12) { nodes { title uri } } }');
    await visit.page.goto(site.url);
    const titles = await Promise.all(posts.nodes.map(({ title }: { title: string }) => visit.toText(title)));
    expect(await visit.page.locator('li a').allTextContents()).toEqual(titles);
    await visit.page.screenshot({ path: 'screenshots/example-astro-list.png' });
    const [{ title, uri }] = posts.nodes;
    await visit.page.locator(`a[href="${uri}"]`).click();
    expect(await visit.page.locator('h1').textContent()).toBe(await visit.toText(title));
    expect(await visit.page.locator('article p').count()).toBeGreaterThan(1);
    expect(visit.takeProblems()).toEqual([]);
  });

  it('asked no other host than those of the site', () => {
    expect(visit.hosts().filter((host) => !/^127\.0\.0\.1:\d+$/.test(host))).toEqual([]);
  });
});
