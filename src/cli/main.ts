#!/usr/bin/env node
// Owns the command line: which command is meant, what people read when it fails, and the exit code.

import { readFileSync } from 'node:fs';
import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { ConfigError, SiteError } from '../errors.ts';

// Loaded when they are meant: a version or a typing mistake should not wait for a gateway.
const loads = {
  start: async () => (await import('./start.ts')).startCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
  warm: async () => (await import('./warm.ts')).warmCommand,
};

const commands = {
  start: () => toRunnable(loads.start),
  schema: () => toRunnable(loads.schema),
  warm: () => toRunnable(loads.warm),
};

const main = defineCommand({
  meta: {
    name: 'headgate',
    version: readVersion(),
    description: 'GraphQL for any WordPress site, compatible with WPGraphQL.',
  },
  subCommands: loads,
});

await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  const name = isCommand(first) ? first : undefined;
  const wants = (...flags: string[]) => args.some((arg) => flags.includes(arg));
  if (wants('--help', '-h')) {
    console.log(await (name === undefined ? renderUsage(main) : (await commands[name]()).usage()));
    return;
  }
  if (wants('--version', '-v')) {
    console.log(readVersion());
    return;
  }
  try {
    // `headgate https://example.org` is `headgate start https://example.org`.
    await (await commands[name ?? 'start']()).run(name === undefined ? [...args] : rest);
  } catch (error) {
    const forPeople = error instanceof ConfigError || error instanceof SiteError || isUsageError(error);
    console.error(forPeople ? error.message : error);
    process.exit(1);
  }
}

async function toRunnable<Args extends ArgsDef>(load: () => Promise<CommandDef<Args>>) {
  const command = await load();
  return { usage: () => renderUsage(command), run: (rawArgs: string[]) => runCommand(command, { rawArgs }) };
}

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name);
}

/** citty's own class is not exported. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CLIError';
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const version = manifest instanceof Object && 'version' in manifest ? manifest.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
