// What is known of addresses without asking: what was found there, here or by others who share a cache.

import { expect, it } from 'vitest';
import { type AddressRecord, createMemoryCache } from '../../../src/cache/memory-cache.ts';
import { knownTagsAt } from '../../../src/loaders/known-addresses.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';

const said = { kind: 'address', tags: [], since: 0 };

it('are the tags of what was found, however long ago; of what is farther away as well', async () => {
  let now = 0;
  const cache = createMemoryCache({ maxBytes: 1_000_000, freshSeconds: 60, negativeSeconds: 60, now: () => now });
  const put = (key: string, record: AddressRecord) => cache.putAddress(key, record, said);
  put('near?', { kind: 'entity', resource: 'post', id: 8 });
  put('books?', { kind: 'archive', type: 'book' });
  put('nothing?', { kind: 'nothing' });
  put('type-that-went?', { kind: 'entity', resource: 'gone', id: 9 });
  now = 1_000_000;
  const reached: (readonly string[])[] = [];
  const tiered = {
    ...cache,
    async reach(_: string, keys: readonly string[]) {
      reached.push(keys);
      put('far?', { kind: 'entity', resource: 'category', id: 3 });
    },
  };
  const uris = [
    '/near/',
    '/Near',
    '/far/',
    '/books/',
    '/nothing/',
    '/type-that-went/',
    '/new/',
    'https://other.test/near/',
  ];
  const known = await knownTagsAt({ cache: tiered, site: bookSite, resources: bookResources }, uris);
  expect([...known]).toEqual([
    ['/near/', ['post:8', 'list:post']],
    ['/Near', ['post:8', 'list:post']],
    ['/far/', ['term:3', 'list:category']],
    ['/books/', ['list:book']],
  ]);
  expect(reached).toEqual([['near?', 'Near?', 'far?', 'books?', 'nothing?', 'type-that-went?', 'new?']]);
});
