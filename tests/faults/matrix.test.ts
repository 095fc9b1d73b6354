// Each fault of the matrix, for anybody and for a user: what comes of it is what the table in docs/ says.

import { describe, expect, it } from 'vitest';
import { type Caller, type MatrixRow, matrix, printMatrix } from './matrix.ts';

/** `npm run faults` runs each cell twenty times. */
const runs = process.env['npm_lifecycle_event'] === 'faults' ? 20 : 1;
const callers: readonly Caller[] = ['anybody', 'user'];
const observed = new Map<MatrixRow, string>();

describe('faults', () => {
  it.each(matrix.map((row) => [row.fault, row.server, row] as const))(
    '%i %s',
    { timeout: 20_000 * runs },
    async (_f, _s, row) => {
      const seen = new Set<string>();
      for (let run = 0; run < runs; run++) {
        for (const caller of callers) seen.add(await row.observe(caller));
      }
      observed.set(row, [...seen].join(' or '));
      expect([...seen]).toEqual([row.expected]);
    },
  );

  it('are as docs/fault-matrix.md says', async () => {
    const head = `# What becomes of faults

Each row is a fault of WordPress or of the network in front of it, made by a real server on a socket, and what the
gateway makes of it: data or an error code, and how many requests that took. Each was asked for by anybody and by a user
with credentials. Printed by \`npm run faults\`, which runs each of them twenty times, and held by the test suite.

`;
    await expect(head + printMatrix(observed)).toMatchFileSnapshot('../../docs/fault-matrix.md');
  });
});
