// Owns how much each client has taken lately of all processes together: counted in Redis, by each for itself without it.
// A Redis that is slow counts as well, but nobody waits for what it says: the next ones know it.

import { createRateStore, type RateOptions, type RateStore } from '../rate-store.ts';
import type { RedisCommand } from './redis-link.ts';

/** What a shared store stands on. */
export interface SharedRateOptions extends Omit<RateOptions, 'now'> {
  /** What all keys begin with. */
  readonly prefix: string;
  /** Sends a command about one key; undefined where Redis cannot be asked, or does not reply in time. */
  readonly run: (key: string, command: RedisCommand) => Promise<unknown>;
  /** The same for what nobody waits for: a slow Redis is asked as well. */
  readonly runLater: (key: string, command: RedisCommand) => Promise<unknown>;
  /** Whether Redis replies in time. */
  readonly isInTime: () => boolean;
}

/**
 * The same rule as {@link createRateStore} has, with the clock of Redis, in one step that nothing comes between. What has
 * another form in Redis counts as nothing, and what is there is over after two periods at most. What is charged replies
 * with the time until all is there again.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local value = redis.pcall('GET', KEYS[1])
local known = type(value) == 'string' and tonumber(value) or now
local cost, period, slack = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local after = math.min(math.max(known, now), now + 2 * period) + cost
if ARGV[4] == 'charge' then after = math.min(after, now + 2 * period) end
local wait = after - now - period
if ARGV[4] == 'take' and wait > slack then return math.ceil(wait) end
if cost > 0 then redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now)) end
return ARGV[4] == 'charge' and math.ceil(after - now) or 0`;

/** A store that processes share. */
export function createSharedRateStore(given: SharedRateOptions): RateStore {
  const { prefix, run, runLater, isInTime, ...options } = given;
  const { points, seconds } = options;
  const own = createRateStore(options);
  const periodMs = 1000 * seconds;
  const msPerPoint = periodMs / points;

  function ask(key: string, cost: number, what: 'take' | 'charge'): Promise<unknown> {
    const full = `${prefix}${key}`;
    const amounts = [cost * msPerPoint, periodMs, msPerPoint / 2].map(String);
    const send = what === 'take' ? run : runLater;
    return send(full, ['EVAL', script, '1', full, ...amounts, what]);
  }

  /** Tells what was given here already, and learns how much that is of all processes together. */
  async function tell(key: string, cost: number): Promise<void> {
    const wholeInMs = await ask(key, cost, 'charge');
    if (typeof wholeInMs === 'number') own.learn(key, wholeInMs);
  }

  return {
    take(key, cost) {
      // What this process alone has given is known without asking: a flood does not reach Redis.
      const waitMs = own.take(key, cost);
      if (typeof waitMs !== 'number' || waitMs > 0) return waitMs;
      if (!isInTime()) {
        void tell(key, cost);
        return 0;
      }
      return ask(key, cost, 'take').then((reply) => {
        if (typeof reply !== 'number' || reply === 0) return 0;
        // It was not given after all.
        own.charge(key, -cost);
        return reply;
      });
    },
    charge(key, cost) {
      own.charge(key, cost);
      void tell(key, cost);
    },
  };
}
