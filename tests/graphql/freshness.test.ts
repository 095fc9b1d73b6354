// Random edits in rounds: no answer that is served afterwards is stale, and most that need not be dropped are kept.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { type Freshness, freshnessOperations, keepAnswers, runFreshnessRound } from '../support/freshness.ts';
import { createRandom } from '../support/random-edits.ts';
import { openWatchedGateway, type WatchedGateway } from '../support/watched-gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

const rounds = Number(process.env['FRESHNESS_ROUNDS'] ?? 3);
const isLong = rounds > 3;
const seed = Number(process.env['FRESHNESS_SEED'] ?? 1);

let wordpress: WordPress;
let watched: WatchedGateway;

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  const { authorization } = wordpress.credentials.admin;
  watched = await openWatchedGateway(wordpress.url, { authorization, clockAheadMs: 5000 });
}, 240_000);
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

it(`answers what is true after ${rounds} rounds of 20 random edits (seed ${seed})`, async () => {
  const random = createRandom(seed);
  const operations = freshnessOperations();
  expect(new Set(operations).size).toBe(operations.length);
  await keepAnswers(watched, operations);
  let unaffected = 0;
  const spilled: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const found = await runFreshnessRound(watched, wordpress, operations, random, 20);
    expect.soft({ round, stale: found.stale, wrong: found.wrong }).toEqual({ round, stale: [], wrong: [] });
    unaffected += found.unaffected;
    spilled.push(...found.spilled);
    if (isLong) print(round, found);
  }
  // Twenty edits touch much of a small site, and leave alone most of it.
  expect(unaffected).toBeGreaterThan((rounds * operations.length) / 2);
  expect(spilled.length, spilled.join('\n')).toBeLessThanOrEqual(0.02 * unaffected);
}, 1_800_000);

/** One line for each round, for who waits for many. */
function print(round: number, { dropped, stale, wrong, unaffected, spilled }: Freshness): void {
  const counts = `${dropped.length} dropped, ${stale.length} stale, ${wrong.length} wrong`;
  process.stdout.write(`round ${round + 1}: ${counts}, ${spilled.length} of ${unaffected} unaffected dropped\n`);
  for (const query of spilled) process.stdout.write(`  ${query}\n`);
}
