// A process that is late lets in what it can do in time, and turns the rest away at once.

import { expect, it } from 'vitest';
import { createLoadGauge, runWithin, type Work } from '../../../src/clients/load-gauge.ts';

/** A gauge in an event loop of which the test says when a turn is over, and how long it took. */
function openGauge(maxDelayMs = 100) {
  let clock = 0;
  let turns: (() => void)[] = [];
  const gauge = createLoadGauge({ maxDelayMs, now: () => clock, afterTurn: (callback) => turns.push(callback) });
  const endTurn = async (tookMs: number) => {
    clock += tookMs;
    const ended = turns;
    turns = [];
    for (const end of ended) {
      end();
      // As Node.js does, what became ready goes on before the next one.
      for (let ticks = 0; ticks < 6; ticks += 1) await Promise.resolve();
    }
  };
  return { gauge, endTurn, pass: (ms: number) => (clock += ms), isIdle: () => turns.length === 0 };
}

/**
 * Offers so many pieces of work a second, each of which takes so long, as well as each that is turned away; gives how many
 * were done and turned away within ten seconds, and the longest turn.
 */
async function offer(
  { gauge, endTurn, pass }: ReturnType<typeof openGauge>,
  { perSecond, workMs, refusalMs }: Record<'perSecond' | 'workMs' | 'refusalMs', number>,
) {
  const counts = { done: 0, refused: 0, longestTurnMs: 0 };
  let [clock, arrived] = [0, 0];
  const spend = (ms: number) => {
    clock += ms;
    pass(ms);
  };
  const doWork = (work: Work) => {
    spend(workMs);
    counts.done += 1;
    work.end();
  };
  while (clock < 10_000) {
    const startedAt = clock;
    // As much as the system tells of at once.
    const due = Math.min(arrived + 200, (clock * perSecond) / 1000);
    for (; arrived < due; arrived += 1) {
      const work = gauge.begin();
      if (work?.turn) work.turn.then(() => doWork(work));
      else if (work) doWork(work);
      else {
        spend(refusalMs);
        counts.refused += 1;
      }
    }
    await endTurn(0);
    if (clock === startedAt) spend(0.1);
    counts.longestTurnMs = Math.max(counts.longestTurnMs, clock - startedAt);
  }
  return counts;
}

it('lets all in while it is in time', async () => {
  const { done, refused, longestTurnMs } = await offer(openGauge(), { perSecond: 500, workMs: 1, refusalMs: 1 });
  expect(refused).toBe(0);
  expect(done).toBeGreaterThan(4900);
  expect(longestTurnMs).toBeLessThan(30);
});

it.each([1, 10, 30])('does what it can where five times as much comes, in short turns: %d ms each', async (workMs) => {
  const perSecond = (5 * 1000) / workMs;
  const { done, refused, longestTurnMs } = await offer(openGauge(), { perSecond, workMs, refusalMs: workMs / 50 });
  expect(done).toBeGreaterThan((0.85 * 10_000) / workMs);
  expect(refused).toBeGreaterThan((3 * 10_000) / workMs);
  expect(longestTurnMs).toBeLessThan(50);
});

it('does work for a good part of the time, however much is to be turned away', async () => {
  const { done, longestTurnMs } = await offer(openGauge(), { perSecond: 10_000, workMs: 1, refusalMs: 0.2 });
  expect(done).toBeGreaterThan(3000);
  expect(longestTurnMs).toBeLessThan(100);
});

it('is not misled by what was before: of what takes long, no more starts in a turn than there is time for', async () => {
  const { gauge, endTurn, pass } = openGauge();
  const each = { workMs: 0.1, longestMs: 0, done: 0 };
  const offerAtOnce = async (count: number) => {
    let tookMs = 0;
    const run = async () => {
      await runWithin(
        gauge,
        async () => {
          // What came with it has come by then.
          await Promise.resolve();
          pass(each.workMs);
          tookMs += each.workMs;
        },
        () => undefined,
      );
      each.done += 1;
    };
    const running = Array.from({ length: count }, run);
    for (let turn = 0; turn < 200; turn += 1) {
      await endTurn(0);
      each.longestMs = Math.max(each.longestMs, tookMs);
      tookMs = 0;
    }
    await Promise.all(running);
  };
  for (let round = 0; round < 20; round += 1) await offerAtOnce(90);
  each.workMs = 8;
  await offerAtOnce(100);
  expect(each.done).toBe(20 * 90 + 100);
  // Two as they come, and of the others eight, which are more than a tenth of the delay.
  expect(each.longestMs).toBeLessThanOrEqual(2 * 8 + 8 * 8);
});

it('turns none of a hundred away, however long each takes, and starts them one after the other', async () => {
  const { gauge, endTurn } = openGauge();
  const first = gauge.begin();
  await endTurn(500);
  await endTurn(500);
  const works = Array.from({ length: 99 }, () => gauge.begin());
  expect(works).not.toContain(null);
  let started = 0;
  for (const work of works) if (work?.turn) work.turn.then(() => (started += 1));
  const known = started;
  await endTurn(500);
  await Promise.resolve();
  expect(started - known).toBeLessThanOrEqual(1);
  expect(first?.turn).toBeUndefined();
  const more = [gauge.begin(), gauge.begin(), gauge.begin()];
  expect(more).toContain(null);
});

it('is at rest when nothing is to be done', async () => {
  const { gauge, endTurn, isIdle } = openGauge();
  gauge.begin()?.end();
  for (let turn = 0; turn < 3; turn += 1) await endTurn(1);
  expect(isIdle()).toBe(true);
  expect(gauge.begin()).toMatchObject({});
});

it('may be as late as it likes where that is set', async () => {
  const { gauge, endTurn } = openGauge(0);
  for (let index = 0; index < 5000; index += 1) expect(gauge.begin()?.turn).toBeUndefined();
  await endTurn(10_000);
  expect(gauge.begin()).not.toBeNull();
});

it('counts work as ended, whether it failed or not', async () => {
  const { gauge, endTurn } = openGauge();
  const turnedAway = () => 'turned away';
  const open: (() => void)[] = [];
  const waiting = Array.from({ length: 100 }, () =>
    runWithin(gauge, () => new Promise<string>((resolve) => open.push(() => resolve('done'))), turnedAway),
  );
  await endTurn(10_000);
  const outcomes = Array.from({ length: 40 }, () => runWithin(gauge, async () => 'more', turnedAway));
  expect(await Promise.race(outcomes.slice(-3))).toBe('turned away');
  for (let turn = 0; turn < 300; turn += 1) {
    for (const end of open.splice(0)) end();
    await endTurn(0);
    await Promise.resolve();
  }
  for (const end of open) end();
  expect(await Promise.all(waiting)).toEqual(Array(100).fill('done'));
  expect(await Promise.all(outcomes)).toEqual(Array(40).fill('turned away'));
  await expect(runWithin(gauge, () => Promise.reject(new Error('failed')), turnedAway)).rejects.toThrow('failed');
  await endTurn(0);
  for (let index = 0; index < 16; index += 1) {
    const result = runWithin(gauge, async () => 'in', turnedAway);
    await endTurn(0);
    expect(await result).toBe('in');
  }
});

it('runs in the event loop of the process', async () => {
  const gauge = createLoadGauge({ maxDelayMs: 60_000 });
  const outcomes = Array.from({ length: 50 }, () =>
    runWithin(
      gauge,
      async () => 'in',
      () => 'out',
    ),
  );
  expect(await Promise.all(outcomes)).toEqual(Array(50).fill('in'));
});
