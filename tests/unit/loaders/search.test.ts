// Owns pages of search results: no result is lost in silence, and a page reads no further than it has to.

import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src/errors.ts';
import type { PageSpec } from '../../../src/loaders/list-spec.ts';
import { loadSearchWindow, type SearchLoaders } from '../../../src/loaders/search.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';

/** Posts and pages in turn: what WordPress finds, in its order. */
const hits = Array.from({ length: 319 }, (_, index) => ({ id: 1000 - index, subtype: index % 3 ? 'post' : 'page' }));
const ids = hits.map(({ id }) => id);

function open(scanLimit: number) {
  const asked: string[] = [];
  const loaders: SearchLoaders = {
    watch: () => undefined,
    load: async (resource, id) => ({ resource, id, data: { id } }),
    read: async (_, query) => {
      const [perPage, page] = [Number(query['per_page']), Number(query['page'])];
      asked.push(`${perPage}/${page}`);
      const body = hits.slice((page - 1) * perPage, page * perPage);
      return { status: 200, body, total: hits.length, bytes: 1, cacheable: true };
    },
  };
  const window = async (page: PageSpec) => {
    const search = { text: 'tea', types: ['post', 'page'], scanLimit };
    const found = await loadSearchWindow(loaders, coreResources, search, page, () => ['id']);
    return { ...found, ids: found.entities.map(({ id }) => id) };
  };
  return { asked, window };
}

describe('a search over several types', () => {
  it('shows every result once, from page to page, each read no further than its end', async () => {
    const { asked, window } = open(1000);
    const found: number[] = [];
    for (let page: PageSpec = { size: 50, direction: 'forward' }; ; ) {
      asked.length = 0;
      const { ids: shown, hasMore, total } = await window(page);
      expect(total).toBe(319);
      found.push(...shown);
      expect(asked).toHaveLength(Math.ceil(Math.min(hits.length, found.length + 1) / 100));
      if (!hasMore) break;
      page = { ...page, after: shown.at(-1) ?? 0 };
    }
    expect(found).toEqual(ids);
  });

  it('shows the last ones, and those before a cursor', async () => {
    const { window } = open(1000);
    const last = await window({ size: 7, direction: 'backward' });
    expect([last.ids, last.hasMore]).toEqual([ids.slice(-7), true]);
    const before = await window({ size: 7, direction: 'backward', before: last.ids[0] ?? 0 });
    expect([before.ids, before.hasMore]).toEqual([ids.slice(-14, -7), true]);
    const first = await window({ size: 7, direction: 'backward', before: ids[3] ?? 0 });
    expect([first.ids, first.hasMore]).toEqual([ids.slice(0, 3), false]);
  });

  it('begins anew where a cursor names nothing', async () => {
    const { window } = open(1000);
    const { ids: shown, foundAfter } = await window({ size: 3, direction: 'forward', after: 5 });
    expect([shown, foundAfter]).toEqual([ids.slice(0, 3), false]);
  });

  it('is refused beyond what the gateway reads, and never ends before its end', async () => {
    const { asked, window } = open(200);
    const near = await window({ size: 50, direction: 'forward', after: ids[99] ?? 0 });
    expect([near.ids, near.hasMore]).toEqual([ids.slice(100, 150), true]);
    asked.length = 0;
    const far: PageSpec = { size: 50, direction: 'forward', after: ids[170] ?? 0 };
    await expect(window(far)).rejects.toThrow(LimitError);
    await expect(window(far)).rejects.toThrow('at most 200 of them to find it (there are 319)');
    await expect(window({ size: 5, direction: 'backward' })).rejects.toThrow(LimitError);
    expect(asked).toEqual(['100/1', '100/2', '100/1', '100/2', '100/1', '100/2']);
  });
});
