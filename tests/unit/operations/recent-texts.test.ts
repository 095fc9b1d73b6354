import { describe, expect, it } from 'vitest';
import { createRecentTexts } from '../../../src/operations/recent-texts.ts';

describe('recent texts', () => {
  it('finds what was made of a text, and of no other', () => {
    const recent = createRecentTexts<number>(() => 0);
    const texts = Array.from({ length: 50 }, (_, index) => `?query=${'a'.repeat(400)}&variables=${index}`);
    for (const [index, text] of texts.entries()) {
      recent.set(text, index);
      expect(recent.get(`${text} `.slice(0, -1))).toBe(index);
    }
    for (const [index, text] of texts.entries()) expect([index, undefined]).toContain(recent.get(text));
  });

  it('tells texts apart that differ only where no sample is taken', () => {
    const recent = createRecentTexts<string>(({ length }) => 2 * length);
    const one = 'a'.repeat(320);
    const other = `${'a'.repeat(310)}b${'a'.repeat(9)}`;
    recent.set(one, 'one');
    expect(recent.get(other)).toBeUndefined();
    recent.set(other, 'other');
    expect(recent.get(other)).toBe('other');
    expect([undefined, 'one']).toContain(recent.get(one));
  });

  it('keeps nothing heavy', () => {
    const recent = createRecentTexts<string>(({ length }) => 2 * length);
    expect(recent.set('a', 'heavy'.repeat(2000))).toBe(false);
    expect(recent.get('a')).toBeUndefined();
  });

  it('keeps no long text, and takes an empty one', () => {
    const recent = createRecentTexts<string>(({ length }) => 2 * length);
    expect(recent.set('a'.repeat(5000), 'long')).toBe(false);
    expect(recent.set('', 'empty')).toBe(true);
    expect(recent.get('a'.repeat(5000))).toBeUndefined();
    expect(recent.get('')).toBe('empty');
  });
});
