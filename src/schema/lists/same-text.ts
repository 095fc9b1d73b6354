// Owns which texts are the same to the database: those that differ in case and accents alone.

import { onceForLists, onceForTexts } from '../../long-lists.ts';

const { compare } = new Intl.Collator('en', { sensitivity: 'base' });

/** Whether two texts are the same to the database. */
export function isSameText(a: string, b: string): boolean {
  return compare(a, b) === 0;
}

/** WordPress keeps 200 characters of a name; thousands of accents alone would take a millisecond to compare with each. */
const longestName = 1000;

/** Tells of a name whether it is one of some. They are sorted, and names that come again remembered: there may be thousands of both. */
export const isOneOf = onceForLists((texts: readonly string[]): ((text: string) => boolean) => {
  const sorted = [...new Set(texts)].filter(({ length }) => length <= longestName).sort(compare);
  const known = new Map<string, boolean>();
  return (text) => {
    const found = known.get(text) ?? isAmong(sorted, text);
    known.set(text, found);
    return found;
  };
});

function isAmong(sorted: readonly string[], text: string): boolean {
  let [start, end] = [0, sorted.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    const order = compare(sorted[middle] ?? '', text);
    if (order === 0) return true;
    if (order < 0) start = middle + 1;
    else end = middle;
  }
  return false;
}

/** A text without case and accents, as the database searches for it. */
export const toPlain = onceForTexts((text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
