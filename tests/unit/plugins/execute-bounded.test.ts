// Owns the test of which variables are so small that all errors of them may be told.

import { expect, it } from 'vitest';
import { areSmall } from '../../../src/plugins/execute-bounded.ts';

const many = (count: number) => Array.from({ length: count }, () => 1);

it.each<[string, unknown, boolean]>([
  ['none', undefined, true],
  ['null', null, true],
  ['a few', { first: 10, after: 'x', where: { in: many(100), search: null } }, true],
  ['many', { in: many(300) }, false],
  ['many in many', { in: many(30).map(() => many(30)) }, false],
  ['a long text', { search: 'x'.repeat(20_000) }, false],
  ['long names', { where: { ['x'.repeat(20_000)]: 1 } }, false],
])('%s: %#', (_what, variables, isSmall) => {
  expect(areSmall(variables)).toBe(isSmall);
});
