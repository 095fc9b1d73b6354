// Owns the API keys of callers as people write them down: `name=key`, plain or as a hash, with a limit or without.

import { readFileSync } from 'node:fs';
import { ConfigError } from '../errors.ts';
import { type ApiKey, hashApiKey } from '../operations/callers.ts';

/** Shorter ones can be guessed. */
const minLength = 20;

/** The keys of both sources. Throws a {@link ConfigError} that shows no key. */
export function loadApiKeys(setting: string | undefined, path: string | undefined): readonly ApiKey[] {
  const keys = [
    ...parseKeys(setting?.split(',') ?? [], 'API_KEYS'),
    ...(path === undefined ? [] : parseKeys(readLines(path), `API_KEYS_FILE ${JSON.stringify(path)}`)),
  ];
  const names = new Set(keys.map(({ name }) => name));
  if (names.size < keys.length) throw new ConfigError('API_KEYS gives two keys one name; give each its own.');
  return keys;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch (error) {
    throw new ConfigError(`API_KEYS_FILE is ${JSON.stringify(path)}; that file cannot be read.`, { cause: error });
  }
}

function parseKeys(entries: readonly string[], source: string): ApiKey[] {
  return entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && !entry.startsWith('#'))
    .map((entry, index) => {
      const [, name, limit, hash, plain] =
        /^([\w.-]{1,64})(?::(\d{1,8}))?=(?:sha256:([\da-f]{64})|([\x21-\x7e]+))$/i.exec(entry) ?? [];
      const isLong = plain !== undefined && plain.length >= minLength && !/^sha256:/i.test(plain);
      if (name === undefined || (hash === undefined && !isLong)) {
        throw new ConfigError(
          `${source}: entry ${index + 1} cannot be used; it must be name=key, with a random key of ${minLength}` +
            ' characters or more, or name=sha256:… with the hash of one in hex; name:600=… where its holder may ask 600' +
            ' times a minute.',
        );
      }
      return {
        name,
        hash: hash === undefined ? hashApiKey(plain ?? '') : Buffer.from(hash, 'hex'),
        ...(limit === undefined ? {} : { perMinute: Number(limit) }),
      };
    });
}
