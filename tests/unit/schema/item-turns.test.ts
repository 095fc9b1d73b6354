// Owns the tests of lists whose objects come one after the other: where executors read many literal values anew for each.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ExecutionArgs, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { expect, it } from 'vitest';
import { createTrace, type Trace } from '../../../src/loaders/trace.ts';
import { executeBounded } from '../../../src/plugins/execute-bounded.ts';
import { createBuilder } from '../../../src/schema/builder.ts';

const builder = createBuilder();
let inThisTurn = 0;
let most = 0;
builder.object('Row', {
  fields: {
    text: {
      type: 'String',
      args: { of: '[String]' },
      resolve(source) {
        inThisTurn += 1;
        most = Math.max(most, inThisTurn);
        return String(source);
      },
    },
  },
});
const ids = Array.from({ length: 100 }, (_, index) => `row ${index}`);
builder.query({ rows: { type: '[Row!]', resolve: () => ids } });
const schema = builder.build();

/** A trace of an operation that has to give way whenever it asks. */
function createSlowTrace(): Trace {
  const trace = createTrace();
  const pause = async () => {
    await nextTurn();
    inThisTurn = 0;
  };
  return Object.assign(trace, { pace: { ...trace.pace, pause } });
}

async function run(values: number, execute: (args: ExecutionArgs) => unknown) {
  const list = Array.from({ length: values }, (_, index) => `"${index}"`);
  const document = parse(`{ rows { ...Texts } } fragment Texts on Row { text(of: [${list}]) }`);
  most = 0;
  const result = await execute({ schema, document, contextValue: { trace: createSlowTrace() } });
  expect(result).toEqual({ data: { rows: ids.map((text) => ({ text })) } });
  return most;
}

function executeCode({ document, contextValue }: ExecutionArgs): unknown {
  const compiled = compileQuery(schema, document);
  return isCompiledQuery(compiled) ? compiled.query({}, contextValue, {}) : compiled;
}

it('gives objects in turns where many values are asked of each', async () => {
  expect(await run(100, executeBounded)).toBeLessThan(3);
});

it('gives all objects at once where few values are', async () => {
  expect(await run(10, executeBounded)).toBe(100);
});

it('gives all objects at once to code, which has read the values before', async () => {
  expect(await run(100, executeCode)).toBe(100);
});
