// What a Redis address says, in all the forms that people know.

import { expect, it } from 'vitest';
import { parseRedisUrl } from '../../../src/cache/redis/redis-url.ts';

const nothing = { tls: false, username: undefined, password: undefined, database: 0, name: '' };

it.each([
  ['redis://127.0.0.1', { kind: 'single', nodes: [{ host: '127.0.0.1', port: 6379 }] }],
  [
    'rediss://cache.test:6380/2',
    { kind: 'single', nodes: [{ host: 'cache.test', port: 6380 }], tls: true, database: 2 },
  ],
  ['redis://[::1]:7000', { kind: 'single', nodes: [{ host: '::1', port: 7000 }] }],
  ['redis://:secret@a', { kind: 'single', nodes: [{ host: 'a', port: 6379 }], password: 'secret' }],
  [
    'redis://gate:p%40ss%3Aword@a',
    { kind: 'single', nodes: [{ host: 'a', port: 6379 }], username: 'gate', password: 'p@ss:word' },
  ],
  [
    'redis-cluster://a:1,b:2',
    {
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    },
  ],
  [
    'rediss-sentinel://u:p@a,b:5/main',
    {
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 5 },
      ],
      tls: true,
      username: 'u',
      password: 'p',
      name: 'main',
    },
  ],
])('%s', (url, expected) => {
  expect(parseRedisUrl(url)).toEqual({ ...nothing, ...expected });
});

it.each([
  '',
  'http://a',
  'redis://',
  'redis://a,b',
  'redis://a/x',
  'redis://a/-1',
  'redis-sentinel://a',
  'redis-cluster://a/1',
  'redis://%zz:x@a',
  'redis://a:port',
])('%s is none', (url) => {
  expect(parseRedisUrl(url)).toBeNull();
});
