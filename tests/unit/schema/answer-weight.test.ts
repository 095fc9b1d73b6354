// Owns the tests of what fields weigh in an answer: no way to make it large goes uncounted, whoever executes.

import { execute, type GraphQLSchema, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { createLimits } from '../../../src/limits.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { createBuilder } from '../../../src/schema/builder.ts';

const long = 'x'.repeat(1000);
const maxBytes = 20_000;

const schema = buildSchema();

function buildSchema(): GraphQLSchema {
  const builder = createBuilder();
  builder.scalar('JSON', 'Any value.');
  builder.object('Leaf', {
    fields: {
      id: { type: 'ID!', resolve: () => 'cG9zdDox' },
      text: { type: 'String', resolve: () => long },
      later: { type: 'String', resolve: async () => long },
      texts: { type: '[String!]', resolve: () => [long, long] },
      json: { type: 'JSON', resolve: () => ({ list: [{ text: long }] }) },
      wide: { type: 'String', resolve: () => '漢'.repeat(1000) },
      number: { type: 'Int', resolve: () => 7 },
      required: { type: 'String!', resolve: () => long },
      failing: {
        type: 'String',
        resolve() {
          throw new UserError(long);
        },
      },
      failingLater: {
        type: 'String',
        async resolve() {
          throw new UserError(long);
        },
      },
      failingObject: {
        type: 'Leaf',
        async resolve() {
          throw new UserError(long);
        },
      },
      self: { type: 'Leaf', resolve: () => ({}) },
    },
  });
  builder.query({ leaves: { type: '[Leaf!]', resolve: () => Array.from({ length: 100 }, () => ({})) } });
  return builder.build();
}

const fragment = 'fragment F on Leaf { f: number }';

async function run(selection: string, isCompiled: boolean, limit = maxBytes) {
  const document = parse(`{ leaves { ${selection} } } ${selection.includes('...F') ? fragment : ''}`);
  const contextValue = { trace: createTrace({ limits: createLimits({ resultBytes: limit }) }) };
  const compiled = isCompiled ? compileQuery(schema, document) : null;
  const { data, errors = [] } =
    compiled && isCompiledQuery(compiled)
      ? await compiled.query({}, contextValue, {})
      : await execute({ schema, document, contextValue });
  return { data, errors, bytes: JSON.stringify({ data, errors }).length };
}

describe.each([
  ['graphql-js', false],
  ['compiled', true],
])('%s', (_executor, isCompiled) => {
  it.each([
    ['texts', 'a: text b: text'],
    ['texts that come later', 'a: later b: later'],
    ['lists of texts', 'texts'],
    ['texts in JSON', 'json'],
    ['long names of fields', `${long}: number`],
    ['long names of types', `${long}: __typename`],
    ['the same of objects in objects', `self { ... on Leaf { ${long}: __typename } }`],
    ['errors', 'a: failing b: failing c: failing'],
    ['errors that come later', 'a: failingLater b: failingLater c: failingLater'],
    ['texts that cannot be null', 'self { required }'],
    ['texts below many objects', 'self { self { self { text ...F } } }'],
  ])('bounds %s', async (_name, selection) => {
    const unbounded = await run(selection, isCompiled, 100_000_000);
    expect(unbounded.bytes).toBeGreaterThan(99_000);
    const { errors, bytes } = await run(selection, isCompiled);
    expect(bytes).toBeLessThan(Math.max(3 * maxBytes, 21 * 2000));
    expect(errors.map(({ message }) => message)).toContain(`The answer is larger than ${maxBytes} bytes.`);
  });

  it('keeps what was read, and says twenty times that the rest is missing', async () => {
    const { data, errors } = await run('id number text', isCompiled, 30_000);
    const leaves: unknown = data?.['leaves'];
    expect(leaves).toHaveLength(100);
    const read = { id: 'cG9zdDox', number: 7, text: long };
    expect(Object(leaves)[0]).toEqual(read);
    expect(Object(leaves)[99]).toEqual({ id: 'cG9zdDox', number: null, text: null });
    expect(errors).toHaveLength(20);
  });

  it('counts what a text is in UTF-8', async () => {
    const { data } = await run('wide', isCompiled, 160_000);
    const leaves: unknown[] = Object(data?.['leaves']);
    expect(leaves.filter((leaf) => Object(leaf).wide !== null)).toHaveLength(50);
  });

  it.each(['failing', 'failingLater', 'failingObject'])('tells no more than so many errors of %s', async (field) => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const nested = field === 'failingObject' ? `${field} { id }` : field;
    const { data, errors } = await run(
      `id number ${keys.map((key) => `${key}: ${nested}`).join(' ')}`,
      isCompiled,
      100_000_000,
    );
    const told = errors.map(({ message }) => message.slice(0, 40));
    expect(told.filter((message) => message.startsWith('xxx'))).toHaveLength(500);
    expect(told.filter((message) => message === 'The answer has more than 500 errors.')).toHaveLength(20);
    expect(told).toHaveLength(520);
    const leaves: unknown[] = Object(data?.['leaves']);
    expect(leaves[99]).toEqual({ id: 'cG9zdDox', number: 7, ...Object.fromEntries(keys.map((key) => [key, null])) });
  });

  it('takes an answer that is as large as it may be', async () => {
    const { errors } = await run('text', isCompiled, 120_000);
    expect(errors).toEqual([]);
  });
});
