// Owns the tests of where settings come from: flags, the environment, the config file, and secrets in files of their own.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toFlag } from '../../src/config/given-settings.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { secretFiles, settingNames } from '../../src/config/setting-names.ts';

const url = 'https://example.org';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('flags', () => {
  it('are the names of the variables', () => {
    expect(toFlag('UPSTREAM_TIMEOUT_SECONDS')).toBe('--upstream-timeout-seconds');
    const flags = settingNames().map(toFlag);
    expect(new Set(flags).size).toBe(flags.length);
  });

  it('come before the environment, and that before the file', () => {
    const file = write('order.json', JSON.stringify({ WORDPRESS_URL: url, PORT: 1, WORKERS: 1, SCAN_LIMIT: 101 }));
    const config = loadConfig({ CONFIG_FILE: file, PORT: '2', WORKERS: '2' }, { PORT: '3' });
    expect(config).toMatchObject({ server: { port: 3 }, workers: 2, scanLimit: 101 });
  });

  it('may name the file', () => {
    const file = write('named.json', JSON.stringify({ WORDPRESS_URL: url, PORT: 81 }));
    expect(loadConfig({ CONFIG_FILE: '/nowhere.json' }, { CONFIG_FILE: file }).server.port).toBe(81);
  });

  it('that cannot be used are told as they were given', () => {
    expect(() => loadConfig({ WORDPRESS_URL: url, PORT: '80' }, { PORT: 'http' })).toThrow(
      '--port is "http"; it must be a port number from 0 to 65535.',
    );
  });
});

describe('secrets', () => {
  const own = { WORDPRESS_URL: url, WORDPRESS_USERNAME: 'ann' };

  it('each may be in a file', () => {
    const files = [...secretFiles()];
    expect(files).toContainEqual(['WORDPRESS_APPLICATION_PASSWORD', 'WORDPRESS_APPLICATION_PASSWORD_FILE']);
    expect(files).toContainEqual(['PREVIEW_SECRET', 'PREVIEW_SECRET_FILE']);
    expect(files.filter(([, file]) => settingNames().includes(file))).toEqual([]);
  });

  it('are read without the line break at their end', () => {
    const path = write('password', 'abcd efgh\r\n');
    const expected = { credentials: { username: 'ann', applicationPassword: 'abcd efgh' } };
    expect(loadConfig({ ...own, WORDPRESS_APPLICATION_PASSWORD_FILE: path })).toMatchObject(expected);
    expect(loadConfig(own, { WORDPRESS_APPLICATION_PASSWORD_FILE: path })).toMatchObject(expected);
    const file = write('secrets.json', JSON.stringify({ WORDPRESS_APPLICATION_PASSWORD_FILE: path }));
    expect(loadConfig({ ...own, CONFIG_FILE: file })).toMatchObject(expected);
  });

  it('of a flag take the place of those of the environment', () => {
    const path = write('password', 'from a file');
    const config = loadConfig(
      { ...own, WORDPRESS_APPLICATION_PASSWORD: 'from the environment' },
      { WORDPRESS_APPLICATION_PASSWORD_FILE: path },
    );
    expect(config.credentials?.applicationPassword).toBe('from a file');
  });

  it.each([
    ['is not there', '/nowhere/password', '"/nowhere/password" (ENOENT)'],
    ['is empty', undefined, ', which is empty'],
  ])('in a file that %s are a problem with a name and a remedy', (_, given, told) => {
    const path = given ?? write('empty', '\n');
    expect(() => loadConfig({ ...own, WORDPRESS_APPLICATION_PASSWORD_FILE: path })).toThrow(
      `WORDPRESS_APPLICATION_PASSWORD_FILE is ${given === undefined ? JSON.stringify(path) : ''}${told}; it must be the path of a file`,
    );
  });

  it('that are given twice are a problem, and shown nobody', () => {
    const env = { ...own, WORDPRESS_APPLICATION_PASSWORD: 'hush', WORDPRESS_APPLICATION_PASSWORD_FILE: '/hush' };
    expect(() => loadConfig(env)).toThrow(
      /^WORDPRESS_APPLICATION_PASSWORD and WORDPRESS_APPLICATION_PASSWORD_FILE are both set; set one of them\.$/,
    );
  });

  it('that are too short are told by the name of their file, and not shown', () => {
    const path = write('short', 'hush');
    const env = { ...own, WORDPRESS_APPLICATION_PASSWORD: 'p', PREVIEW_SECRET_FILE: path };
    expect(() => loadConfig(env)).toThrow('PREVIEW_SECRET_FILE is set to something else; it must be a random text');
  });
});
