// Owns when GraphiQL is built: not again while neither its sources nor any package have changed, since it takes a while.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const folder = import.meta.dirname;
const stamp = join(folder, '../../dist/graphiql/built-from.txt');

const hash = createHash('sha256');
for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
hash.update(readFileSync(join(folder, '../../package-lock.json')));
const sources = hash.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
  await build({ configFile: join(folder, 'vite.config.ts') });
  writeFileSync(stamp, sources);
}
