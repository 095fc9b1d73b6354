import { expect, it } from 'vitest';
import { toRequestId } from '../../../src/responses/request-id.ts';

it('is another one each time', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => toRequestId(null)));
  expect(ids.size).toBe(1000);
});

it('is short, however many there were: a million belong to a series', () => {
  const series = new Set<string>();
  let longest = 0;
  for (let count = 0; count <= 1_000_000; count += 1) {
    const id = toRequestId(undefined);
    series.add(id.slice(0, 6));
    longest = Math.max(longest, id.length);
  }
  expect(series.size).toBe(2);
  expect(longest).toBe(12);
});
