// What is kept of documents that are no valid ones weighs what they are counted as, or a few thousand of eight bytes would
// fill a heap.

import { expect, it } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createStandInGateway } from '../support/stand-in.ts';

const kinds: readonly (readonly [string, object, (index: number) => string])[] = [
  ['a field that is not there', {}, (index) => `{nope${index}}`],
  ['a field that is not there, hardened', { hardened: true }, (index) => `{nope${index}}`],
  ['a fragment that is not there', {}, (index) => `{...F${index}}`],
  ['too many fields', {}, (index) => `query Q${index} {${Array.from({ length: 21 }, (_, at) => `a${at}`).join(' ')}}`],
];

it.each(kinds)('%s', { timeout: 60_000 }, async (_name, options, documentOf) => {
  const gateway = createStandInGateway(undefined, options);
  const send = async (from: number, count: number) => {
    for (let index = from; index < from + count; index += 1) {
      const body = JSON.stringify({ query: documentOf(index) });
      const headers = { 'content-type': 'application/json' };
      const response = await gateway.fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));
      expect(await response.text()).toContain('"errors"');
    }
  };
  await send(0, 200);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  await send(200, 400);
  collectGarbage();
  const each = (process.memoryUsage().heapUsed - before) / 400;
  expect(each).toBeLessThan(20_000);
});
