// Owns what all commands understand: the address of a site, a flag for each setting, and what is told of any other argument.

import { parseArgs } from 'node:util';
import type { ArgsDef } from 'citty';
import { metaOf } from '../config/declare-setting.ts';
import { type Flags, toFlag } from '../config/given-settings.ts';
import { nearestOf } from '../config/nearest.ts';
import { secretFiles, settingNames } from '../config/setting-names.ts';
import { environment } from '../config/settings.ts';
import type { Arguments, Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** The address of a site, as the first argument of a command. */
export const siteArgument = {
  url: { type: 'positional', required: false, description: 'Address of the site; instead of WORDPRESS_URL.' },
} as const satisfies ArgsDef;

const shape: Readonly<Record<string, (typeof environment.shape)[keyof typeof environment.shape]>> = environment.shape;

/** A flag for each setting, and for the file of each secret. */
export const settingArguments: ArgsDef = Object.fromEntries([
  ...settingNames().map((name) => [toFlag(name).slice(2), describeSetting(name)] as const),
  ...[...secretFiles()].map(
    ([secret, file]) =>
      [toFlag(file).slice(2), toArgument('path', `File with the value of ${toFlag(secret)}.`)] as const,
  ),
]);

function describeSetting(name: string) {
  const schema = shape[name];
  const meta = schema && metaOf(schema);
  const { data } = schema?.safeParse(undefined) ?? {};
  // Links are for pages.
  const description = (meta?.description ?? '').replaceAll(/ ?\[\w+\]\([^)]*\)\.?/g, '').replaceAll('`', '');
  const fallback = typeof data === 'string' || typeof data === 'number' ? ` (${data})` : '';
  return toArgument(isSwitch(name) ? 'on|off' : 'value', `${description}${fallback}`);
}

function toArgument(valueHint: string, description: string) {
  return { type: 'string', valueHint, description } as const;
}

/** The settings among the arguments of a command. */
export function toSettings(args: Arguments): Flags {
  const names = [...settingNames(), ...secretFiles().values()];
  const given = names.map((name) => [name, args[toFlag(name).slice(2)]] as const);
  const flags = Object.fromEntries(
    given.filter(([, value]) => typeof value === 'string').map(([name, value]) => [name, String(value)]),
  );
  return typeof args['url'] === 'string' ? { ...flags, WORDPRESS_URL: args['url'] } : flags;
}

/** Whether a setting is only on or off: its flag needs no value then. */
function isSwitch(name: string): boolean {
  const schema = shape[name];
  const takes = (value: string) => schema?.safeParse(value).success === true;
  return takes('on') && takes('off') && !takes('other');
}

/**
 * Reads the arguments of a command: flags and positional arguments by their names. Throws a {@link UsageError} for a flag
 * that is none, for one without its value, and for an argument too many.
 */
export function readArguments(rawArgs: readonly string[], { name: command, args }: Command): Arguments {
  const flags = new Map(Object.entries(args).filter(([, { type }]) => type !== 'positional'));
  const places = Object.keys(args).filter((name) => args[name]?.type === 'positional');
  const options = Object.fromEntries(
    [...flags].map(([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string' } as const]),
  );
  const { tokens } = parseArgs({
    args: spellOut(rawArgs),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const read: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const place = places.shift();
      if (place === undefined) {
        throw new UsageError(`${command} does not know what to do with "${token.value}". See ${command} --help.`);
      }
      read[place] = token.value;
    } else if (token.kind === 'option') {
      const flag = flags.get(token.name);
      if (!flag) throw unknownFlag(token.rawName, command, [...flags.keys()]);
      if (flag.type === 'boolean') read[token.name] = true;
      else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) {
        throw new UsageError(`${token.rawName} needs a value: ${expectedOf(token.name)}.`);
      } else read[token.name] = token.value;
    }
  }
  return read;
}

/** `--trace` is `--trace=on`. */
function spellOut(rawArgs: readonly string[]): string[] {
  const switches = new Set(settingNames().filter(isSwitch).map(toFlag));
  return rawArgs.map((arg, index) => {
    const isAlone = switches.has(arg) && !/^(?:on|off)$/i.test(rawArgs[index + 1] ?? '');
    return isAlone ? `${arg}=on` : arg;
  });
}

function unknownFlag(given: string, command: string, names: readonly string[]): UsageError {
  const nearest = nearestOf(given.replace(/^-+/, ''), names);
  const guess = nearest === null ? '' : `; did you mean --${nearest}?`;
  return new UsageError(`${given} is no flag of ${command}${guess || '.'} See ${command} --help.`);
}

function expectedOf(flag: string): string {
  const name = settingNames().find((setting) => toFlag(setting) === `--${flag}`);
  const schema = name === undefined ? undefined : shape[name];
  return (schema && metaOf(schema)?.expects) ?? 'some text';
}
