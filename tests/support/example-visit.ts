// Owns looking at an example of the documentation: a gateway, a browser, and what the browser complained of.

import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { DemoCredentials } from '../../src/demo/credentials.ts';
import { startHeadgate } from '../../src/index.ts';
import { startBrowser } from './browser.ts';
import { createRecordingLogger } from './recording-logger.ts';

/** A browser's page beside a gateway. */
export interface ExampleVisit extends AsyncDisposable {
  /** Address of the gateway, without a path. */
  readonly url: string;
  readonly page: Page;
  /** Data of a query, of which no part failed. */
  ask(query: string, variables?: object, authorization?: string): Promise<ReturnType<typeof JSON.parse>>;
  /** HTML as a browser shows it. */
  toText(html: string): Promise<string>;
  /** Errors of the page and its console since the last call. */
  takeProblems(): readonly string[];
  /** Hosts that pages asked. */
  hosts(): readonly string[];
}

/** The newest posts, and where there is what. */
export const latest = '{ posts(first: 4) { nodes { databaseId title uri seo { title } } } }';

/** Items of the menu that the examples show. */
export const menu = '{ menuItems(where: { location: PRIMARY, parentId: "0" }) { nodes { label } } }';

/** Starts a gateway before a WordPress, as `settings` say, and a browser. */
export async function startExampleVisit(
  executablePath: string,
  wordpress: { readonly url: string; readonly credentials: DemoCredentials },
  settings: Readonly<Record<string, string>> = {},
): Promise<ExampleVisit> {
  const { username, applicationPassword } = wordpress.credentials.admin;
  const headgate = await startHeadgate(
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
      ...settings,
    }),
    createRecordingLogger().logger,
  );
  const browser = await startBrowser(executablePath);
  const page = await browser.context.newPage();
  const problems: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (request.url().startsWith('http')) hosts.add(new URL(request.url()).host);
  });
  await mkdir('screenshots', { recursive: true });
  return {
    url: headgate.url,
    page,
    async ask(query, variables = {}, authorization) {
      const response = await fetch(`${headgate.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await response.json();
      expect(errors).toBeUndefined();
      return data;
    },
    toText: (html) =>
      page.evaluate((given) => new DOMParser().parseFromString(given, 'text/html').body.textContent ?? '', html),
    takeProblems: () => problems.splice(0),
    hosts: () => [...hosts],
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      await headgate[Symbol.asyncDispose]();
    },
  };
}
