// Owns what a start does not wait for: modules that only some gateways need, or only when somebody asks.

import { readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** All files that are loaded with one, by imports that are there at run time. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(src, file), 'utf8');
  const imports = text.matchAll(/^(?:import|export) (?!type\b)(?:[^;]*? from )?'(\.[^']+)';/gm);
  for (const [, path = ''] of imports) loadedWith(relative(src, normalize(join(src, file, '..', path))), seen);
  return seen;
}

it('loads no client of Redis, no doctor and no demo before it serves', () => {
  const files = [...loadedWith('index.ts')];
  expect(files).toContain('schema/build.ts');
  expect(files.filter((file) => /^(?:doctor|demo|explain)\/|redis-(?:link|tier)\.ts$/.test(file))).toEqual([]);
});
