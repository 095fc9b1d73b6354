// Who follows changes gets each once and in order, and is told where it is too far behind.

import { expect, it } from 'vitest';
import { maxListed } from '../../../src/changes/backlog.ts';
import { type Change, createChangeStream } from '../../../src/changes/change-stream.ts';
import { createFollowChanges } from '../../../src/changes/follow-changes.ts';

const post = (id: number): Change => ({
  ...{ type: 'Post', id, action: 'updated', tags: [`post:${id}`], source: 'watcher' },
});
const everything: Change = { type: null, id: null, action: 'updated', tags: null, source: 'webhook' };

function open() {
  const stream = createChangeStream();
  const follow = createFollowChanges(stream);
  return { stream, follow, publish: (...changes: Change[]) => stream.publish({ changes, isOwn: true }) };
}

it('gives what is wanted, whether the client waits for it or not', async () => {
  const { follow, publish } = open();
  const changes = follow(({ id }) => id !== 2);
  const first = changes.next();
  publish(post(2));
  publish(post(1), post(3));
  expect([(await first).value, (await changes.next()).value]).toEqual([post(1), post(3)]);
  publish(everything);
  expect((await changes.next()).value).toEqual(everything);
});

it('ends when it is told to, when the client leaves, and leaves nothing behind', async () => {
  const { stream, follow } = open();
  const client = new AbortController();
  const left = follow(() => true, client.signal);
  const returned = follow(() => true);
  const waiting = [left.next(), returned.next()];
  expect(stream.listeners).toBe(2);
  client.abort();
  await returned.return?.();
  expect(await Promise.all(waiting)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  expect(stream.listeners).toBe(0);
  expect(await follow(() => true, client.signal).next()).toEqual({ done: true, value: undefined });
  expect(stream.listeners).toBe(0);
});

it('tells a client that is too far behind that everything changed, once', async () => {
  const { follow, publish } = open();
  const changes = follow(() => true);
  for (let id = 1; id <= maxListed + 1; id += 1) publish(post(id));
  publish(post(1));
  const { value } = await changes.next();
  expect(value).toMatchObject({ type: null, id: null, tags: null });
  publish(post(7));
  expect((await changes.next()).value).toEqual(post(7));
});

it('gathers no more tags than changes for a client that does not read', async () => {
  const { follow, publish } = open();
  const changes = follow(() => true);
  const tagged = (index: number): Change => ({ ...everything, tags: [`uri:/${index}/`] });
  for (let index = 1; index <= maxListed; index += 1) publish(tagged(index));
  expect((await changes.next()).value?.tags).toHaveLength(maxListed);
  for (let index = 0; index <= maxListed; index += 1) publish(tagged(index));
  expect((await changes.next()).value).toEqual(everything);
});
