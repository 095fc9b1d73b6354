// Owns the test of reading `where` arguments: what is not given is not made anew for each list.

import { expect, it } from 'vitest';
import { whereOf } from '../../../src/schema/lists/where.ts';

it('has the same empty list for all texts that are not given', () => {
  const texts = whereOf({ tagSlugIn: ['a'] }).texts('tagSlugAnd');
  expect(texts).toEqual([]);
  expect(whereOf(null).texts('nameIn')).toBe(texts);
});
