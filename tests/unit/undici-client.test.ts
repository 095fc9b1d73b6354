// The bundle has only a part of undici: everything that the sources take of it is there.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../src');

it('has what the sources import, each of it the same as undici gives', async () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const imported = files.flatMap((file) => {
    const [, names = ''] = /^import \{([^}]*)\} from 'undici';/m.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '));
  });
  const require = createRequire(import.meta.url);
  const [part, whole] = [require(join(folder, 'cli/undici-client.cjs')), require('undici')];
  expect(new Set(imported)).toEqual(new Set(Object.keys(part)));
  for (const name of imported) expect(part[name], name).toBe(whole[name]);
});
