// Owns the test of GraphiQL in a real browser: people see their own content and what it costs, and nothing leaves the
// gateway, or stays behind in the browser, that should not.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Headgate } from '../../src/index.ts';
import { findBrowser, startBrowser, type TestBrowser } from '../support/browser.ts';
import { startGatewayFor } from '../support/recorded-headgate.ts';
import { type RecordedSite, startRecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const executablePath = findBrowser();

/** Pictures of the run, for whoever wants to look. */
const artefacts = join(import.meta.dirname, '../../artefacts');

const home = 'http://recorded.example';

/** Names that would be markup if somebody put them into a page as they are. */
const hostileName = 'Café &amp; &lt;script&gt;alert(1)&lt;/script&gt; <img src=x onerror=alert(2)>';

function startSite(): Promise<RecordedSite> {
  const common = { status: 'publish', date: '2026-01-01T00:00:00' };
  const title = (rendered: string) => ({ title: { rendered } });
  return startRecordedSite({
    index: { name: hostileName, home, namespaces: ['wp/v2'] },
    collections: {
      'wp/v2/posts': [
        { id: 1, slug: 'one', link: `${home}/one/`, ...common, ...title('One fine day') },
        { id: 2, slug: 'two', link: `${home}/two/`, ...common, ...title('Two fine days') },
      ],
      'wp/v2/pages': [{ id: 3, slug: 'about', link: `${home}/about/`, ...common, ...title('About') }],
    },
    style: 'path',
  });
}

describe.skipIf(executablePath === undefined)('GraphiQL', { timeout: 120_000 }, () => {
  const { logger } = createRecordingLogger();
  const requests: string[] = [];
  const problems: string[] = [];
  let site: RecordedSite;
  let headgate: Headgate;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(artefacts, { recursive: true });
    site = await startSite();
    headgate = await startGatewayFor(site, logger);
    browser = await startBrowser(executablePath ?? '');
    page = await browser.context.newPage();
    follow(page);
  }, 120_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await headgate?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    requests.splice(0);
    problems.splice(0);
  });

  function follow(followed: Page): void {
    followed.setDefaultTimeout(60_000);
    followed.on('request', (request) => requests.push(request.url()));
    followed.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    followed.on('pageerror', (error) => problems.push(String(error)));
    followed.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  function expectNothingOdd(): void {
    const isOwn = (url: string) => [`${headgate.url}/`, 'data:', 'blob:'].some((start) => url.startsWith(start));
    expect(requests.filter((url) => !isOwn(url))).toEqual([]);
    expect(problems).toEqual([]);
  }

  const picture = (name: string) => page.screenshot({ path: join(artefacts, `${name}.png`) });
  const answerIn = (shown: Page) => shown.locator('.result-window').textContent();
  const costIn = (shown: Page) => shown.locator('.headgate-cost').textContent();
  const queryEditor = '.graphiql-query-editor .monaco-editor';

  async function run(shown: Page, expected: string): Promise<void> {
    await shown.getByRole('button', { name: /execute query/i }).click();
    await shown.waitForFunction(
      (text) => document.querySelector('.result-window')?.textContent?.replaceAll('\u00a0', ' ').includes(text),
      expected,
    );
  }

  /** In place of what is in the editor. */
  async function write(shown: Page, text: string): Promise<void> {
    await shown.locator(queryEditor).click();
    await shown.keyboard.press('Control+A');
    // As it is: keys would be completed with closing brackets.
    await shown.keyboard.insertText(text);
  }

  it('is led to by a page that tells what the site is and does not give', async () => {
    await page.goto(headgate.url);
    expect(await page.locator('h1').textContent()).toBe(
      'Café & <script>alert(1)</script> <img src=x onerror=alert(2)>',
    );
    expect(await page.locator('article h3').allTextContents()).toContainEqual(
      expect.stringMatching(/^No menu is shown/),
    );
    await picture('status');
    expectNothingOdd();
    await page.getByRole('link', { name: 'Open GraphiQL' }).click();
    expect(page.url()).toBe(`${headgate.url}/graphql`);
  });

  it('opens with queries of the site, and runs the first', async () => {
    await page.locator(queryEditor).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[role=tab]').length > 1);
    const tabs = await page.getByRole('tab').evaluateAll((all) => all.map((tab) => tab.firstChild?.textContent));
    expect(tabs).toEqual(['LatestPosts', 'PageByAddress', 'Menus', 'Seo']);
    await run(page, 'Two fine days');
    expect(await costIn(page)).toMatch(/^\d+ REST requests?\d.* ms.*made now, kept$/);
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.getByText('from the cache').waitFor();
    expect(await costIn(page)).toMatch(/^0 REST requests/);
    await picture('graphiql-light');
    expectNothingOdd();
  });

  it('fills in the address of a page of the site', async () => {
    await page.getByRole('tab', { name: 'PageByAddress' }).click();
    await page.getByText('"/about/"').first().waitFor();
    expectNothingOdd();
  });

  it('completes and checks while people write', async () => {
    await page.getByRole('tab', { name: 'LatestPosts' }).click();
    await write(page, '{ generalSe');
    await page.keyboard.type('t');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible').getByText('generalSettings').first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' { title nonsense } }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    expect(new Set(page.workers().map((worker) => new URL(worker.url()).origin))).toEqual(new Set([headgate.url]));
    expectNothingOdd();
  });

  it('tells each REST request of a query that is traced', async () => {
    await page.getByRole('checkbox', { name: 'Trace' }).check();
    await write(page, 'query Slugs { posts(first: 1) { nodes { slug } } }');
    await run(page, '"slug":');
    await page.getByRole('button', { name: 'Show requests' }).click();
    expect(await page.getByRole('list', { name: 'REST requests' }).textContent()).toContain('GET /wp/v2/posts?');
    await picture('graphiql-trace');
    await page.getByRole('checkbox', { name: 'Trace' }).uncheck();
    expectNothingOdd();
  });

  it('tells no cost of a subscription, which goes on', async () => {
    expect(await costIn(page)).toMatch(/REST request/);
    await write(page, 'subscription { contentChanged { __typename } }');
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.getByText('Run a query to see what it costs WordPress.').waitFor();
    await page.getByRole('button', { name: /stop query/i }).click();
    expectNothingOdd();
  });

  it('tells what the site does not give', async () => {
    await page.getByRole('button', { name: /^Not given: \d+$/ }).click();
    const panel = page.locator('.headgate-site');
    await panel.getByText(/^No menu is shown/).click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('.monaco-editor.vs-dark').first().waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(33, 42, 59)');
    await picture('graphiql-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    expectNothingOdd();
  });

  it('shares query and variables in the fragment, and keeps no header anywhere', async () => {
    await write(page, 'query Shared($n: Int) { posts(first: $n) { nodes { title } } }');
    await page.getByRole('button', { name: 'Variables', exact: true }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
    await page.keyboard.insertText('{ "n": 1 }');
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
    await page.keyboard.insertText('{ "X-Hush": "hush hush" }');
    await run(page, 'Two fine days');
    await page.getByRole('button', { name: /^Share query/ }).click();
    await page.waitForURL(/#share=/);
    const link = page.url();
    expect(link.split('#')[0]).toBe(`${headgate.url}/graphql`);
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).toContain('query Shared');
    expect(stored).not.toContain('hush');

    const other = await browser.context.newPage();
    follow(other);
    await other.goto(link);
    await other.locator(queryEditor).getByText('Shared').waitFor();
    await run(other, 'Two fine days');
    expect(await answerIn(other)).not.toContain('One');
    expect(new URL(other.url()).hash).toBe('');
    expect(await other.content()).not.toContain('hush');
    await other.close();
    expectNothingOdd();
  });

  it('comes back with its tabs, without headers, and with its files from the cache', async () => {
    await page.reload();
    await page.locator(queryEditor).getByText('Shared').waitFor();
    expect(await page.content()).not.toContain('hush');
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => /\/graphiql\/.*\.(?:js|css)$/.test(name))
        .map((entry) => ('transferSize' in entry ? entry.transferSize : undefined)),
    );
    expect(sizes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(sizes)).toEqual(new Set([0]));
    expectNothingOdd();
  });

  it('says that a schema is closed, does not ask for it, and runs queries', async () => {
    await using closed = await startGatewayFor(site, logger, { INTROSPECTION: 'off' });
    const other = await browser.context.newPage();
    follow(other);
    await other.goto(`${closed.url}/graphql`);
    await other.getByText('The schema is closed (INTROSPECTION): no completion, no documentation').waitFor();
    await other.locator(queryEditor).getByText('LatestPosts').waitFor();
    await run(other, 'Two fine days');
    expect(await other.getByRole('link', { name: 'Schema' }).count()).toBe(0);
    expect(problems).toEqual([]);
    await other.screenshot({ path: join(artefacts, 'graphiql-closed.png') });
    await other.close();
  });

  it('says that only listed documents are executed, and asks for nothing by itself', async () => {
    await using listed = await startGatewayFor(site, logger, {
      PERSISTED_OPERATIONS: 'only',
      PERSISTED_OPERATIONS_FILE: fileURLToPath(
        new URL('../../docs/examples/plain-html/operations.json', import.meta.url),
      ),
    });
    const other = await browser.context.newPage();
    follow(other);
    await other.goto(`${listed.url}/graphql`);
    await other
      .getByText('Only listed documents are executed (PERSISTED_OPERATIONS): no completion, no documentation')
      .waitFor();
    await other.locator(queryEditor).getByText('PERSISTED_OPERATIONS_FILE').waitFor();
    expect(requests.filter((url) => /\/graphql(?:\?|$)/.test(url))).toEqual([`${listed.url}/graphql`]);
    expect(await other.getByRole('link', { name: 'Schema' }).count()).toBe(0);
    await other.goto(listed.url);
    expect(await other.getByRole('link', { name: 'Schema' }).count()).toBe(0);
    expect(problems).toEqual([]);
    await other.close();
  });
});
