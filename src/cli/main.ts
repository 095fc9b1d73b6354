#!/usr/bin/env node
// Owns the command line: which command is meant, what people read when it fails, and the exit code.

import { stripVTControlCharacters } from 'node:util';
import { renderUsage } from 'citty';
import { nearestOf } from '../config/nearest.ts';
import { readVersion } from '../config/read-version.ts';
import { ConfigError, HeadgateError } from '../errors.ts';
import { keepTick } from './keep-tick.ts';
import { createStopSignal, endAtSignals } from './stop-signal.ts';
import { unlessStopped } from './unless-stopped.ts';
import { UsageError } from './usage-error.ts';

// Loaded when they are meant: a version, help or a typing mistake should not wait for a gateway.
const commands = {
  start: {
    description: 'Start the gateway for a site. `headgate <url>` is short for it.',
    load: async () => (await import('./start.ts')).startCommand,
  },
  doctor: {
    description: 'Examine a site: what it gives, what it does not, and what would help.',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  explain: {
    description: 'Tell what an error code, a finding, a limit or a setting means.',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  schema: {
    description: 'Print the GraphQL schema of a site.',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  warm: {
    description: 'Fill the cache of a running gateway.',
    load: async () => (await import('./warm.ts')).warmCommand,
  },
  types: {
    description: 'Print what caches of GraphQL clients must know of it.',
    load: async () => (await import('./types-command.ts')).typesCommand,
  },
};

keepTick();
await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  const name = isCommand(first) ? first : undefined;
  const wants = (...flags: string[]) => args.some((arg) => flags.includes(arg));
  if (wants('--help', '-h')) {
    console.log(toLines(await printHelp(name)));
    return;
  }
  if (wants('--version', '-v')) {
    console.log(readVersion());
    return;
  }
  try {
    if (name === undefined && first !== undefined && isWord(first)) throw unknownCommand(first);
    // `headgate https://example.org` is `headgate start https://example.org`.
    const meant = name ?? 'start';
    const stop = meant === 'start' ? createStopSignal() : endAtSignals();
    const loaded = await unlessStopped(stop, Promise.all([import('./arguments.ts'), commands[meant].load()]));
    if (loaded === null) process.exit(0);
    const [{ readArguments }, command] = loaded;
    await command.run(readArguments(name === undefined ? args : rest, command), stop);
  } catch (error) {
    const forPeople = error instanceof HeadgateError || error instanceof UsageError;
    const code = error instanceof HeadgateError && !(error instanceof ConfigError) ? ` (${error.code})` : '';
    console.error(forPeople ? `${error.message}${code}` : error);
    // Of the doctor 1 says that it looked, and found warnings.
    process.exit(name === 'doctor' ? 2 : 1);
  }
}

/** Colours are for terminals; and what only fills a column up would become lines of its own in a narrow one. */
function toLines(help: string): string {
  const text = process.stdout.isTTY ? help : stripVTControlCharacters(help);
  return text.replaceAll(/[ \t]+$/gm, '');
}

async function printHelp(name: keyof typeof commands | undefined): Promise<string> {
  if (name !== undefined) {
    const { name: fullName, description, args } = await commands[name].load();
    return renderUsage({ meta: { name: fullName, description }, args });
  }
  return renderUsage({
    meta: {
      name: 'headgate',
      version: readVersion(),
      description: 'GraphQL for any WordPress site, compatible with WPGraphQL.',
    },
    subCommands: Object.fromEntries(
      Object.entries(commands).map(([key, { description }]) => [key, { meta: { description } }]),
    ),
  });
}

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name);
}

/** Sites have a dot in their name, a port or a scheme. */
function isWord(argument: string): boolean {
  return /^[a-z][a-z-]*$/i.test(argument) && argument !== 'localhost';
}

function unknownCommand(given: string): UsageError {
  const nearest = nearestOf(given, Object.keys(commands));
  const guess = nearest === null ? '' : ` Did you mean headgate ${nearest}?`;
  return new UsageError(
    `"${given}" is no command, and no address of a site.${guess} See headgate --help; a site is given as http://${given}.`,
  );
}
