// The plain page of the documentation, as it is, in a browser, beside a gateway before the demo site.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findBrowser } from '../support/browser.ts';
import { folderOf } from '../support/example.ts';
import { type ExampleVisit, latest, menu, startExampleVisit } from '../support/example-visit.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';

const executablePath = findBrowser();

describe.skipIf(executablePath === undefined)('the plain page', { timeout: 120_000 }, () => {
  let visit: ExampleVisit;
  let site: FileServer;

  beforeAll(async () => {
    const operations = join(folderOf('plain-html'), 'operations.json');
    visit = await startExampleVisit(executablePath ?? '', inject('wordpress'), {
      PERSISTED_OPERATIONS_FILE: operations,
    });
    const source = await readFile(join(folderOf('plain-html'), 'index.html'), 'utf8');
    const body = source.replace('http://localhost:4000/graphql', `${visit.url}/graphql`);
    expect(body).not.toBe(source);
    site = await serveFiles({ '/': { type: 'text/html; charset=utf-8', body } });
  });

  afterAll(async () => {
    await visit?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('shows the site, page by page, by GET requests that name their query', async () => {
    const asked: string[] = [];
    visit.page.on('request', (request) => {
      if (request.url().startsWith(visit.url)) asked.push(`${request.method()} ${new URL(request.url()).search}`);
    });
    await visit.page.goto(site.url);
    await visit.page.locator('article').nth(3).waitFor();
    const { posts } = await visit.ask(latest);
    const { menuItems } = await visit.ask(menu);
    const titles = await Promise.all(posts.nodes.map(({ title }: { title: string }) => visit.toText(title)));
    expect(await visit.page.locator('h2').allTextContents()).toEqual(titles);
    expect(await visit.page.locator('nav a').allTextContents()).toEqual(
      menuItems.nodes.map(({ label }: { label: string }) => label),
    );
    await visit.page.getByRole('button', { name: 'Older posts' }).click();
    await visit.page.locator('article').nth(7).waitFor();
    expect(new Set(await visit.page.locator('h2').allTextContents()).size).toBe(8);
    expect(asked.every((request) => /^GET \?documentId=(latest|menu)&/.test(request))).toBe(true);
    expect(asked).toHaveLength(3);
    await visit.page.screenshot({ path: 'screenshots/example-plain-html.png', fullPage: true });
    expect(visit.takeProblems()).toEqual([]);
  });

  it('asked no other host than those of the site', () => {
    expect(visit.hosts().filter((host) => !/^127\.0\.0\.1:\d+$/.test(host))).toEqual([]);
  });
});
