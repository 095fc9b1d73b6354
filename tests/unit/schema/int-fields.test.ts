// Owns the tests of numbers that an `Int` cannot hold: WordPress's fault, in either executor, and never the gateway's.

import { execute, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { expect, it } from 'vitest';
import { FieldError } from '../../../src/errors.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { createBuilder } from '../../../src/schema/builder.ts';

/** What a field of a number comes to, given at once or later. */
async function ask(value: number, { type = 'Int', isCompiled = false } = {}) {
  const builder = createBuilder();
  builder.query({
    now: { type, resolve: () => value },
    later: { type, resolve: async () => value },
  });
  const schema = builder.build();
  const document = parse('{ now later }');
  const contextValue = { trace: createTrace() };
  const compiled = isCompiled ? compileQuery(schema, document) : null;
  const { data, errors = [] } =
    compiled && isCompiledQuery(compiled)
      ? await compiled.query({}, contextValue, {})
      : await execute({ schema, document, contextValue });
  return { data, errors };
}

const executors = [false, true];

it.each(executors)('is null with an error of its field; compiled: %s', async (isCompiled) => {
  for (const value of [2 ** 31, -(2 ** 31) - 1, 3_221_225_472, 1.5]) {
    const { data, errors } = await ask(value, { isCompiled });
    expect(data).toEqual({ now: null, later: null });
    expect(errors.map(({ path, message }) => [path, message])).toEqual(
      ['now', 'later'].map((name) => [[name], new FieldError(`RootQuery.${name}`, 'an integer of 32 bits', 1).message]),
    );
  }
});

it.each(executors)('is there where it fits; compiled: %s', async (isCompiled) => {
  for (const value of [0, 1, 2 ** 31 - 1, -(2 ** 31)]) {
    expect(await ask(value, { isCompiled })).toEqual({ data: { now: value, later: value }, errors: [] });
  }
  const asked = { type: 'Float', isCompiled };
  expect(await ask(2 ** 40, asked)).toEqual({ data: { now: 2 ** 40, later: 2 ** 40 }, errors: [] });
});
