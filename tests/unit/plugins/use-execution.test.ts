// Owns the test of when queries become code: after the runs that were stated, in a turn of its own, and some never.

import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { GraphQLResolveInfo } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { expect, it, vi } from 'vitest';
import { type ExecutionOptions, useExecution } from '../../../src/plugins/use-execution.ts';

const kinds = Array.from({ length: 6 }, (_, index) => `Kind${index}`);
const typeDefs = `
  interface Node { id: ID node(text: String): Node nodes: [Node] }
  ${kinds.map((kind) => `type ${kind} implements Node { id: ID node(text: String): Node nodes: [Node] }`).join('\n')}
  input In { x: Int } type Query { a(in: In): String b: String node: Node } type Mutation { b: String }
`;

/** Tells of each run whether it was one of code: that keeps its arrays of nodes, graphql-js makes them each time. */
function createRuns(options: ExecutionOptions) {
  const known = new WeakSet<object>();
  let isCode = false;
  const note = (_source: unknown, _args: unknown, _context: unknown, { fieldNodes }: GraphQLResolveInfo) => {
    isCode = known.has(fieldNodes);
    known.add(fieldNodes);
  };
  const text = (...given: Parameters<typeof note>) => {
    note(...given);
    return 'x';
  };
  const node = (...given: Parameters<typeof note>) => {
    note(...given);
    return {};
  };
  const resolvers = {
    Query: { a: text, b: text, node },
    Mutation: { b: text },
    Node: { __resolveType: () => 'Kind0' },
    ...Object.fromEntries(kinds.map((kind) => [kind, { id: () => '1', node: () => ({}), nodes: () => [{}] }])),
  };
  const schema = createSchema({ typeDefs, resolvers });
  const yoga = createYoga({ schema, plugins: [useExecution(options)], logging: false });

  async function run(query: string, variables?: object): Promise<{ readonly isCode: boolean; readonly body: string }> {
    const body = JSON.stringify({ query, variables });
    const headers = { 'content-type': 'application/json' };
    const answer = await yoga.fetch('http://x/graphql', { method: 'POST', headers, body });
    const told = { isCode, body: await answer.text() };
    await wait(1);
    return told;
  }

  /** How many of so many runs were those of code, and all that was answered. */
  async function times(count: number, query: string, variables?: object) {
    const bodies = new Set<string>();
    let compiled = 0;
    for (let index = 0; index < count; index += 1) {
      const { isCode, body } = await run(query, variables);
      bodies.add(body);
      if (isCode) compiled += 1;
    }
    return { compiled, bodies: [...bodies] };
  }

  return { run, times };
}

/** Called whenever code is made. */
const onMade = vi.hoisted(() => vi.fn());

vi.mock('graphql-jit', async (importOriginal) => {
  const original = await importOriginal<typeof import('graphql-jit')>();
  const compileQuery: typeof original.compileQuery = (...args) => {
    onMade();
    return original.compileQuery(...args);
  };
  return { ...original, compileQuery };
});

// Loading it takes longer than the runs of a test.
await import('graphql-jit');

it('makes code of a query that comes again and again, and of no mutation', async () => {
  const { times } = createRuns({ hotAfter: 2 });
  const { compiled } = await times(8, '{ a }');
  // The first one of code is not told from others.
  expect(compiled).toBeGreaterThan(0);
  expect(compiled).toBeLessThan(5);
  expect((await times(8, 'mutation { b }')).compiled).toBe(0);
});

it('takes and refuses the same variables, hot or not', async () => {
  const query = 'query ($in: In) { a(in: $in) }';
  for (const given of [{ in: [] }, { in: { x: 'y' } }, { in: { y: 1 } }, { in: 1 }, {}]) {
    const { run, times } = createRuns({ hotAfter: 0 });
    const cold = (await createRuns({ hotAfter: Number.POSITIVE_INFINITY }).run(query, given)).body;
    expect((await times(5, query, { in: { x: 1 } })).compiled).toBeGreaterThan(0);
    expect((await run(query, given)).body).toBe(cold);
  }
});

it('refuses a condition that is null, hot or not', async () => {
  const query = 'query ($is: Boolean = true) { a @include(if: $is) }';
  const { run, times } = createRuns({ hotAfter: 0 });
  const cold = (await createRuns({ hotAfter: Number.POSITIVE_INFINITY }).run(query, { is: null })).body;
  // As graphql 16 and 17 say it.
  expect(cold).toMatch(/must not be null|not to be null/);
  expect((await times(5, query)).compiled).toBeGreaterThan(0);
  expect((await run(query, { is: null })).body).toBe(cold);
});

const nest = (levels: number): string => (levels === 0 ? 'id' : `id node { nodes { ${nest(levels - 1)} } }`);

it.each([
  ['interfaces below interfaces', `{ node { ${nest(4)} } }`],
  ['fragments below fragments', `{ node { ...A } } ${[0, 1, 2, 3].map(toFragment).join(' ')}`],
  ['keys that come again in the code', `{ node { ${'x'.repeat(30_000)}: node { node { id } } } }`],
  ['arguments that do', `{ node { node { node(text: "${'x'.repeat(30_000)}") { id } } } }`],
])('makes none where it would be too much: %s', async (_, query) => {
  const [plain, hot] = [createRuns({ hotAfter: Number.POSITIVE_INFINITY }), createRuns({ hotAfter: 0 })];
  const { compiled, bodies } = await hot.times(6, query);
  expect(compiled).toBe(0);
  expect(bodies).toEqual([(await plain.run(query)).body]);
});

function toFragment(index: number): string {
  const [name = '', next] = ['A', 'B', 'C', 'D'].slice(index);
  return `fragment ${name} on Node { id ${[0, 1, 2].map((i) => `n${i}: node { ${next ? `...${next}` : 'id'} }`).join(' ')} }`;
}

it('runs what was left to graphql-js as often as it likes, and makes code of others', async () => {
  const { times } = createRuns({ hotAfter: 0, maxCharacters: 5000 });
  onMade.mockClear();
  expect((await times(5, `{ node { ${nest(1)} } }`)).compiled).toBe(0);
  expect(onMade).not.toHaveBeenCalled();
  expect((await times(5, '{ a b }')).compiled).toBeGreaterThan(0);
  expect(onMade).toHaveBeenCalledOnce();
});

it('forgets the code that was not used for longest, and makes it again only of what comes as often again', async () => {
  // An eighth is the most that one may take, and that is about what each of these does.
  const { times } = createRuns({ hotAfter: 3, maxBytes: 96 * 1024 });
  const queries = Array.from({ length: 12 }, (_, index) => `{ a } # ${index}`);
  for (const query of queries) expect((await times(7, query)).compiled).toBeGreaterThan(0);
  onMade.mockClear();
  const [first = '', last = ''] = [queries[0], queries.at(-1)];
  expect((await times(3, last)).compiled).toBe(3);
  expect((await times(3, first)).compiled).toBe(0);
  expect(onMade).not.toHaveBeenCalled();
  expect((await times(4, first)).compiled).toBeGreaterThan(0);
  expect(onMade).toHaveBeenCalledOnce();
});

it('makes none of what is too large to be kept beside all others', async () => {
  const { times } = createRuns({ hotAfter: 0, maxBytes: 16 * 1024 });
  onMade.mockClear();
  expect((await times(5, '{ a }')).compiled).toBe(0);
  expect(onMade).toHaveBeenCalledOnce();
});

it('makes code of one operation in a turn', async () => {
  const { run } = createRuns({ hotAfter: 0 });
  let turn = 0;
  const turns: number[] = [];
  onMade.mockReset().mockImplementation(() => void turns.push(turn));
  const queries = Array.from({ length: 5 }, (_, index) => `{ a } # ${index}`);
  const counting = new AbortController();
  const counted = (async () => {
    for (; !counting.signal.aborted; turn += 1) await nextTurn();
  })();
  for (let round = 0; round < 8; round += 1) await Promise.all(queries.map((query) => run(query)));
  counting.abort();
  await counted;
  expect(turns).toHaveLength(queries.length);
  expect(new Set(turns).size).toBe(queries.length);
});
