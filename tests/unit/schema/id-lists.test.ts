// Owns the tests of what two lists of ids come to, each pair once where one of them is long.

import { expect, it, vi } from 'vitest';
import { inBoth, together, without } from '../../../src/schema/lists/id-lists.ts';

const from = (first: number, length = 200) => Array.from({ length }, (_, index) => first + index);

it('is made once for two long lists, without their texts', () => {
  const [ids, others, more] = [from(1), from(101), from(151)];
  const join = vi.spyOn(Array.prototype, 'join');
  const left = without(ids, others);
  expect(left).toEqual(from(1, 100));
  expect(without(ids, others)).toBe(left);
  expect(without(ids, more)).toEqual(from(1, 150));
  expect(without(others, ids)).toEqual(from(201, 100));
  expect(inBoth(ids, others)).toEqual(from(101, 100));
  expect(together(ids, others)).toEqual(from(1, 300));
  expect(join).not.toHaveBeenCalled();
  join.mockRestore();
});

it('is made once for a long list and a short one of the same ids', () => {
  const ids = from(1);
  expect(without(ids, [1, 2])).toBe(without(ids, [1, 2]));
  expect(without(ids, [1, 3])).not.toContain(3);
  expect(inBoth([5, 900], ids)).toEqual([5]);
});
