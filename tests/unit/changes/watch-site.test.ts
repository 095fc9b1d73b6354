// A site is read anew at its times, sooner while what is known is old, and never after the end.

import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSite } from '../../../src/changes/watch-site.ts';

const logger = pino({ level: 'silent' });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watch(options: { isStale?: boolean; intervalSeconds?: number; failures?: number; parts?: number }) {
  let { failures = 0, parts = 0 } = options;
  const times: number[] = [];
  const seen: number[] = [];
  const started = Date.now();
  const watched = watchSite({
    read: async () => {
      times.push((Date.now() - started) / 1000);
      if (failures-- > 0) throw new Error('down');
      return times.length;
    },
    onRead: (known) => seen.push(known),
    known: 0,
    isPartial: () => parts-- > 0,
    isStale: options.isStale ?? false,
    intervalSeconds: options.intervalSeconds ?? 600,
    logger,
  });
  return { watched, times, seen };
}

describe('a watch', () => {
  it('reads at its interval', async () => {
    const { times, seen } = watch({});
    await vi.advanceTimersByTimeAsync(1_800_000);
    expect(times).toEqual([600, 1200, 1800]);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('reads never where that is wanted', async () => {
    const { times } = watch({ intervalSeconds: 0 });
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(times).toEqual([]);
  });

  it('of a site that is known from before reads at once, then less often, until it is back', async () => {
    const { times, seen } = watch({ isStale: true, intervalSeconds: 0, failures: 5 });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(times).toEqual([0, 5, 15, 35, 75, 135]);
    expect(seen).toEqual([6]);
  });

  it('of a site that failed to tell a part reads again soon, then less often, and at its interval in the end', async () => {
    const { times } = watch({ parts: 4 });
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(times).toEqual([5, 15, 35, 75, 675]);
    const { times: always } = watch({ parts: 99 });
    await vi.advanceTimersByTimeAsync(2_000_000);
    expect(always).toEqual([5, 15, 35, 75, 155, 315, 635, 1235, 1835]);
  });

  it('of a site that is back with a part missing reads again soon', async () => {
    const { times } = watch({ isStale: true, intervalSeconds: 0, failures: 3, parts: 2 });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(times).toEqual([0, 5, 15, 35, 40]);
  });

  it('reads once for all who ask at the same time', async () => {
    const { watched, times } = watch({});
    await Promise.all([watched.now(), watched.now()]);
    expect(times).toEqual([0]);
  });

  it('ends', async () => {
    const { watched, times, seen } = watch({});
    const reading = watched.now();
    await watched[Symbol.asyncDispose]();
    await reading;
    await vi.advanceTimersByTimeAsync(1_800_000);
    expect([times, seen]).toEqual([[0], []]);
  });
});
