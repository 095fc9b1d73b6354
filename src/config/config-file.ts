// Owns the optional config file: settings by the names of their environment variables, and names of types.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { TimeSettings } from '../cache/times.ts';
import { ConfigError } from '../errors.ts';
import { metaOf } from './declare-setting.ts';
import { nearestOf } from './nearest.ts';
import { secretFiles, settingNames } from './setting-names.ts';
import { environment, graphqlName } from './settings.ts';

/** Names of a type or taxonomy in GraphQL. */
export interface TypeNames {
  readonly single: string;
  readonly plural: string;
}

/** What a config file says. */
export interface ConfigFile {
  /** As people know it. */
  readonly name: string;
  /** Values as an environment variable would have them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly names: ReadonlyMap<string, TypeNames>;
  /** Times of kinds of content, by WordPress's own names. */
  readonly times: ReadonlyMap<string, Partial<TimeSettings>>;
  /** What cannot be used, for people. */
  readonly problems: readonly string[];
}

/** The file that is read where `CONFIG_FILE` names no other, if it is there. */
const usualName = 'headgate.config.json';

const noFile: ConfigFile = { name: usualName, settings: {}, names: new Map(), times: new Map(), problems: [] };

const namesKey = 'names';
const timesKey = 'times';

/** Settings are text; JSON has better ways to write some. */
const settingValue = z.union([
  z.string(),
  z.number().transform(String),
  z.boolean().transform((isOn) => (isOn ? 'on' : 'off')),
  z.array(z.string()).transform((items) => items.join(',')),
]);

const seconds = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400);

const kindTimes = z
  .strictObject({ fresh: seconds.optional(), stale: seconds.optional(), staleIfError: seconds.optional() })
  .transform(({ fresh, stale, staleIfError }) => ({
    ...(fresh === undefined ? {} : { freshSeconds: fresh }),
    ...(stale === undefined ? {} : { staleSeconds: stale }),
    ...(staleIfError === undefined ? {} : { staleIfErrorSeconds: staleIfError }),
  }));

const typeNames = z.strictObject({ single: graphqlName, plural: graphqlName });

/** The key `names` of a file: names of types and taxonomies by WordPress's own. */
export const namesOfTypes = z.record(z.string(), typeNames);

/** The key `times` of a file: seconds by kind of content. */
export const timesOfKinds = z.record(z.string(), kindTimes);

/** Reads the config file of an environment. Throws a {@link ConfigError} for one that is no JSON object. */
export function readConfigFile(env: Readonly<Record<string, string | undefined>>): ConfigFile {
  const given = env['CONFIG_FILE']?.trim();
  const name = given || usualName;
  const text = readText(name, given !== undefined && given !== '');
  if (text === null) return noFile;
  const entries = z.record(z.string(), z.unknown()).safeParse(parseJson(text, name));
  if (!entries.success) throw new ConfigError(`${name} must be a JSON object of settings, such as { "PORT": 4000 }.`);
  const settings: Record<string, string> = {};
  const names = new Map<string, TypeNames>();
  const times = new Map<string, Partial<TimeSettings>>();
  const problems: string[] = [];
  for (const [key, value] of Object.entries(entries.data)) {
    const setting = settingValue.safeParse(value);
    // For editors.
    if (key === '$schema') continue;
    if (key === namesKey) problems.push(...readNames(value, name, names));
    else if (key === timesKey) problems.push(...readTimes(value, name, times));
    else if (!fileKeys().includes(key)) problems.push(`${name}: ${key} is no setting${suggestion(key)}`);
    else if (setting.success) settings[key] = setting.data;
    else problems.push(`${name}: ${key} is ${printValue(key, value)}; it must be ${expectationOf(key)}.`);
  }
  return { name, settings, names, times, problems };
}

/** The file's text; null where there is none and none was named. */
function readText(name: string, isNamed: boolean): string | null {
  try {
    return readFileSync(resolve(name), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT' && !isNamed) return null;
    const remedy = 'it must be the path of a JSON file that the gateway may read';
    throw new ConfigError(isNamed ? `CONFIG_FILE is "${name}" (${code}); ${remedy}.` : `${name} (${code}): ${remedy}.`);
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The engine's message quotes the text, in which there may be a password.
    const at = error instanceof Error ? /line \d+ column \d+/.exec(error.message)?.[0] : undefined;
    throw new ConfigError(`${name} is no JSON${at ? ` (${at})` : ''}; look for a missing quote or a comma too many.`);
  }
}

function readNames(value: unknown, file: string, names: Map<string, TypeNames>): string[] {
  const expects = 'names that GraphQL knows, such as { "single": "Book", "plural": "books" }';
  const types = z.record(z.string(), z.unknown()).safeParse(value);
  if (!types.success) return [`${file}: names is ${show(value)}; it must have ${expects} for each type.`];
  return Object.entries(types.data).flatMap(([type, given]) => {
    const found = typeNames.safeParse(given);
    if (!found.success) return [`${file}: names.${type} is ${show(given)}; it must be ${expects}.`];
    names.set(type, found.data);
    return [];
  });
}

function readTimes(value: unknown, file: string, times: Map<string, Partial<TimeSettings>>): string[] {
  const expects = 'seconds such as { "fresh": 30, "stale": 300, "staleIfError": 86400 }';
  const kinds = z.record(z.string(), z.unknown()).safeParse(value);
  if (!kinds.success) return [`${file}: times is ${show(value)}; it must have ${expects} for each kind of content.`];
  return Object.entries(kinds.data).flatMap(([kind, given]) => {
    const found = kindTimes.safeParse(given);
    if (!found.success) return [`${file}: times.${kind} is ${show(given)}; it must be ${expects}.`];
    times.set(kind, found.data);
    return [];
  });
}

/** What a file may say; not which file it is. */
export function fileKeys(): string[] {
  return [...settingNames(), ...secretFiles().values()].filter((name) => name !== 'CONFIG_FILE');
}

function expectationOf(key: string): string {
  const shape: Record<string, z.ZodType> = environment.shape;
  const schema = shape[key];
  return (schema && metaOf(schema)?.expects) ?? 'something else';
}

function printValue(key: string, value: unknown): string {
  const shape: Record<string, z.ZodType> = environment.shape;
  const schema = shape[key];
  return schema && metaOf(schema)?.secret ? 'something else' : show(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** The nearest key, where one is near enough to be meant. */
function suggestion(key: string): string {
  const nearest = nearestOf(key, [...fileKeys(), namesKey, timesKey]);
  return nearest === null ? '.' : `; did you mean ${nearest}?`;
}
