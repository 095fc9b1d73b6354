// Owns the check of Redis, where one is set.

import { setTimeout as delay } from 'node:timers/promises';
import type { RedisLink } from '../../cache/redis/redis-link.ts';
import { defineMachineCheck } from '../finding.ts';

const attempts = 20;
const betweenMs = 150;

/** Whether gateways can share what they know. */
export const redisCheck = defineMachineCheck({
  meanings: {
    'redis-ok': { severity: 'ok', consequence: 'Gateways share what they know, and purges.', remedy: null },
    'redis-unreachable': {
      severity: 'warning',
      consequence: 'Each gateway goes on by itself: what one knows or purges, the others do not.',
      remedy: 'Check REDIS_URL, and that Redis runs and can be reached from this machine.',
    },
  },
  async run({ redis }, found) {
    if (!redis) return [];
    // The client is half of all modules, and few have Redis.
    const { openRedisLink } = await import('../../cache/redis/redis-link.ts');
    let failure: unknown = new Error('no answer');
    const link = openRedisLink(redis, (error) => {
      failure = error;
    });
    try {
      if (await isThere(link)) return [found('redis-ok', 'Redis answers.')];
    } finally {
      link.close();
    }
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : 'no answer';
    return [found('redis-unreachable', `Redis at REDIS_URL cannot be used (${code}).`)];
  },
});

/** It connects in the meantime; commands fail at once until it has. */
async function isThere(link: RedisLink): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = link.send('', ['PING']).then(
      () => true,
      () => false,
    );
    const isAnswered = await Promise.race([answer, delay(attempts * betweenMs, false)]);
    if (isAnswered) return true;
    await delay(betweenMs);
  }
  return false;
}
