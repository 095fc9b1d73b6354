// What is remembered of questions, to find out whether WordPress is back, keeps nothing of what they were answered.

import { expect, it } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.ts';
import { listAnswer, openOddSite, rows } from './odd-site.ts';

const shapes = 60;
const content = { rendered: 'x'.repeat(10_000), protected: false };
const posts = Array.from({ length: 50 }, (_, index) => ({ ...rows.posts[0], id: 1 + index, content }));

/** What lists are asked for by: each set of them is a shape of its own. */
const filters = [
  'search: "a"',
  'authorIn: ["1"]',
  'categoryIn: ["20"]',
  'tagIn: ["5"]',
  'notIn: ["99"]',
  'tagNotIn: ["98"]',
];

function queryOf(shape: number): string {
  const where = filters.filter((_, bit) => (shape >> bit) & 1).join(', ');
  return `{ posts(first: 50, where: { ${where} }) { nodes { a${shape}: content } } }`;
}

it('lists of many shapes', { timeout: 60_000 }, async () => {
  await using site = await openOddSite({ posts: listAnswer(posts) }, { cache: { maxBytes: 1024 * 1024 } });
  const ask = async (shape: number) => {
    const { data, errors } = await site.gateway.query(queryOf(shape));
    expect([data?.posts?.nodes?.length, errors]).toEqual([50, undefined]);
    site.gateway.forgetRequests();
  };
  for (const shape of [61, 62, 63]) await ask(shape);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let shape = 1; shape <= shapes; shape += 1) await ask(shape);
  collectGarbage();
  expect((process.memoryUsage().heapUsed - before) / shapes).toBeLessThan(100_000);
});
