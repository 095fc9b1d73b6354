// Owns the command: which rows are measured how often, with which processes, and where the results go.
// npm run bench -- [--only hot-post,cold] [--rounds 5] [--seconds 4] [--smoke] [--json] [--write]

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type MeasuredRow, printMarkdown, printTable, toLines } from './report.ts';
import type { Bench, Row, Scale } from './row.ts';
import { attackRows } from './rows/attack-rows.ts';
import { coldRows } from './rows/cold-rows.ts';
import { hotRows } from './rows/hot-rows.ts';
import { overloadRows } from './rows/overload-rows.ts';
import { processRows } from './rows/process-rows.ts';
import { redisRows } from './rows/redis-rows.ts';
import { startBare, startDefaultYoga, startGateway, startLoader, startUpstream } from './servers.ts';

const allRows: readonly Row[] = [...hotRows, ...coldRows, ...processRows, ...redisRows, ...overloadRows, ...attackRows];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: allRows.map(({ id }) => id).join(',') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    /** How long five times as much is asked in each round as the gateway can do. */
    'overload-seconds': { type: 'string', default: '15' },
    /** As little as shows that everything works. */
    smoke: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const scale: Scale = values.smoke
  ? {
      rounds: 1,
      load: { amount: 20 },
      connections: 2,
      operations: 20,
      coldQueries: 2,
      cachedBlocks: 2,
      fullPages: 1,
      holdWarmUps: 0,
      distinctQueries: 4,
      purges: 2,
      overload: { rounds: 1, firstRate: 50, stepSeconds: 0.5, seconds: 0.5, calmSeconds: 0.5, connections: 50 },
      redisRequests: 8,
    }
  : {
      rounds: toCount('rounds', values.rounds),
      load: { seconds: toCount('seconds', values.seconds) },
      connections: 64,
      operations: 500,
      coldQueries: 40,
      // 23 entities each: ten posts, their images, a category and two authors.
      cachedBlocks: 435,
      fullPages: 80,
      holdWarmUps: 10,
      distinctQueries: 20_000,
      purges: 50,
      overload: {
        ...{ rounds: 4, firstRate: 40, stepSeconds: 2, connections: 2000 },
        seconds: toCount('overload-seconds', values['overload-seconds']),
        calmSeconds: 8,
      },
      redisRequests: 400,
    };

const measured = await measureAll(selectRows(values.only), scale);
console.log(values.json ? JSON.stringify(measured, null, 1) : `\n${printTable(measured)}`);
if (values.write) writeFileSync(new URL('../bench/RESULTS.md', import.meta.url), printMarkdown(measured, scale));

async function measureAll(rows: readonly Row[], scale: Scale): Promise<MeasuredRow[]> {
  await using upstream = await startUpstream();
  await using gateway = await startGateway(upstream);
  await using yoga = await startDefaultYoga(upstream);
  await using bare = await startBare();
  await using loader = startLoader();
  // Below are the blocks of the hot rows.
  let block = 10_000;
  const bench: Bench = { scale, upstream, gateway, yoga, bare, loader, nextBlock: () => block++ };
  const measured: MeasuredRow[] = [];
  for (const row of rows) {
    console.error(`${row.id} …`);
    const result = { row, outcome: await row.measure(bench) };
    measured.push(result);
    for (const [, ...cells] of toLines(result)) console.error(`  ${cells.join('  ').trimEnd()}`);
  }
  return measured;
}

function selectRows(only: string): Row[] {
  return only.split(',').map((id) => {
    const row = allRows.find((known) => known.id === id);
    if (!row) throw new Error(`--only: there is no row ${id}; there are ${allRows.map(({ id }) => id).join(', ')}`);
    return row;
  });
}

function toCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name}: ${text} is no number of at least 1`);
  return count;
}
