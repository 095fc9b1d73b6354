// Owns the tests of what a stop knows of the requests that came.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTraffic, pauseMs } from '../../../src/server/traffic.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('traffic', () => {
  it('tells requests of clients from looks of those who watch', () => {
    const traffic = createTraffic();
    vi.advanceTimersByTime(10);
    for (const url of ['/health', '/ready', '/metrics', '/ready?by=balancer']) traffic.came(url);
    expect(traffic).toMatchObject({ seenAt: 10, askedAt: Number.NEGATIVE_INFINITY });
    vi.advanceTimersByTime(10);
    traffic.came('/readers');
    expect(traffic).toMatchObject({ seenAt: 20, askedAt: 20, steadySince: 20 });
  });

  it('is steady from the last pause on', () => {
    const traffic = createTraffic();
    for (let sent = 0; sent < 5; sent += 1) {
      traffic.came('/graphql');
      vi.advanceTimersByTime(pauseMs - 1);
      traffic.came('/ready');
    }
    expect(traffic).toMatchObject({ askedAt: 4 * (pauseMs - 1), steadySince: 0 });
    vi.advanceTimersByTime(1);
    traffic.came('/graphql');
    expect(traffic.steadySince).toBe(traffic.askedAt);
  });

  it('is that of all processes, each of which tells what the others do not know yet', () => {
    const told = vi.fn();
    const traffic = createTraffic(told);
    vi.advanceTimersByTime(5000);
    const [others, own] = [600, 300];
    for (let index = 0; index < 5; index += 1) {
      traffic.heard();
      traffic.came('/graphql');
      vi.advanceTimersByTime(others);
      traffic.came('/ready');
      traffic.came('/graphql');
      traffic.came('/graphql');
      vi.advanceTimersByTime(own);
    }
    expect(told).toHaveBeenCalledTimes(5);
    expect(traffic).toMatchObject({ steadySince: 5000, askedAt: 5000 + 5 * (others + own) - own });
    vi.advanceTimersByTime(pauseMs);
    traffic.heard();
    expect(traffic).toMatchObject({ steadySince: traffic.askedAt, seenAt: traffic.askedAt });
  });
});
