// Errors are kept for as long as what failed is left alone; the pages that they came with are not.

import { expect, it } from 'vitest';
import { toStatusError } from '../../../src/wordpress/failures.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

it('an error keeps no more of a page than its beginning', () => {
  const count = 200;
  const page = `<p>\u2014${'x'.repeat(60_000)}`;
  const headers = new Map([['content-type', 'text/html']]);
  const failOnce = () => toStatusError('GET /x', { status: 500, headers, body: Buffer.from(page) });
  failOnce();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const errors = Array.from({ length: count }, failOnce);
  collectGarbage();
  expect((process.memoryUsage().heapUsed - before) / count).toBeLessThan(10_000);
  for (const { details } of errors) expect(details.excerpt).toBe(page.slice(0, 200));
});
