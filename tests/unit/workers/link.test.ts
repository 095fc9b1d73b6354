// Owns the tests of what is under way between processes: bounded, and no purge is lost.

import { expect, it } from 'vitest';
import { createLink } from '../../../src/workers/link.ts';
import type { WorkerMessage } from '../../../src/workers/messages.ts';

const document = 'x'.repeat(64 * 1024);
const learn: WorkerMessage = { headgate: 'learn', content: document };
const purgeOf = (tag: string): WorkerMessage => ({ headgate: 'purge', content: { tags: [tag] } });
const watch: WorkerMessage = { headgate: 'watch', content: null };

/** A line of which the other end takes in only what it is made to. */
function openLine() {
  const underWay: { readonly message: WorkerMessage; readonly onLeft: () => void }[] = [];
  const send = createLink((message, onLeft) => void underWay.push({ message, onLeft }));
  return {
    send,
    messages: () => underWay.map(({ message }) => message),
    /** Lets the other end take in a number of messages, the oldest first. */
    take: (count: number) => {
      const taken = underWay.splice(0, count);
      for (const { onLeft } of taken) onLeft();
      return taken.map(({ message }) => message);
    },
  };
}

it('drops documents while a mebibyte of them is under way', () => {
  const { send, messages, take } = openLine();
  for (let count = 0; count < 1000; count += 1) send(learn);
  expect(messages()).toHaveLength(17);
  take(3);
  for (let count = 0; count < 1000; count += 1) send(learn);
  expect(messages()).toHaveLength(17);
});

it('sends purges and all else as they are while documents flood it', () => {
  const { send, messages } = openLine();
  for (let count = 0; count < 1000; count += 1) send(learn);
  send(purgeOf('post:1'));
  send(watch);
  expect(messages().slice(-2)).toEqual([purgeOf('post:1'), watch]);
});

it('makes one purge of everything of those for which there is no room, and sends it when there is', () => {
  const { send, messages, take } = openLine();
  for (let count = 0; count < 1000; count += 1) send(purgeOf(document));
  const before = messages().length;
  expect(before * document.length).toBeGreaterThan(7 * 1024 * 1024);
  expect(before * document.length).toBeLessThan(9 * 1024 * 1024);
  send(watch);
  take(1);
  take(1);
  expect(messages().slice(-2)).toEqual([watch, { headgate: 'purge', content: { tags: null } }]);
  send(purgeOf('post:1'));
  expect(take(1000).at(-1)).toEqual(purgeOf('post:1'));
  expect(messages()).toEqual([]);
});
