// Owns the tests of operations that end before they are done: what is left is left out, but for what is written.

import { setMaxListeners } from 'node:events';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { createTrace, type Trace } from '../../../src/loaders/trace.ts';
import { createBuilder } from '../../../src/schema/builder.ts';
import { openRecordedGateway, readRecording } from '../../support/recorded-gateway.ts';

interface Ending {
  /** How many rows are given before the operation ends. */
  readonly after: number;
  readonly controller: AbortController;
  given: number;
  writes: number;
}

interface EndingContext {
  readonly trace: Trace;
  readonly ending: Ending;
}

const late = new UserError('too late');

function endingOf(context: unknown): Ending {
  return (context as EndingContext).ending;
}

function buildSchema(): GraphQLSchema {
  const builder = createBuilder();
  builder.object('Row', {
    fields: {
      number: { type: 'Int', resolve: () => 7 },
      self: {
        type: 'Row',
        resolve(_source, _args, context) {
          const ending = endingOf(context);
          ending.given += 1;
          if (ending.given === ending.after) ending.controller.abort(late);
          return {};
        },
      },
      id: { type: 'ID!', resolve: () => 'cm93' },
      later: {
        type: 'Row',
        resolve: (_source, _args, context) =>
          new Promise((_resolve, reject) => {
            const { signal } = endingOf(context).controller;
            signal.addEventListener('abort', () => reject(new Error('what it waited for was ended')));
          }),
      },
    },
  });
  builder.query({ rows: { type: '[Row!]', resolve: () => Array.from({ length: 100 }, () => ({})) } });
  builder.mutation({
    write: {
      type: 'Row',
      async resolve(_source, _args, context) {
        const { writes } = endingOf(context);
        endingOf(context).writes = writes + 1;
        if (writes === 0) endingOf(context).controller.abort(late);
        else if (writes === 2) throw new UserError('not allowed');
        return {};
      },
    },
  });
  return builder.build();
}

const schema = buildSchema();

async function run(text: string, { after = 0, isCompiled = false }) {
  const document = parse(text);
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const ending: Ending = { after, controller, given: 0, writes: 0 };
  const contextValue: EndingContext = { trace: createTrace({ signal: controller.signal }), ending };
  const compiled = isCompiled ? compileQuery(schema, document) : null;
  const { data, errors = [] } =
    compiled && isCompiledQuery(compiled)
      ? await compiled.query({}, contextValue, {})
      : await execute({ schema, document, contextValue });
  return { data, messages: errors.map(({ message }) => message), ...ending };
}

it.each([false, true])('keeps what is there, and runs nothing of the rest; compiled: %s', async (isCompiled) => {
  const { data, messages, given } = await run('{ rows { id number self { number } } }', { after: 30, isCompiled });
  expect(given).toBe(30);
  const there = { id: 'cm93', number: 7 };
  const rows: unknown = data?.['rows'];
  expect(rows).toEqual([
    ...Array.from({ length: 30 }, () => ({ ...there, self: { number: 7 } })),
    ...Array.from({ length: 70 }, () => ({ ...there, self: null })),
  ]);
  expect(messages).toEqual(Array.from({ length: 20 }, () => 'too late'));
});

it.each([false, true])('fails by its end where it waited for something; compiled: %s', async (isCompiled) => {
  const { data, messages } = await run('{ rows { later { id } self { id } } }', { after: 100, isCompiled });
  const rows: unknown[] = Object(data?.['rows']);
  expect(rows.map((row) => Object(row).later)).toEqual(Array.from({ length: 100 }, () => null));
  expect(messages).toEqual(Array.from({ length: 20 }, () => 'too late'));
});

it('is written to its end, and says what of it was', async () => {
  const mutation = 'mutation { a: write { id self { id } } b: write { id } c: write { id } }';
  const { data, messages, writes } = await run(mutation, {});
  expect(writes).toBe(3);
  expect(data).toEqual({ a: { id: 'cm93', self: null }, b: { id: 'cm93' }, c: null });
  expect(messages).toEqual(['too late', 'not allowed']);
});

it('ends with the signal of its request, whether or not it reads', async () => {
  await using gateway = await openRecordedGateway(readRecording('a'));
  const query = '{ contentTypes { nodes { name } } }';
  const whole = await gateway.query(query);
  expect(whole).toMatchObject({ data: { contentTypes: { nodes: expect.arrayContaining([{ name: 'post' }]) } } });
  const ended = await gateway.query(query, {}, AbortSignal.abort(late));
  expect(ended).toMatchObject({ data: { contentTypes: null }, errors: [{ message: 'too late' }] });
});
