// Owns the arithmetic of retries: delays and the budget. Which fault has how many is in the fault tests.

import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { parseRetryAfter } from '../../../src/wordpress/failures.ts';
import { createRetryBudget, planRetry, retryDelayMs } from '../../../src/wordpress/retry.ts';

describe('planRetry', () => {
  it.each([
    ['UPSTREAM_UNAVAILABLE', 'EAI_AGAIN', 1],
    ['UPSTREAM_UNAVAILABLE', 'ENOTFOUND', 0],
    ['UPSTREAM_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 1],
    ['UPSTREAM_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 0],
  ] as const)('%s by %s', (code, reason, times) => {
    const cause = Object.assign(new Error(reason), { code: reason });
    expect(planRetry(new UpstreamError(code, 'GET /x', { cause })).times).toBe(times);
  });

  it('waits a second for maintenance to end', () => {
    const failure = new UpstreamError('UPSTREAM_NOT_JSON', 'GET /x', { status: 200, kind: 'maintenance' });
    expect(planRetry(failure)).toEqual({ times: 1, atOnce: false, afterSeconds: 1 });
  });
});

describe('retryDelayMs', () => {
  it('doubles its bound up to 2 s, and takes a random part', () => {
    expect([0, 1, 2, 9].map((retry) => retryDelayMs(retry, 0, () => 1))).toEqual([100, 200, 400, 2000]);
    expect(retryDelayMs(1, 0, () => 0.25)).toBe(50);
  });

  it('is never shorter than WordPress asked for', () => {
    expect(retryDelayMs(0, 2, () => 0.5)).toBe(2000);
  });
});

describe('createRetryBudget', () => {
  it('has three, and one more for ten calls', () => {
    const budget = createRetryBudget(0.1, () => 0);
    const take = (times: number) => Array.from({ length: times }, () => budget.take());
    expect(take(4)).toEqual([true, true, true, false]);
    for (let call = 0; call < 11; call++) budget.deposit();
    expect(take(2)).toEqual([true, false]);
  });

  it('has one more for each answer, where it is of sockets that went away', () => {
    const budget = createRetryBudget(1, () => 0);
    for (let retry = 0; retry < 3; retry++) budget.take();
    budget.deposit();
    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });

  it('gets back to three in ten seconds, and no further', () => {
    let now = 0;
    const budget = createRetryBudget(0.1, () => now);
    for (let retry = 0; retry < 3; retry++) budget.take();
    now = 4_000;
    expect([budget.take(), budget.take()]).toEqual([true, false]);
    now = 1_000_000;
    expect(Array.from({ length: 4 }, () => budget.take())).toEqual([true, true, true, false]);
  });

  it('does not save up more than twenty', () => {
    const budget = createRetryBudget(0.1, () => 0);
    for (let call = 0; call < 10_000; call++) budget.deposit();
    expect(Array.from({ length: 30 }, () => budget.take()).filter(Boolean)).toHaveLength(20);
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120],
    ['99999999999', 999_999_999],
    [' 0 ', 0],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30],
    ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['', null],
  ])('%j', (value, seconds) => {
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
    const headers = new Map([
      ['retry-after', value],
      ['date', date],
    ]);
    expect(parseRetryAfter(headers)).toBe(seconds);
  });
});
