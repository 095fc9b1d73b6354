// Owns the tests of printing large values: the text is that of JSON.stringify, and all else has its turn meanwhile.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printInTurns } from '../../../src/plugins/print-in-turns.ts';
import { countLoopTurns } from '../../support/loop-turns.ts';

const date = { when: new Date(0), list: [new Date(0)] };

it.each([[null], [7], ['text'], [[]], [{}], [{ a: undefined, b: [undefined], c: () => 1 }], [date]])(
  'prints %j as JSON.stringify does',
  async (value) => {
    expect(String(await printInTurns(value, 1000))).toBe(JSON.stringify(value));
  },
);

it('prints whatever it is given as JSON.stringify does', async () => {
  const value = fc.object({ withNullPrototype: true, withSparseArray: true, maxDepth: 6, values: [fc.jsonValue()] });
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      const text = Buffer.from(JSON.stringify(given));
      expect(await printInTurns(given, text.length)).toEqual(text);
      expect(await printInTurns(given, text.length - 1)).toBeNull();
    }),
  );
});

/** A value in print, and how often all else had its turn meanwhile. */
async function printLarge(value: unknown, maxLength: number) {
  using loop = countLoopTurns();
  const text = await printInTurns(value, maxLength);
  return { text, turns: loop.turns };
}

it('gives way while it prints what is large, and ends where that is too large', async () => {
  const nodes = Array.from({ length: 400 }, (_, id) => ({ id, content: '\u0001"\n'.repeat(20_000) }));
  const value = { posts: { nodes } };
  const whole = await printLarge(value, 1e9);
  expect(String(whole.text)).toBe(JSON.stringify(value));
  expect(whole.turns).toBeGreaterThan(5);
  const cut = await printLarge(value, 2_000_000);
  expect(cut.text).toBeNull();
  expect(cut.turns).toBeLessThan(whole.turns / 4);
});
