// Terms and users have no times: they are read as they are, a page a turn, and all of them where their number is another.

import { expect, it } from 'vitest';
import { createKnownFacts } from '../../../src/changes/known-facts.ts';
import { createReadRows } from '../../../src/changes/read-rows.ts';
import { createTypeState } from '../../../src/changes/type-state.ts';
import { watchPages } from '../../../src/changes/watch-pages.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';
import type { RestRequest, RestResponse } from '../../../src/wordpress/rest.ts';

function open(count: number, maxBytes = 10_000_000) {
  const resource = coreResources.get('post_tag');
  if (!resource) throw new Error('no tags');
  const terms = new Map(Array.from({ length: count }, (_, at) => [at + 1, { description: '', count: 0 }]));
  const asked: unknown[] = [];
  const known = createKnownFacts(maxBytes).of('post_tag');
  /** Of these a plugin leaves nothing. */
  const broken = new Set<number>();
  const request = async ({ query = {} }: RestRequest): Promise<RestResponse> => {
    const { page = 1, offset = 100 * (Number(page) - 1), include } = query;
    asked.push(page);
    const chosen = include === undefined ? null : [include].flat().map(Number);
    const shown = [...terms].filter(([id]) => !chosen || chosen.includes(id)).sort(([a], [b]) => a - b);
    const rows = shown.map(([id, term]) => (broken.has(id) ? null : { id, ...term }));
    const body = rows.slice(Number(offset), Number(offset) + 100);
    return { status: 200, body, bytes: 2, total: shown.length, dateMs: 0, cacheable: true };
  };
  const nothing = () => Promise.reject(new Error('nobody asked for that'));
  const client = { request, readPage: nothing, sendForm: nothing, [Symbol.asyncDispose]: async () => undefined };
  const read = createReadRows({
    client,
    signal: new AbortController().signal,
    ...{ onRead: () => undefined, isFirst: () => false, mostLeft: 1 },
  });
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
  return { probe, terms, broken, state };
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

it('takes nothing for gone where a row is no object', async () => {
  const { probe, terms, broken, state } = open(150);
  await probe();
  for (const id of [7, 8, 120]) broken.add(id);
  terms.set(9, { description: 'New', count: 0 });
  expect([await probe(), await probe()]).toEqual([
    [['9 →New'], 1],
    [[], 1],
  ]);
  // Nor where all of it is read, or some by their ids.
  terms.delete(130);
  expect(await probe()).toEqual([[], 3]);
  expect(await state.reread([7, 130])).toEqual([]);
  broken.clear();
  expect([await probe(), await probe()].map(([edits]) => edits)).toEqual([['130 →null'], []]);
});
