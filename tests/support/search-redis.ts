// Owns looking through all that is in a Redis: names, values of every kind, and what is compressed in them.

import { parseEntry } from '../../src/cache/redis/entry.ts';
import { openRedisLink } from '../../src/cache/redis/redis-link.ts';
import { parseRedisUrl } from '../../src/cache/redis/redis-url.ts';
import type { TestRedis } from './redis.ts';

/** How to read all of a value, by the kind that it is of. */
const readers: Readonly<Record<string, (key: string) => readonly string[]>> = {
  stream: (key) => ['XRANGE', key, '-', '+'],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
};

/** Each key with its value as text. */
export async function readAll(redis: TestRedis): Promise<readonly string[]> {
  const address = parseRedisUrl(redis.url);
  if (!address) throw new Error(redis.url);
  const found = await redis.send('KEYS', '*');
  const keys = Array.isArray(found) ? found.map(String) : [];
  const link = openRedisLink(address, () => undefined);
  try {
    const texts: string[] = [];
    for (const key of keys) {
      const kind = String(await redis.send('TYPE', key));
      const read = readers[kind];
      if (read) texts.push(`${key} ${JSON.stringify(await redis.send(...read(key)))}`);
      else if (kind === 'string') texts.push(`${key} ${toText(key, (await link.getAll([key]))[0])}`);
      else if (kind !== 'none') throw new Error(`${key} is a ${kind}`);
    }
    return texts;
  } finally {
    link.close();
  }
}

function toText(key: string, value: unknown): string {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  return `${bytes.toString('latin1')} ${JSON.stringify(parseEntry(key, bytes) ?? null)}`;
}
