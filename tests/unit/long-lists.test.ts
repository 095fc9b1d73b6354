// Owns the tests of what is made of long lists.

import { describe, expect, it, vi } from 'vitest';
import { onceForLists, onceForTexts, onceInARow } from '../../src/long-lists.ts';

const many = (length: number) => Array.from({ length }, (_, index) => index);

describe('what is made of a list', () => {
  it('is made once where the list is long, whatever it is', () => {
    const make = vi.fn((list: readonly number[]) => (list.length > 200 ? undefined : list.length));
    const once = onceForLists(make);
    const [long, longer] = [many(200), many(201)];
    expect([once(long), once(long), once(longer), once(longer)]).toEqual([200, 200, undefined, undefined]);
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('is of that list alone', () => {
    const sum = onceForLists((list: readonly number[]) => list.reduce((total, item) => total + item, 0));
    expect(sum(many(101))).toBe(5050);
    expect(sum([...many(101), 1])).toBe(5051);
    expect(sum([1, 2])).toBe(3);
  });
});

describe('what is made of a long text', () => {
  it('is made once, as often as it comes beside others', () => {
    const make = vi.fn((text: string) => text.length);
    const once = onceForTexts(make);
    const [long, longer] = ['é'.repeat(200), 'é'.repeat(201)];
    expect([once(long), once(longer), once(`${long}`), once(longer)]).toEqual([200, 201, 200, 201]);
    expect(make).toHaveBeenCalledTimes(2);
    expect([once('é'), once('é')]).toEqual([1, 1]);
    expect(make).toHaveBeenCalledTimes(4);
  });

  it('is forgotten where texts are more than a request holds', () => {
    const make = vi.fn((text: string) => text.length);
    const once = onceForTexts(make);
    const texts = Array.from('abc', (letter) => letter.repeat(100 * 1024));
    for (const text of [...texts, ...texts.slice(2), ...texts.slice(0, 1)]) once(text);
    expect(make.mock.calls.map(([text]) => text[0]).join('')).toBe('abca');
  });
});

it('is made of an object once in a row', () => {
  const make = vi.fn(({ name }: { name: string }) => (name === 'none' ? undefined : name));
  const once = onceInARow(make);
  const [one, none] = [{ name: 'one' }, { name: 'none' }];
  expect([once(one), once(one), once(none), once(none), once(one)]).toEqual([
    'one',
    'one',
    undefined,
    undefined,
    'one',
  ]);
  expect(make).toHaveBeenCalledTimes(3);
});
