// Owns that what hangs by itself leaves slots for the rest.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLimiter } from '../../../src/wordpress/limiter.ts';
import { createLine } from '../../../src/wordpress/line.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const limiter = createLimiter({ maxConcurrent: 8, firstSlots: 8, maxQueued: 8, queueTimeoutMs: 60_000 });
  const line = createLine(limiter, 10_000);
  const call = { label: 'GET /x', waiting: {}, isProbe: false };
  const answered = (ms: number) => line(call, () => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const hung = () =>
    line(
      call,
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
  return {
    limiter,
    /** What hangs until its deadline, and three others, one after the other. */
    async round(othersMs: number): Promise<void> {
      const hanging = hung().catch((error: unknown) => error);
      for (let other = 0; other < 3 && othersMs > 0; other += 1) {
        const answer = answered(othersMs).catch(() => undefined);
        await vi.advanceTimersByTimeAsync(othersMs);
        // Where there is one slot, they wait for what hangs.
        if (limiter.slots > 1) await answer;
      }
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await hanging).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
      await vi.advanceTimersByTimeAsync(10_000);
    },
  };
}

it('what hangs beside what is answered soon leaves four slots', async () => {
  const { limiter, round } = open();
  for (let time = 0; time < 5; time += 1) await round(100);
  expect(limiter.slots).toBe(4);
});

it.each([
  ['others take long as well', 2500],
  ['nothing else is asked', 0],
])('what hangs while %s takes half of the slots each time', async (_, othersMs) => {
  const { limiter, round } = open();
  for (let time = 0; time < 5; time += 1) await round(othersMs);
  expect(limiter.slots).toBe(1);
});

it('what was answered soon before it began tells nothing of what hangs', async () => {
  const { limiter, round } = open();
  await round(100);
  for (let time = 0; time < 5; time += 1) await round(0);
  expect(limiter.slots).toBe(1);
});
