// Owns the tests of what an answer is known to be made of.

import { expect, it } from 'vitest';
import type { Times } from '../../../src/cache/times.ts';
import { createTrace, limitFreshness } from '../../../src/loaders/trace.ts';

const said = (storedAt: number): Times => ({
  ...{ storedAt, freshUntil: storedAt + 10, staleUntil: storedAt + 20, errorUntil: storedAt + 30 },
});

it('is as old as its oldest part, and has as its news what stands still', () => {
  const trace = createTrace();
  limitFreshness(trace, said(200));
  limitFreshness(trace, said(100));
  limitFreshness(trace, { ...said(300), isPurged: true });
  expect(trace).toMatchObject({ storedAt: 100, freshUntil: 110, errorUntil: 130, newestAt: 200, isPurged: true });
});
