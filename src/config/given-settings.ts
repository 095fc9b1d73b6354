// Owns which of several sources a setting comes from: a flag, else the environment, else the config file; and secrets in files.

import { readFileSync } from 'node:fs';
import type { ConfigFile } from './config-file.ts';
import { secretFiles, settingNames } from './setting-names.ts';

/** Settings of a command line, by the names of their variables. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** Settings as text, and where each is from. */
export interface GivenSettings {
  readonly values: Readonly<Record<string, string>>;
  /** The name by which people gave a setting, or would: `PORT`, `--port`, `headgate.config.json: PORT`. */
  nameOf(setting: string): string;
  /** Secrets that could not be read, for people. */
  readonly problems: readonly string[];
}

interface Source {
  readonly values: Readonly<Record<string, string | undefined>>;
  nameOf(setting: string): string;
}

/** The flag of a setting: `PORT` is `--port`. */
export function toFlag(setting: string): string {
  return `--${setting.toLowerCase().replaceAll('_', '-')}`;
}

/** Takes each setting from the first source that has it. Blank is "not set": compose files and CI pass empty strings. */
export function collectSettings(env: NodeJS.ProcessEnv, flags: Flags, file: ConfigFile): GivenSettings {
  const sources: readonly Source[] = [
    { values: flags, nameOf: toFlag },
    { values: env, nameOf: (setting) => setting },
    { values: file.settings, nameOf: (setting) => `${file.name}: ${setting}` },
  ];
  const values: Record<string, string> = {};
  const names = new Map<string, string>();
  const problems: string[] = [];
  for (const setting of settingNames()) {
    for (const source of sources) {
      const given = readSetting(setting, source, problems);
      if (given === null) continue;
      values[setting] = given.value;
      names.set(setting, given.name);
      break;
    }
  }
  return { values, nameOf: (setting) => names.get(setting) ?? setting, problems };
}

/** What a source has of a setting, itself or in a file that it names; null for nothing that can be used. */
function readSetting(setting: string, source: Source, problems: string[]): { name: string; value: string } | null {
  const name = source.nameOf(setting);
  const value = toText(source.values[setting]);
  const fileSetting = secretFiles().get(setting);
  const path = fileSetting === undefined ? undefined : toText(source.values[fileSetting]);
  if (fileSetting === undefined || path === undefined) return value === undefined ? null : { name, value };
  const nameOfFile = source.nameOf(fileSetting);
  if (value !== undefined) {
    problems.push(`${name} and ${nameOfFile} are both set; set one of them.`);
    return { name, value };
  }
  const secret = readSecret(path, nameOfFile, problems);
  return secret === null ? null : { name: nameOfFile, value: secret };
}

function readSecret(path: string, name: string, problems: string[]): string | null {
  const expects = 'it must be the path of a file with the secret that the gateway may read';
  try {
    const secret = readFileSync(path, 'utf8').trim();
    if (secret !== '') return secret;
    problems.push(`${name} is ${JSON.stringify(path)}, which is empty; ${expects}.`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    problems.push(`${name} is ${JSON.stringify(path)} (${code}); ${expects}.`);
  }
  return null;
}

function toText(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}
