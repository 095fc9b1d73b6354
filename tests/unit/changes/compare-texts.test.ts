// Texts are in an order only where all collations of a database have them in it.

import { expect, it } from 'vitest';
import { compareTexts } from '../../../src/changes/compare-texts.ts';

it.each<[string, string, 'before' | 'after' | 'unknown']>([
  ['Ash', 'Oak', 'before'],
  ['oak', 'Ash', 'after'],
  ['Oak 10', 'Oak 9', 'before'],
  ['9 lives', 'Nine lives', 'before'],
  ['Oak', 'Oakley', 'before'],
  ['an-oak', 'anoak', 'before'],
  ['%e6%9d', 'field-notes', 'before'],
  ['Oak', 'Дуб', 'before'],
  ['樫', 'Oak', 'after'],
  ['مرحبا', 'Oak', 'after'],
  ['Über', 'Ash', 'after'],
  // Equal but for case and accents, so that what follows may decide, or one of them.
  ['Äsche', 'Ash', 'unknown'],
  ['Über', 'Zebra', 'unknown'],
  ['🎉 Oak', 'Ash', 'unknown'],
  ['_oak', 'ash', 'unknown'],
  ['“Oak”', 'Ash', 'unknown'],
  ['樫', 'Дуб', 'unknown'],
  ['Oak &#038; Ash', 'Oak &#8217;n', 'unknown'],
  // Some collations fill the shorter one up with spaces.
  ['Oak', 'Oak tree', 'unknown'],
  ['Oak', 'Oak', 'unknown'],
])('%s and %s', (one, other, expected) => {
  const named = (compared: number | null) => (compared === null ? 'unknown' : compared < 0 ? 'before' : 'after');
  expect(named(compareTexts(one, other))).toBe(expected);
  const reverse = expected === 'before' ? 'after' : expected === 'after' ? 'before' : 'unknown';
  expect(named(compareTexts(other, one))).toBe(reverse);
});
