// Ids of a stream are told apart by both of their numbers, also those that were kept as one.

import { expect, it } from 'vitest';
import { isLater, laterOf, parseId } from '../../../src/cache/redis/stream-entries.ts';

const inOrder = ['0-0', '9-5', '10-0', '10-9', '10-999', '10-1000', '10-1001', '1700000000000-0'];

it('come in the order of the stream', () => {
  for (const [index, id] of inOrder.entries()) {
    expect(inOrder.filter((other) => isLater(other, id))).toEqual(inOrder.slice(index + 1));
    for (const [at, other] of inOrder.entries()) expect(laterOf(id, other)).toBe(inOrder[Math.max(index, at)]);
  }
});

it('are read from what was one number, and nothing from what is none', () => {
  expect(parseId(1_700_000_000_123_007)).toBe('1700000000123-7');
  expect(parseId('1700000000123-1007')).toBe('1700000000123-1007');
  for (const given of [null, undefined, '', '1', '1-', '-1', '1-x', '1-1-1', -1, 1.5, Number.NaN, {}])
    expect(parseId(given)).toBeUndefined();
});
