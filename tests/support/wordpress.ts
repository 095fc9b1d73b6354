// The WordPress the tests ask: one for the whole run that nobody writes to, and others for those who do.

import type { TestProject } from 'vitest/node';

import type { DemoCredentials } from '../../src/demo/credentials.ts';
import { createProgressPrinter } from '../../src/demo/progress.ts';
import { startWordPress, type WordPress } from '../../src/demo/wordpress.ts';
import { startRememberingProxy } from './remembering-proxy.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The WordPress of this run. Read from it only. */
    wordpress: { readonly url: string; readonly credentials: DemoCredentials };
  }
}

/** Vitest's globalSetup: starts the WordPress of the run, tells the tests where it is, stops it at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const proxy = await startRememberingProxy();
  const { url } = proxy;
  const wordpress = await startWordPress({ address: url, onProgress: createProgressPrinter(process.stderr) });
  proxy.standBefore(wordpress.url);
  // The first view of the front page makes a navigation of the menus: what is remembered must come after it.
  await (await fetch(url)).text();
  project.provide('wordpress', { url, credentials: wordpress.credentials });
  return async () => {
    const { asked, sent } = proxy.counts;
    process.stderr.write(`WordPress answered ${sent} of ${asked} requests; the others were repeats.\n`);
    await proxy[Symbol.asyncDispose]();
    await wordpress[Symbol.asyncDispose]();
  };
}

/** A WordPress for one test, with the same content, to change at will. Dispose of it: `await using`. */
export function startWritableWordPress(): Promise<WordPress> {
  return startWordPress();
}
