// Owns the set-up of the fault tests: a client whose WordPress is a misbehaving server.

import type { ErrorCode } from '../../src/errors.ts';
import { UpstreamError } from '../../src/errors.ts';
import { type ClientOptions, createClient } from '../../src/wordpress/client.ts';
import type { RestRequest, RestRoot, WordPressClient } from '../../src/wordpress/rest.ts';
import { type HostileServer, type Script, startHostileServer } from '../support/hostile-server.ts';

/** The request that the tests make unless it matters. */
export const listPosts: RestRequest = { route: 'wp/v2/posts', query: { per_page: 2, _fields: ['id', 'slug'] } };

/** Where {@link listPosts} arrives. */
export const listPostsTarget = '/wp-json/wp/v2/posts?per_page=2&_fields=id,slug';

/** A root of the usual style. */
export function rootAt(origin: string): RestRoot {
  return { origin, path: '/wp-json/', style: 'path' };
}

/** Runs a test against a server with a script. Retries do not wait. */
export async function withClient(
  script: Script,
  options: ClientOptions,
  test: (client: WordPressClient, server: HostileServer) => Promise<void>,
): Promise<void> {
  const server = await startHostileServer(script);
  const client = createClient(rootAt(server.url), { random: () => 0, ...options });
  try {
    await test(client, server);
  } finally {
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  }
}

/** The upstream error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  const error = await promise.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamError) return error;
  throw error;
}

/** A row of a table of faults. */
export type FaultRow = readonly [name: string, script: Script, code: ErrorCode, requests: number];
