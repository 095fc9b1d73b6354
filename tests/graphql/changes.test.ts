// What is edited in WordPress is noticed without a plugin, and purges what shows it or should, and nothing else.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openWatchedGateway, type WatchedGateway } from '../support/watched-gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let watched: WatchedGateway;

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  watched = await openWatchedGateway(wordpress.url, {
    authorization: wordpress.credentials.admin.authorization,
    clockAheadMs: 5000,
  });
}, 240_000);
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

it('is quiet', async () => {
  const round = await watched.round();
  console.log(round);
  expect(round.tags).toEqual([]);
});
