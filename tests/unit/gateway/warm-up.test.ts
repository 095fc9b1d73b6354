// Owns the test of what runs after the start: each piece while the gateway runs, and no more of them once it stops.

import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { warmUp } from '../../../src/gateway/warm-up.ts';
import { createOutcome } from '../../../src/responses/outcome.ts';

const schema = buildSchema('type Query { hello: String }');

/** Counts what is asked of the gateway, and tells when it is. */
function countPieces(onAsked: (asked: number) => void) {
  const counts = { schemas: 0, requests: 0 };
  const asked = () => onAsked(counts.schemas + counts.requests);
  const options = {
    schemaOf() {
      counts.schemas += 1;
      asked();
      return schema;
    },
    runner: {
      toRequest: (path: string) => new Request(`http://gateway${path}`),
      async run() {
        counts.requests += 1;
        asked();
        return { status: 200, headers: [], body: Buffer.alloc(0), outcome: createOutcome() };
      },
    },
  };
  return { counts, options };
}

it('runs a piece at a time, and stops when it is told to', async () => {
  const controller = new AbortController();
  const { counts, options } = countPieces((asked) => {
    if (asked === 3) controller.abort();
  });
  await warmUp(options, controller.signal);
  expect(counts).toEqual({ schemas: 2, requests: 1 });
});

it('goes to its end, also where the schema has none of what it asks for', async () => {
  const { counts, options } = countPieces(() => {});
  await warmUp(options, new AbortController().signal);
  expect(counts.requests).toBe(1);
  expect(counts.schemas).toBeGreaterThan(2);
});
