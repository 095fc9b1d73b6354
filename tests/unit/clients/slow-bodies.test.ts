import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlowBodies } from '../../../src/clients/slow-bodies.ts';

describe('slow bodies', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function createRequest() {
    return { complete: false, destroy: vi.fn() };
  }

  it('closes the connection of a body that is not there in time, and of no other', () => {
    const bodies = createSlowBodies(1000);
    const [slow, read, complete] = [createRequest(), createRequest(), createRequest()];
    for (const request of [slow, read, complete]) bodies.watch(request);
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
    const request = createRequest();
    bodies.watch(request);
    bodies.forget(request);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    const late = createRequest();
    bodies.watch(late);
    vi.advanceTimersByTime(1100);
    expect(late.destroy).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});
