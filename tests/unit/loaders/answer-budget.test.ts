// Owns the tests of the room that all answers have together: it is bounded, and comes back however an operation ends.

import { describe, expect, it } from 'vitest';
import { createLimits } from '../../../src/limits.ts';
import { createAnswerBudget } from '../../../src/loaders/answer-budget.ts';
import { createTrace } from '../../../src/loaders/trace.ts';

const mebibyte = 1024 * 1024;

/** Room for 4 MiB beside what is free. */
const createBudget = () => createAnswerBudget(2 * mebibyte, 0);

describe('the room for answers', () => {
  it('is there for so many at once, and again when they are done', () => {
    const budget = createBudget();
    const first = budget.open(true);
    {
      using second = budget.open(true);
      expect([first.hold(2 * mebibyte), second.hold(2 * mebibyte)]).toEqual([true, true]);
      using third = budget.open(true);
      expect([third.hold(2 * mebibyte), third.isOver, third.hold(0)]).toEqual([false, true, false]);
    }
    using fourth = budget.open(true);
    expect(fourth.hold(2 * mebibyte)).toBe(true);
    expect(first.isOver).toBe(false);
  });

  it('comes back after a failure, and nothing is taken after that', () => {
    const budget = createBudget();
    const fail = () => {
      using share = budget.open(true);
      share.hold(4 * mebibyte);
      throw new Error('failed');
    };
    for (let run = 0; run < 3; run += 1) expect(fail).toThrow('failed');
    const late = budget.open(true);
    late[Symbol.dispose]();
    expect(late.hold(4 * mebibyte)).toBe(false);
    expect(budget.open(true).hold(4 * mebibyte)).toBe(true);
  });

  it('is always there for small answers, and for what must not be asked twice', () => {
    const budget = createBudget();
    budget.open(true).hold(4 * mebibyte);
    expect(budget.open(true).hold(mebibyte / 4)).toBe(true);
    expect(budget.open(false).hold(2 * mebibyte)).toBe(true);
    expect(budget.open(true).hold(mebibyte)).toBe(false);
  });

  it('grows with the heap', () => {
    expect(
      createAnswerBudget(mebibyte, 80 * mebibyte)
        .open(true)
        .hold(10 * mebibyte),
    ).toBe(true);
  });

  it('is told apart from the limit of one operation', () => {
    const budget = createBudget();
    const limits = createLimits({ resultBytes: 2 * mebibyte });
    const trace = createTrace({ limits, share: budget.open(true) });
    expect(trace.countBytes(3 * mebibyte)).toBe(false);
    expect(() => trace.refuse(false)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    budget.open(true).hold(4 * mebibyte);
    const crowded = createTrace({ limits, share: budget.open(true) });
    expect(crowded.countBytes(mebibyte)).toBe(false);
    expect(() => crowded.refuse(false)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
  });
});
