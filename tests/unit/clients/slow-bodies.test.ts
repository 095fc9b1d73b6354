import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlowBodies } from '../../../src/clients/slow-bodies.ts';

describe('slow bodies', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function createRequest() {
    return Object.assign(new EventEmitter(), { complete: false, destroyed: false, destroy: vi.fn() });
  }

  it('closes the connection of a body that is not there in time, and of no other', () => {
    const bodies = createSlowBodies(1000);
    const [slow, read, complete] = [createRequest(), createRequest(), createRequest()];
    for (const request of [slow, read, complete]) bodies.watch(request);
    vi.advanceTimersByTime(1);
    bodies.forget(read);
    complete.complete = true;
    vi.advanceTimersByTime(900);
    expect(slow.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(slow.destroy).toHaveBeenCalledOnce();
    expect(read.destroy).not.toHaveBeenCalled();
    expect(complete.destroy).not.toHaveBeenCalled();
  });

  it('has a timer only while there is something to watch', () => {
    const bodies = createSlowBodies(1000);
    const [swift, left, read, late] = [createRequest(), createRequest(), createRequest(), createRequest()];
    bodies.watch(swift);
    swift.complete = true;
    vi.advanceTimersByTime(1);
    // It came with its headers, as most do.
    expect(vi.getTimerCount()).toBe(0);
    for (const request of [left, read]) bodies.watch(request);
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(1);
    bodies.forget(read);
    left.emit('close');
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    bodies.watch(late);
    vi.advanceTimersByTime(1100);
    expect(late.destroy).toHaveBeenCalledOnce();
    for (const request of [swift, left, read]) expect(request.destroy).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
