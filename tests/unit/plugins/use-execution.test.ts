// Owns the test of when queries become code: after the runs that were stated, and mutations never.

import type { GraphQLResolveInfo } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { useExecution } from '../../../src/plugins/use-execution.ts';

it('makes code of a query that comes again and again, and of no mutation', async () => {
  const seen: unknown[] = [];
  const resolve = (_source: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    seen.push(info.fieldNodes);
    return 'x';
  };
  const typeDefs = 'type Query { a: String } type Mutation { b: String }';
  const schema = createSchema({ typeDefs, resolvers: { Query: { a: resolve }, Mutation: { b: resolve } } });
  const yoga = createYoga({ schema, plugins: [useExecution({ hotAfter: 2 })], logging: false });
  await import('graphql-jit');
  const run = async (query: string) => {
    seen.length = 0;
    for (let count = 0; count < 6; count += 1) {
      const body = JSON.stringify({ query });
      await yoga.fetch('http://x/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }
    // Code keeps its arrays of nodes; graphql-js makes them at each run.
    return new Set(seen).size;
  };
  const [query, mutation] = [await run('{ a }'), await run('mutation { b }')];
  expect(query).toBeGreaterThan(2);
  expect(query).toBeLessThan(6);
  expect(mutation).toBe(6);
});
