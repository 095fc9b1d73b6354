// Progress is a bar where people watch, and a line at each tenth where they do not.

import { expect, it } from 'vitest';
import { createProgress } from '../../../src/cli/progress.ts';

function run(total: number, isTTY?: boolean): string[] {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), ...(isTTY === undefined ? {} : { isTTY }) };
  const progress = createProgress(total, output);
  for (let step = 0; step < total; step += 1) progress.step();
  progress.end();
  return written;
}

it('is a bar on a terminal, which grows in its place', () => {
  const written = run(3, true);
  expect(written).toEqual([
    `\r[${'#'.repeat(10)}${'.'.repeat(20)}] 1/3`,
    `\r[${'#'.repeat(20)}${'.'.repeat(10)}] 2/3`,
    `\r[${'#'.repeat(30)}] 3/3`,
    '\n',
  ]);
});

it('is a line for each tenth elsewhere', () => {
  expect(run(200)).toEqual(Array.from({ length: 10 }, (_, index) => `${20 * (index + 1)}/200\n`));
  expect(run(3, false)).toEqual(['1/3\n', '2/3\n', '3/3\n']);
});
