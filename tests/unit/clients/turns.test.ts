// Work waits for its turn: a few at a time of each key, in the order in which they came, without those who have left.

import { expect, it } from 'vitest';
import { createTurns } from '../../../src/clients/turns.ts';

/** Starts work that ends when it is told to, and tells what has begun. */
function openWork(most: number) {
  const inTurn = createTurns(most);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const start = (name: string, key = 'a', signal?: AbortSignal) =>
    inTurn(key, signal, () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      });
    });
  return { begun, start, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

it('begins with a few of each key, and goes on in order as they end, well or not', async () => {
  const { begun, start, end } = openWork(2);
  const all = ['1', '2', '3', '4'].map((name) => start(name));
  const other = start('other', 'b');
  await Promise.resolve();
  expect(begun).toEqual(['1', '2', 'other']);
  end('2', new Error('no'));
  await expect(all[1]).rejects.toThrow('no');
  expect(begun).toEqual(['1', '2', 'other', '3']);
  end('1');
  expect(await all[0]).toBe('1');
  expect(begun).toEqual(['1', '2', 'other', '3', '4']);
  for (const name of ['3', '4', 'other']) end(name);
  expect(await Promise.all([all[2], all[3], other])).toEqual(['3', '4', 'other']);
});

it('leaves out who has left, and gives nobody a place twice', async () => {
  const { begun, start, end } = openWork(1);
  const leaving = new AbortController();
  const first = start('1', 'a', leaving.signal);
  const left = start('2', 'a', leaving.signal);
  const last = start('3');
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(start('4', 'a', leaving.signal)).rejects.toThrow('gone');
  // What has begun goes on.
  expect(begun).toEqual(['1']);
  end('1');
  expect(await first).toBe('1');
  expect(begun).toEqual(['1', '3']);
  end('3');
  await last;
  const next = [start('5'), start('6')];
  await Promise.resolve();
  expect(begun).toEqual(['1', '3', '5']);
  end('5');
  await next[0];
  end('6');
  expect(await next[1]).toBe('6');
});
