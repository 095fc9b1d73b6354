// Owns the browser of the tests: Debian's Chromium, started fresh and without anything that calls home.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a browser is installed; undefined where there is none. On CI that is an error. */
export function findBrowser(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  const path = [...(given === undefined ? [] : [given]), ...candidates].find((candidate) => existsSync(candidate));
  if (path === undefined) {
    const message = 'No Chromium: browser tests need it (apt-get install chromium, or CHROMIUM_PATH).';
    if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(message);
    console.warn(message);
  }
  return path;
}

/** A browser that is closed, and its profile removed, when it is disposed of. */
export interface TestBrowser extends AsyncDisposable {
  readonly context: BrowserContext;
}

/** Starts the browser with an empty profile. */
export async function startBrowser(executablePath: string): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'headgate-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
