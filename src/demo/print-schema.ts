// `npm run schema`: writes the schema that the gateway offers for the demo WordPress, as the command line prints it.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createProgressPrinter } from './progress.ts';
import { startWordPress } from './wordpress.ts';

const [path = 'schema/schema.graphql'] = process.argv.slice(2);
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const maxBytes = 16 * 1024 * 1024;

await using wordpress = await startWordPress({ onProgress: createProgressPrinter(process.stderr) });
const { stdout } = await promisify(execFile)(process.execPath, [program, 'schema', wordpress.url], {
  maxBuffer: maxBytes,
  env: { ...process.env, DISCOVERY_FILE: 'off' },
});
await writeFile(path, stdout);
process.stderr.write(`  schema   ${path}\n`);
