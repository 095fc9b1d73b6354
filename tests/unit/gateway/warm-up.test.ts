// Owns the test of what runs after the start: each piece while the gateway runs, and no more of them once it stops.

import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { warmUp } from '../../../src/gateway/warm-up.ts';

const schema = buildSchema('type Query { hello: String }');

it('runs a piece at a time, and stops when it is told to', async () => {
  const controller = new AbortController();
  let asked = 0;
  await warmUp(() => {
    asked += 1;
    if (asked === 2) controller.abort();
    return schema;
  }, controller.signal);
  expect(asked).toBe(2);
});

it('goes to its end, also where the schema has none of what it asks for', async () => {
  let asked = 0;
  await warmUp(() => {
    asked += 1;
    return schema;
  }, new AbortController().signal);
  expect(asked).toBeGreaterThan(2);
});
