// The WordPress the tests ask: one for the whole run that nobody writes to, and others for those who do.

import type { TestProject } from 'vitest/node';

import type { DemoCredentials } from '../../src/demo/credentials.ts';
import { createProgressPrinter } from '../../src/demo/progress.ts';
import { startWordPress, type WordPress } from '../../src/demo/wordpress.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The WordPress of this run. Read from it only. */
    wordpress: { readonly url: string; readonly credentials: DemoCredentials };
  }
}

/** Vitest's globalSetup: starts the WordPress of the run, tells the tests where it is, stops it at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const wordpress = await startWordPress({ onProgress: createProgressPrinter(process.stderr) });
  project.provide('wordpress', { url: wordpress.url, credentials: wordpress.credentials });
  return async () => wordpress[Symbol.asyncDispose]();
}

/** A WordPress for one test, with the same content, to change at will. Dispose of it: `await using`. */
export function startWritableWordPress(): Promise<WordPress> {
  return startWordPress();
}
