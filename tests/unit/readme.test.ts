// The README says what is so: its table of settings is the one that is read, and its commands exist.

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { printConfigTable } from '../../src/config/print-config-table.ts';

const readme = await readFile('README.md', 'utf8');

it('has the table of settings', () => {
  const [, table] = /<!-- config -->\n\n?([\s\S]*?)\n?<!-- \/config -->/.exec(readme) ?? [];
  expect(table).toBe(printConfigTable());
});

it('names scripts that exist', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  const named = [...readme.matchAll(/(?:^|`|&& |org )npm (?:run )?([a-z:]+)/gm)].map(([, name]) => name ?? '');
  const builtIn = new Set(['ci', 'run']);
  expect(named.filter((name) => !builtIn.has(name) && !(name in scripts))).toEqual([]);
  expect(new Set(named)).toEqual(new Set(['ci', 'demo', 'start', 'test', 'test:unit', 'check', 'bench']));
});
