// Who was there until Redis began anew has heard all that it may have lost; who may have been cut off has not.

import { expect, it } from 'vitest';
import { createAttendance } from '../../../src/cache/redis/attendance.ts';

/** One that has heard all at 100 s, by a clock that is set by hand. */
function attend() {
  const clock = { now: 100_000 };
  const attendance = createAttendance(() => clock.now);
  const lastedUntil = (beganAt: number | null) => attendance.lastedUntil(beganAt);
  const missAt = (now: number, failure: 'refused' | 'other' | null) => {
    clock.now = now;
    attendance.missed(failure);
  };
  attendance.heard();
  return { attendance, clock, lastedUntil, missAt };
}

it('lasts over a short gap for which there is no reason yet', () => {
  const { missAt, lastedUntil } = attend();
  missAt(101_000, null);
  expect([lastedUntil(102_000), lastedUntil(null)]).toEqual([true, true]);
});

it('lasts for as long as nobody listens', () => {
  const { missAt, lastedUntil } = attend();
  for (let now = 101_000; now <= 400_000; now += 1000) missAt(now, 'refused');
  expect(lastedUntil(401_000)).toBe(true);
});

it('ends where Redis cannot be reached for another reason, whatever comes after, until all is heard', () => {
  const { attendance, clock, missAt, lastedUntil } = attend();
  missAt(100_500, 'other');
  missAt(101_000, 'refused');
  expect([lastedUntil(102_000), lastedUntil(null)]).toEqual([false, false]);
  clock.now = 103_000;
  attendance.heard();
  expect([lastedUntil(104_000), lastedUntil(null)]).toEqual([true, true]);
});

it('ends in a long gap, of which a process that stood still knows nothing', () => {
  const { missAt, lastedUntil } = attend();
  expect(lastedUntil(160_000)).toBe(false);
  missAt(160_000, 'refused');
  expect([lastedUntil(161_000), lastedUntil(null)]).toEqual([false, false]);
});

it('lasts for a minute where a server that was there before has taken the place of another one', () => {
  const { missAt, lastedUntil } = attend();
  missAt(130_000, 'other');
  expect(lastedUntil(50_000)).toBe(true);
  missAt(170_000, 'other');
  expect(lastedUntil(50_000)).toBe(false);
});

it('has not begun where nothing was heard yet', () => {
  const attendance = createAttendance(() => 100_000);
  expect([attendance.lastedUntil(100_000), attendance.lastedUntil(null)]).toEqual([false, false]);
});
