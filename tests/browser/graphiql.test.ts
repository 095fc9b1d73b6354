// Owns the test of GraphiQL in a real browser: it works, it calls no other host, and it keeps no header.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../../src/server.ts';
import { findBrowser, startBrowser, type TestBrowser } from '../support/browser.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const executablePath = findBrowser();

describe.skipIf(executablePath === undefined)('GraphiQL', { timeout: 60_000 }, () => {
  const log = createRecordingLogger();
  const requests: string[] = [];
  const problems: string[] = [];
  let server: Server;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    server = await startStandInServer(createStandInGateway(log, { graphiql: true }), log);
    browser = await startBrowser(executablePath ?? '');
    page = await browser.context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
  }, 60_000);

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await server.close();
  });

  beforeEach(() => {
    requests.splice(0);
    problems.splice(0);
  });

  const foreign = () =>
    requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:') && !url.startsWith('blob:'));

  it('runs its default query', async () => {
    await page.goto(server.url);
    expect(page.url()).toBe(`${server.url}/graphql`);
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('Hello'));
    const answer = await page.locator('.result-window').textContent();
    expect(answer?.replaceAll('\u00a0', ' ')).toContain('"name": "Ann"');
    expect(foreign()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('loads the language workers from the gateway', async () => {
    const known = new Set(
      page.workers().map((worker) => new URL(worker.url()).pathname.replace(/[\da-f]{20}/, '<hash>')),
    );
    expect([...known]).toEqual(['/graphiql/<hash>.js']);
    expect(page.workers().length).toBeGreaterThanOrEqual(2);
  });

  it('tells of unknown fields while they are written', async () => {
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('query Wrong { nonsense }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    expect(foreign()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('keeps the query out of the address, and headers out of the storage', async () => {
    expect(page.url()).toBe(`${server.url}/graphql`);
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .view-lines:visible').click();
    await page.keyboard.type('{"Authorization": "Basic hush"}');
    await page.waitForTimeout(1000);
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(stored).toContain('LatestPosts');
    expect(stored).not.toContain('hush');
    expect(problems).toEqual([]);
  });

  it('comes back with its files from the cache', async () => {
    await page.reload();
    await page.getByRole('button', { name: /execute query/i }).waitFor();
    expect(foreign()).toEqual([]);
    const cached = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.includes('/graphiql/') && 'transferSize' in entry)
        .map((entry) => ('transferSize' in entry ? entry.transferSize : undefined)),
    );
    expect(cached.length).toBeGreaterThanOrEqual(2);
    expect(new Set(cached)).toEqual(new Set([0]));
  });

  it.each(['/?graphql', '/index.php?graphql', '/graphql/'])('works at %s', async (path) => {
    // What the tests before wrote would be there again.
    await page.addInitScript(() => localStorage.clear());
    await page.goto(server.url + path);
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('Hello'));
    expect(foreign()).toEqual([]);
    expect(problems).toEqual([]);
  });
});
