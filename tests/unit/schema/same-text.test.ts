// Owns the tests of which texts are the same to the database.

import { afterEach, describe, expect, it, vi } from 'vitest';

/** Counts the comparisons of whatever is loaded after it. */
function countComparisons() {
  const compare = vi.fn(new Intl.Collator('en', { sensitivity: 'base' }).compare);
  vi.stubGlobal('Intl', {
    Collator: class {
      readonly compare = compare;
    },
  });
  return compare;
}

async function load() {
  vi.resetModules();
  return import('../../../src/schema/lists/same-text.ts');
}

const many = (length: number, text: (index: number) => string) => Array.from({ length }, (_, i) => text(i));

describe('whether a text is one of some', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('compares nothing with what is longer than any name', async () => {
    const compare = countComparisons();
    const { isOneOf } = await load();
    const accents = many(2, (i) => '\u0301'.repeat(1001 + i));
    expect([isOneOf(accents)('a'), isOneOf([...accents, 'b', 'Á'])('a')]).toEqual([false, true]);
    expect(compare.mock.calls.flat().filter(({ length }) => length > 1000)).toEqual([]);
  });

  it.each([
    ['case', 'COFFEE', 'coffee'],
    ['accents', 'Café', 'cafe'],
    ['a sharp s', 'Straße', 'STRASSE'],
    ['ligatures', 'Æther', 'aether'],
    ['strokes', 'Øl', 'ol'],
    ['width', 'Ａ', 'a'],
    ['kana', 'カ', 'か'],
    ['a dotted I', 'İstanbul', 'istanbul'],
  ])('is so in spite of %s, as for one text alone', async (_, wanted, given) => {
    const { isOneOf, isSameText } = await load();
    const others = many(300, (i) => `other ${i}`);
    expect(isSameText(wanted, given)).toBe(true);
    expect(isOneOf([wanted])(given)).toBe(true);
    expect(isOneOf([...others, wanted])(given)).toBe(true);
    expect(isOneOf(others)(given)).toBe(false);
  });

  it.each([
    ['a dotless i', 'ı', 'i'],
    ['a space at the end', 'a ', 'a'],
    ['vowel signs', 'कि', 'की'],
    ['nothing', 'a', ''],
  ])('is not so for %s', async (_, wanted, given) => {
    const { isOneOf } = await load();
    expect(isOneOf([wanted, 'b'])(given)).toBe(false);
  });

  it('takes a few comparisons for thousands of texts, and none for one that comes again', async () => {
    const compare = countComparisons();
    const { isOneOf } = await load();
    const wanted = many(4800, (i) => `n${i}`);
    const texts = many(300, (i) => `Category ${i}`);
    for (let list = 0; list < 44; list += 1) expect(texts.some(isOneOf(wanted))).toBe(false);
    expect(compare.mock.calls.length).toBeLessThan(4800 * 13 + 300 * 13);
  });
});
