// Owns the smoke test of the bench: every row can be measured, with good answers and the upstream requests that it promises.

import { execFile, execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type BuiltCli, buildCli } from '../support/built-cli.ts';
import { hasRedis } from '../support/redis.ts';

const root = join(import.meta.dirname, '../..');

const measuredSchema = z.array(
  z.object({
    row: z.object({ id: z.string() }),
    outcome: z.union([
      z.object({
        findings: z.array(z.object({ what: z.string(), values: z.array(z.number()), unit: z.string() })).min(1),
        statuses: z.record(z.string(), z.number()),
      }),
      z.object({ missing: z.string() }),
    ]),
  }),
);

type Measured = z.output<typeof measuredSchema>;

let cli: BuiltCli;
let measured: Measured;

beforeAll(async () => {
  cli = buildCli();
  symlinkSync(join(root, 'bench'), join(cli.folder, 'bench'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const program = join(cli.folder, 'dist-bench');
  execFileSync(process.execPath, [tsc, '-p', 'bench/tsconfig.json', '--noCheck', '--outDir', program], { cwd: root });
  const { stdout } = await promisify(execFile)(process.execPath, [join(program, 'main.js'), '--smoke', '--json']);
  measured = measuredSchema.parse(JSON.parse(stdout));
}, 600_000);

afterAll(() => cli[Symbol.dispose]());

/** What a row found: its values by name and unit. */
function findingsOf(id: string): Record<string, readonly number[]> {
  const outcome = measured.find(({ row }) => row.id === id)?.outcome;
  if (!outcome || !('findings' in outcome)) throw new Error(`${id} was not measured`);
  return Object.fromEntries(outcome.findings.map(({ what, unit, values }) => [`${what}, ${unit}`, values]));
}

it('measures every row, or says what the gateway lacks for it', () => {
  expect(measured.map(({ row }) => row.id)).toEqual([
    'hot-post',
    'hot-get',
    'hot-br',
    'not-modified',
    'persisted',
    'mixed',
    'entities',
    'hot-behind',
    'cold',
    'cold-20',
    'cold-100',
    'related-20',
    'related-100',
    'same-cold',
    'memory-entities',
    'memory-full',
    'memory-distinct',
    'hold',
    'start',
    'redis-purge',
    'redis-slow',
    'redis-heal',
    'overload',
    'overload-upstream',
    'attacks',
  ]);
  const lacking = measured.filter(({ outcome }) => 'missing' in outcome).map(({ row }) => row.id);
  const redis = hasRedis ? [] : ['redis-purge', 'redis-slow', 'redis-heal'];
  expect(['hot-br', 'not-modified', 'persisted', ...redis]).toEqual(expect.arrayContaining(lacking));
});

it('finds numbers, from answers that are good', () => {
  for (const { row, outcome } of measured) {
    if ('missing' in outcome) continue;
    const good = {
      'not-modified': ['200', '304'],
      overload: ['200', '503'],
      'overload-upstream': ['200', '503'],
      attacks: ['200', '400', '406'],
    }[row.id] ?? ['200'];
    expect(
      Object.keys(outcome.statuses).filter((status) => !good.includes(status)),
      row.id,
    ).toEqual([]);
    const counted = Object.values(outcome.statuses).reduce((sum, count) => sum + count, 0);
    expect(counted, row.id).toBeGreaterThan(0);
    for (const { what, values } of outcome.findings) {
      // What something adds is less than nothing where it is less than the noise.
      const least = what.includes('added') ? Number.NEGATIVE_INFINITY : 0;
      const isNumber = (value: number) => Number.isFinite(value) && value >= least;
      expect(values.length > 0 && values.every(isNumber), what).toBe(true);
    }
  }
});

it.each(['cold', 'cold-20', 'cold-100'])('asks the upstream four times for a cold page: %s', (id) => {
  expect(findingsOf(id)['upstream, a query, requests']).toEqual([4]);
});

it.each(['related-20', 'related-100'])('asks once where the related entities are cached: %s', (id) => {
  expect(findingsOf(id)['upstream, a query, requests']).toEqual([1]);
});

it('asks nothing where all entities are cached', () => {
  expect(findingsOf('entities')['upstream, requests']).toEqual([0]);
});

it('asks for 32 clients what it asks for one', () => {
  expect(findingsOf('same-cold')).toEqual({ 'upstream, of one client, ×': [1], 'upstream, requests': [4] });
});
