// Owns the file of persisted operations: the forms that clients' build tools write.

import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';

/** What GraphQL Code Generator, Relay and others write: documents by their hash. */
const byId = z.record(z.string(), z.string());

/** What `@apollo/generate-persisted-query-manifest` writes. */
const apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

/** Documents by id; none without a file. Throws a {@link ConfigError} where the file cannot be used. */
export function loadPersistedOperations(path: string | undefined): ReadonlyMap<string, string> {
  if (path === undefined) return new Map();
  const fail = (why: string, cause?: unknown) =>
    new ConfigError(`PERSISTED_OPERATIONS_FILE is ${JSON.stringify(path)}; ${why}.`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fail(error instanceof SyntaxError ? 'that file is not JSON' : 'that file cannot be read', error);
  }
  const manifest = apollo.safeParse(json);
  const given = manifest.success
    ? { success: true as const, data: Object.fromEntries(manifest.data.operations.map(({ id, body }) => [id, body])) }
    : byId.safeParse(json);
  if (!given.success) throw fail('it must hold documents by id, such as {"latest": "{ posts { nodes { title } } }"}');
  for (const [id, text] of Object.entries(given.data)) {
    try {
      parse(text);
    } catch (error) {
      throw fail(`its document ${JSON.stringify(id)} is not GraphQL`, error);
    }
  }
  return new Map(Object.entries(given.data));
}
