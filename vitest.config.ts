// Owns how the tests run: those that need nothing, and those that share one real WordPress.

import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

// Examples have packages of their own, half a gigabyte of them: `npm run examples` installs and tries them. One has none.
const onSite =
  process.env['EXAMPLES'] === 'on'
    ? ['tests/examples/**/*.test.ts']
    : ['tests/{graphql,demo,compat}/**/*.test.ts', 'tests/examples/plain-html.test.ts'];

export default defineConfig({
  // Vite would take graphql's `module` file for us while Node takes `main` for the libraries: two copies that refuse
  // each other's schemas. Everywhere else Node resolves both, and there is one.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    // The suite starts servers, browsers and a WordPress in WebAssembly; more workers than two only wait for each other.
    maxWorkers: 2,
    testTimeout: 20_000,
    setupFiles: ['./tests/support/loopback-only.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          // Servers that misbehave, processes, browsers: they cost seconds to start, and no WordPress.
          name: 'programs',
          include: ['tests/{http,faults,cli,browser,reliability}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'wordpress',
          include: onSite,
          globalSetup: ['./tests/support/wordpress.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
