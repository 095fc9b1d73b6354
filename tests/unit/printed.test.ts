// What is printed from the source is as the source is; `npm run print` prints it anew.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settingArguments } from '../../src/cli/arguments.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { explainCommand } from '../../src/cli/explain.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { startCommand } from '../../src/cli/start.ts';
import { typesCommand } from '../../src/cli/types-command.ts';
import { warmCommand } from '../../src/cli/warm.ts';
import { readConfigFile } from '../../src/config/config-file.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { printConfigSchema } from '../../src/config/print-config-schema.ts';
import { printErrors } from '../../src/explain/print-errors.ts';
import { printCommandsPage, printMetricsPage } from '../support/print-reference.ts';

const root = join(import.meta.dirname, '../..');

describe('schema/config.schema.json', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headgate-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is printed', async () => {
    await expect(printConfigSchema()).toMatchFileSnapshot(join(root, 'schema/config.schema.json'));
  });

  it.each<[content: Record<string, unknown>, isGood: boolean]>([
    [{}, true],
    [{ $schema: 'node_modules/headgate/schema/config.schema.json', PORT: 8080, TRACE: true }, true],
    [{ PORT: '8080', GRAPHIQL: false, MENU_LOCATIONS: ['primary', 'footer'] }, true],
    [{ names: { book: { single: 'Novel', plural: 'novels' } } }, true],
    [{ PROT: 8080 }, false],
    [{ PORT: 80_800 }, false],
    [{ PORT: 1.5 }, false],
    [{ PORT: 'http' }, false],
    [{ LOG_LEVEL: 'loud' }, false],
    [{ PREVIEW_SECRET: 'short' }, false],
    [{ CONFIG_FILE: 'other.json' }, false],
    [{ names: { book: { single: '1st', plural: 'books' } } }, false],
    [{ names: { book: { single: 'Book' } } }, false],
  ])('agrees with what reads the file: %j', (content, isGood) => {
    const schema = z.fromJSONSchema(JSON.parse(printConfigSchema()));
    const file = join(folder, 'site.json');
    writeFileSync(file, JSON.stringify(content));
    const read = () => loadConfig({ CONFIG_FILE: file, WORDPRESS_URL: 'https://example.org' });
    expect(schema.safeParse(content).success).toBe(isGood);
    if (isGood) expect(readConfigFile({ CONFIG_FILE: file }).problems).toEqual([]);
    if (isGood) expect(read().wordpressUrl).toBe('https://example.org');
    else expect(read).toThrow();
  });
});

describe('docs/errors.md', () => {
  it('is printed', async () => {
    await expect(printErrors()).toMatchFileSnapshot(join(root, 'docs/errors.md'));
  });
});

describe('docs/metrics.md', () => {
  it('is printed', async () => {
    await expect(await printMetricsPage()).toMatchFileSnapshot(join(root, 'docs/metrics.md'));
  });
});

describe('docs/commands.md', () => {
  const commands = [startCommand, doctorCommand, explainCommand, schemaCommand, typesCommand, warmCommand];

  it('is printed', async () => {
    const page = printCommandsPage(commands, settingArguments);
    await expect(page).toMatchFileSnapshot(join(root, 'docs/commands.md'));
  });

  it('has all commands', () => {
    const main = readFileSync(join(root, 'src/cli/main.ts'), 'utf8');
    const loaded = [...main.matchAll(/\.(\w+)Command,/g)].map(([, name]) => name);
    expect(commands.map(({ name }) => name.replace('headgate ', '')).sort()).toEqual(loaded.sort());
  });
});
