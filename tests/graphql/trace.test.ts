// `extensions.headgate` tells what a query read of WordPress, when it is asked to.

import { expect, inject, it } from 'vitest';
import { openGateway } from '../support/gateway.ts';

const query = '{ posts(first: 2) { nodes { title author { node { name } } } } }';

it('tells the requests, their size, and what the cache knew', async () => {
  await using gateway = await openGateway(inject('wordpress').url, { trace: true });
  const cold = await gateway.query(query);
  const { requests, cache } = cold.extensions.headgate;
  expect(requests.map(({ request }: { request: string }) => request)).toEqual(
    cold.requests.map((request) => `GET ${request}`),
  );
  for (const { bytes, ms, shared } of requests) {
    expect(bytes).toBeGreaterThan(10);
    expect(ms).toBeGreaterThan(0);
    expect(shared).toBe(false);
  }
  expect(cache.misses).toBeGreaterThan(0);

  const warm = await gateway.query(query);
  expect(warm.data).toEqual(cold.data);
  expect(warm.extensions.headgate).toMatchObject({ requests: [], cache: { misses: 0 } });
});

it('is silent unless it is asked to speak', async () => {
  await using gateway = await openGateway(inject('wordpress').url);
  expect(await gateway.query(query)).not.toHaveProperty('extensions');
});
