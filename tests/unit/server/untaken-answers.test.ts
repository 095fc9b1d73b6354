// Owns the tests of what clients leave untaken: one bound for all, by what was not taken for longest, and an end in time.

import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atOnceMs, createUntakenAnswers, type UntakingSocket, untakenMs } from '../../../src/server/untaken-answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class StandInSocket extends EventEmitter {
  destroyed = false;
  writableLength = 1;

  resetAndDestroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function start(maxBytes = 100) {
  const onEnd = vi.fn();
  const untaken = createUntakenAnswers({ maxBytes, onEnd });
  const sockets: StandInSocket[] = [];
  const open = () => {
    const socket = new StandInSocket();
    sockets.push(socket);
    return socket;
  };
  const give = (socket: UntakingSocket, bytes: number | Buffer) =>
    untaken.give(socket, typeof bytes === 'number' ? Buffer.alloc(bytes) : bytes);
  return { open, give, onEnd, cut: () => sockets.map(({ destroyed }) => destroyed) };
}

describe('answers that are not taken', () => {
  it('end the connections whose clients took nothing for longest, until the rest fits', () => {
    const { open, give, onEnd, cut } = start(100);
    const first = give(open(), 40);
    give(open(), 40);
    give(open(), 20);
    vi.advanceTimersByTime(1);
    first.took();
    give(open(), 1);
    vi.advanceTimersByTime(atOnceMs - 2);
    // Nobody has had the time to take what is there.
    expect(cut()).toEqual([false, false, false, false]);
    vi.advanceTimersByTime(2);
    expect(cut()).toEqual([false, true, false, false]);
    give(open(), 50);
    expect(cut()).toEqual([false, true, true, false, false]);
    expect(onEnd).toHaveBeenCalledTimes(2);
  });

  it('hold nothing any more once they are taken, or their client has left', () => {
    const { open, give, cut } = start(100);
    give(open(), 50).end();
    const leaving = open();
    give(leaving, 50);
    const late = give(leaving, 50);
    leaving.resetAndDestroy();
    // What is behind it is told of as well.
    late.took();
    late.end();
    give(leaving, 100);
    give(open(), 50);
    give(open(), 50);
    vi.advanceTimersByTime(2 * atOnceMs);
    expect(cut()).toEqual([false, true, false, false]);
  });

  it('may be one alone that is larger, but not two on one connection', () => {
    const { open, give, cut } = start(100);
    const socket = open();
    give(socket, 200);
    vi.advanceTimersByTime(2 * atOnceMs);
    expect(cut()).toEqual([false]);
    give(socket, 1);
    expect(cut()).toEqual([true]);
  });

  it('hold a body that is given to many once', () => {
    const { open, give, cut } = start(100);
    const body = Buffer.alloc(60);
    const given = [give(open(), body), give(open(), body)];
    give(open(), 40);
    given[0]?.end();
    vi.advanceTimersByTime(2 * atOnceMs);
    expect(cut()).toEqual([false, false, false]);
    given[1]?.end();
    give(open(), 60);
    vi.advanceTimersByTime(2 * atOnceMs);
    expect(cut()).toEqual([false, false, false, false]);
  });

  it('end a connection of which nothing is taken for long, and none of which something is', () => {
    const { open, give, onEnd, cut } = start();
    give(open(), 1);
    const slow = give(open(), 1);
    const waits = open();
    // It took what there was before: its next answer is being made.
    waits.writableLength = 0;
    give(waits, 1);
    for (let ms = 0; ms < 2 * untakenMs; ms += untakenMs / 4) {
      vi.advanceTimersByTime(untakenMs / 4);
      slow.took();
    }
    expect(cut()).toEqual([true, false, false]);
    waits.writableLength = 1;
    vi.advanceTimersByTime(2 * untakenMs);
    expect(cut()).toEqual([true, true, true]);
    expect(onEnd).toHaveBeenCalledTimes(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('listen to a connection no longer than they are on their way', () => {
    const { open, give } = start();
    const socket = open();
    for (let count = 0; count < 20; count += 1) give(socket, 1).end();
    expect(socket.listenerCount('close')).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
