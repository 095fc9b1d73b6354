// Everybody who listens hears every change in order, and nobody who left.

import { describe, expect, it } from 'vitest';
import { type Changes, createChangeStream } from '../../../src/changes/change-stream.ts';

function changesOf(id: number): Changes {
  return {
    changes: [{ type: 'Post', id, action: 'updated', tags: [`post:${id}`], source: 'watcher' }],
    isOwn: true,
  };
}

function idsOf({ changes }: Changes) {
  return changes.map(({ id }) => id);
}

describe('a stream of changes', () => {
  it('tells all who listen, in order', () => {
    const stream = createChangeStream();
    const heard: unknown[] = [];
    stream.subscribe((changes) => heard.push(['first', ...idsOf(changes)]));
    stream.subscribe((changes) => heard.push(['second', ...idsOf(changes)]));
    stream.publish(changesOf(1));
    stream.publish(changesOf(2));
    expect(heard).toEqual([
      ['first', 1],
      ['second', 1],
      ['first', 2],
      ['second', 2],
    ]);
  });

  it('tells nothing of nothing', () => {
    const stream = createChangeStream();
    const heard: Changes[] = [];
    stream.subscribe((changes) => heard.push(changes));
    stream.publish({ changes: [], isOwn: true });
    expect(heard).toEqual([]);
  });

  it('tells who left nothing more, also where the same listener came twice', () => {
    const stream = createChangeStream();
    const heard: (number | null)[] = [];
    const listener = (changes: Changes) => heard.push(...idsOf(changes));
    const stop = stream.subscribe(listener);
    const controller = new AbortController();
    stream.subscribe(listener, controller.signal);
    expect(stream.listeners).toBe(2);
    stop();
    stop();
    stream.publish(changesOf(1));
    expect(heard).toEqual([1]);
    controller.abort();
    stream.publish(changesOf(2));
    expect([heard, stream.listeners]).toEqual([[1], 0]);
  });

  it('does not begin for a signal that is aborted', () => {
    const stream = createChangeStream();
    stream.subscribe(() => expect.unreachable(), AbortSignal.abort());
    stream.publish(changesOf(1));
    expect(stream.listeners).toBe(0);
  });
});
