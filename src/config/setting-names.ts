// Owns the names of settings: all of them, and those of the files that secrets may be in.

import { metaOf } from './declare-setting.ts';
import { environment } from './settings.ts';

/** Names of all settings, in the order of the documentation. */
export function settingNames(): string[] {
  return Object.keys(environment.shape);
}

/** For each secret, the name of the setting that has the path of a file with it, as containers get secrets. */
export function secretFiles(): ReadonlyMap<string, string> {
  const names = settingNames();
  const secrets = Object.entries(environment.shape).filter(([, schema]) => metaOf(schema)?.secret);
  // A setting may have a file of its own kind by that name.
  return new Map(secrets.map(([name]) => [name, `${name}_FILE`] as const).filter(([, file]) => !names.includes(file)));
}
