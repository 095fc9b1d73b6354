// Terms and users have no times: they are read as they are, a page a turn, and all of them where their number is another.

import { expect, it } from 'vitest';
import { createKnownFacts } from '../../../src/changes/known-facts.ts';
import { createTypeState } from '../../../src/changes/type-state.ts';
import { watchPages } from '../../../src/changes/watch-pages.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';

function open(count: number, maxBytes = 10_000_000) {
  const resource = coreResources.get('post_tag');
  if (!resource) throw new Error('no tags');
  const terms = new Map(Array.from({ length: count }, (_, at) => [at + 1, { description: '', count: 0 }]));
  const asked: unknown[] = [];
  const known = createKnownFacts(maxBytes).of('post_tag');
  const read = async (_: string, query: object) => {
    const { page = 1, offset = 100 * (page - 1) }: { page?: number; offset?: number } = query;
    asked.push(page);
    const rows = [...terms].sort(([a], [b]) => a - b).map(([id, term]) => ({ id, ...term }));
    return { rows: rows.slice(offset, offset + 100), total: terms.size, nowMs: 0 };
  };
  const state = createTypeState({ resource, resources: coreResources, known, read, journal: [] });
  const watched = watchPages(state, read);
  const probe = async () => {
    asked.length = 0;
    const edits = await watched.probe();
    return [
      edits.map(({ id, before, after }) => `${id} ${before?.['description']}→${after ? after['description'] : after}`),
      asked.length,
    ];
  };
  return { probe, terms };
}

it('reads one page a turn, in turn', async () => {
  const { probe, terms } = open(250);
  expect(await probe()).toEqual([[], 3]);
  terms.set(7, { description: 'New', count: 0 });
  terms.set(240, { description: 'New', count: 0 });
  expect([await probe(), await probe(), await probe(), await probe()]).toEqual([
    [['7 →New'], 1],
    [[], 1],
    [['240 →New'], 1],
    [[], 1],
  ]);
});

it('reads all where their number is another', async () => {
  const { probe, terms } = open(250);
  await probe();
  terms.delete(120);
  terms.set(300, { description: 'Last', count: 0 });
  terms.set(301, { description: 'Really', count: 0 });
  expect(await probe()).toEqual([['300 undefined→Last', '301 undefined→Really', '120 →null'], 4]);
  expect(await probe()).toEqual([[], 1]);
});

it('finds one that came in the place of one that went', async () => {
  const { probe, terms } = open(150);
  await probe();
  terms.delete(120);
  terms.set(200, { description: 'Other', count: 0 });
  expect([await probe(), await probe()]).toEqual([
    [[], 1],
    [['200 undefined→Other', '120 →null'], 1],
  ]);
});

it('leaves counts to those who notice what is counted', async () => {
  const { probe, terms } = open(3);
  await probe();
  terms.set(2, { description: '', count: 9 });
  expect(await probe()).toEqual([[], 1]);
});

it('follows the number of what does not fit in memory', async () => {
  const { probe, terms } = open(250, 1000);
  expect(await probe()).toEqual([[], 1]);
  expect((await probe())[1]).toBe(1);
  expect(await probe()).toEqual([[], 1]);
  terms.delete(7);
  expect(await probe()).toEqual([['0 undefined→undefined'], 1]);
});
