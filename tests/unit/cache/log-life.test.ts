// A process that meets the log of purges late is told where that may lack what was purged since it began, and only there.

import { expect, it, vi } from 'vitest';
import { createLogLife } from '../../../src/cache/redis/log-life.ts';
import { noId } from '../../../src/cache/redis/stream-entries.ts';

/** A Redis with a log, as far as a process looks at it. */
interface Redis {
  readonly epoch: string | null;
  /** Which run a life was said to have come to as a whole. */
  readonly note?: string;
  /** Ids of the log. */
  readonly ids: readonly string[];
  readonly uptimeSeconds: number;
}

async function meet({ epoch, note, ids, uptimeSeconds }: Redis, ageMs: number): Promise<number> {
  const onLost = vi.fn();
  const texts = new Map([
    ['p:epoch', epoch],
    ['p:run', note ?? null],
  ]);
  const life = createLogLife({
    ...{ prefix: 'p:', self: 'self', isOneServer: true, onLost, onTrimmed: () => expect.unreachable() },
    async send(key, command, _, value = '') {
      if (command === 'GET') return texts.get(key) ?? null;
      if (command === 'SET') texts.set(key, value);
      if (command === 'XRANGE') return ids.slice(0, 1).map((id) => [id, ['tags', '[]', 'from', 'other']]);
      if (command === 'INFO') return `run_id:${'2'.repeat(40)}\r\nuptime_in_seconds:${uptimeSeconds}\r\n`;
      return null;
    },
  });
  const began = { at: performance.now() - ageMs, id: '5000-0' };
  const attendance = { lastedUntil: () => false };
  await life.ensure({ epoch: null, lastId: noId, told: noId, isAskew: false, attendance, began });
  return onLost.mock.calls.length;
}

const [former, present] = [`a@${'1'.repeat(16)}`, `b@${'2'.repeat(16)}`];
const whole: Redis = { epoch: present, ids: ['4000-0', '6000-0'], uptimeSeconds: 3600 };

it.each<[string, Redis, number]>([
  ['reaches back to before it began', whole, 0],
  ['begins after it began', { ...whole, ids: ['6000-0'] }, 1],
  ['is not there', { ...whole, epoch: null, ids: [] }, 1],
  ['is of no known life', { ...whole, epoch: null }, 1],
  ['has begun a life with a run of Redis that is younger than it', { ...whole, uptimeSeconds: 30 }, 1],
  ['was saved by a run of before', { ...whole, epoch: former, uptimeSeconds: 30 }, 1],
  [
    'was saved by a run of before, to its end',
    { ...whole, epoch: former, note: `${former} ${'2'.repeat(16)}`, uptimeSeconds: 30 },
    0,
  ],
])('doubts as it should what a process has read for a minute where the log %s', async (_, redis, times) => {
  expect(await meet(redis, 60_000)).toBe(times);
  // What has only begun has read nothing.
  expect(await meet(redis, 0)).toBe(0);
});
