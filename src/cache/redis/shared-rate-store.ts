// Owns how much each client has taken lately of all processes together: counted in Redis, by each for itself without it.

import { createRateStore, type RateOptions, type RateStore } from '../rate-store.ts';
import type { RedisCommand } from './redis-link.ts';

/** What a shared store stands on. */
export interface SharedRateOptions extends Omit<RateOptions, 'now'> {
  /** What all keys begin with. */
  readonly prefix: string;
  /** Sends a command about one key; undefined where Redis cannot be asked, or does not reply in time. */
  readonly run: (key: string, command: RedisCommand) => Promise<unknown>;
}

/**
 * The same rule as {@link createRateStore} has, with the clock of Redis, in one step that nothing comes between. What has
 * another form in Redis counts as nothing, and what is there is over after two periods at most.
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
return 0`;

/** A store that processes share. */
export function createSharedRateStore({ prefix, run, ...options }: SharedRateOptions): RateStore {
  const { points, seconds } = options;
  const own = createRateStore(options);
  const periodMs = 1000 * seconds;
  const msPerPoint = periodMs / points;

  function ask(key: string, cost: number, what: 'take' | 'charge'): Promise<unknown> {
    const full = `${prefix}${key}`;
    const given = [cost * msPerPoint, periodMs, msPerPoint / 2].map(String);
    return run(full, ['EVAL', script, '1', full, ...given, what]);
  }

  return {
    take(key, cost) {
      // What this process alone has given is known without asking: a flood does not reach Redis.
      const waitMs = own.take(key, cost);
      if (typeof waitMs !== 'number' || waitMs > 0) return waitMs;
      return ask(key, cost, 'take').then((reply) => {
        if (typeof reply !== 'number' || reply === 0) return 0;
        // It was not given after all.
        own.charge(key, -cost);
        return reply;
      });
    },
    charge(key, cost) {
      own.charge(key, cost);
      void ask(key, cost, 'charge');
    },
  };
}
