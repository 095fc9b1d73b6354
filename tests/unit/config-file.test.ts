// Owns the tests of the config file: where it is found, what it says, what takes its place, and how people are told.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { environment } from '../../src/config/settings.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-config-'));
  file = join(folder, 'site.json');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function load(content: unknown, env: Record<string, string> = {}) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return loadConfig({ CONFIG_FILE: file, ...env });
}

const url = 'https://example.org';

describe('the config file', () => {
  it('has the settings of the environment, as JSON writes them', () => {
    const config = load({
      WORDPRESS_URL: url,
      PORT: 8080,
      TRACE: true,
      GRAPHIQL: 'off',
      MENU_LOCATIONS: ['top', 'end'],
    });
    expect(config).toMatchObject({
      wordpressUrl: url,
      trace: true,
      graphiql: false,
      server: { port: 8080 },
      menuLocations: ['top', 'end'],
    });
  });

  it('has names of types', () => {
    const names = { book: { single: 'Novel', plural: 'novels' }, genre: { single: 'Kind', plural: 'kinds' } };
    const { discovery } = load({ WORDPRESS_URL: url, names }, { GRAPHQL_NAMES: 'genre=Genre:genres' });
    expect(Object.fromEntries(discovery.names)).toEqual({ ...names, genre: { single: 'Genre', plural: 'genres' } });
  });

  it('gives way to the environment, and that to the command line', () => {
    expect(load({ WORDPRESS_URL: url, PORT: 8080 }, { PORT: '9000' }).server.port).toBe(9000);
    expect(load({ WORDPRESS_URL: url, PORT: 8080 }, { PORT: ' ' }).server.port).toBe(8080);
    writeFileSync(file, JSON.stringify({ WORDPRESS_URL: url }));
    expect(loadConfig({ CONFIG_FILE: file }, { WORDPRESS_URL: 'blog.example' }).wordpressUrl).toBe('blog.example');
  });

  it('is the one in the working directory, if it is there', () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    expect(loadConfig({ WORDPRESS_URL: url }).server.port).toBe(4000);
    writeFileSync(join(folder, 'headgate.config.json'), '\uFEFF{ "PORT": 8080 }');
    expect(loadConfig({ WORDPRESS_URL: url }).server.port).toBe(8080);
    writeFileSync(join(folder, 'headgate.config.json'), '{ "PORT": 80800 }');
    expect(() => loadConfig({ WORDPRESS_URL: url })).toThrow(
      'headgate.config.json: PORT is "80800"; it must be a port number from 0 to 65535.',
    );
  });

  it.each<[content: unknown, problem: string]>([
    [{ PROT: 8080 }, 'PROT is no setting; did you mean PORT?'],
    [{ fresh_secnds: 5 }, 'fresh_secnds is no setting; did you mean FRESH_SECONDS?'],
    [{ nmaes: {} }, 'nmaes is no setting; did you mean names?'],
    [{ wombat: 1 }, 'wombat is no setting.'],
    [{ CONFIG_FILE: 'other.json' }, 'CONFIG_FILE is no setting.'],
    [{ PORT: { number: 1 } }, 'PORT is {"number":1}; it must be a port number from 0 to 65535.'],
    [{ LOG_LEVEL: null }, 'LOG_LEVEL is null; it must be one of'],
    [{ WORDPRESS_APPLICATION_PASSWORD: { secret: 1 } }, 'WORDPRESS_APPLICATION_PASSWORD is something else; it must be'],
    [{ names: ['book'] }, 'names is ["book"]; it must have names that GraphQL knows'],
    [
      { names: { book: { single: '1st', plural: 'books' } } },
      'names.book is {"single":"1st","plural":"books"}; it must be',
    ],
    [{ names: { book: { single: 'Book' } } }, 'names.book is {"single":"Book"}; it must be'],
    [{ names: { book: { single: 'Book', plurl: 'books' } } }, 'names.book is {"single":"Book","plurl":"books"}'],
  ])('%j is told with the file, the key and a remedy', (content, problem) => {
    expect(() => load(content, { WORDPRESS_URL: url })).toThrow(`${file}: ${problem}`);
  });

  it('tells everything that cannot be used at once', () => {
    expect(() => load({ PROT: 8080, SCAN_LIMIT: 1 }, { FRESH_SECONDS: 'soon' })).toThrow(
      [
        'These settings cannot be used:',
        `- ${file}: PROT is no setting; did you mean PORT?`,
        '- WORDPRESS_URL is not set; it must be the http(s) address of a WordPress site without user name and password, such as https://example.org.',
        '- FRESH_SECONDS is "soon"; it must be a whole number of seconds from 0 to 86400.',
        `- ${file}: SCAN_LIMIT is "1"; it must be a whole number from 100 to 100000.`,
      ].join('\n'),
    );
  });

  it('must be there where it is named, and be a JSON object; its text is not shown', () => {
    expect(() => loadConfig({ CONFIG_FILE: '/nowhere/site.json' })).toThrow(
      'CONFIG_FILE is "/nowhere/site.json" (ENOENT); it must be the path of a JSON file that the gateway may read.',
    );
    expect(() => load('["PORT"]')).toThrow(`${file} must be a JSON object of settings, such as { "PORT": 4000 }.`);
    expect(() => load('{ "WORDPRESS_APPLICATION_PASSWORD": "sesame" ')).toThrow(`${file} is no JSON`);
    expect(() => load('{ "WORDPRESS_APPLICATION_PASSWORD": "sesame" ')).not.toThrow('sesame');
  });

  it('may have every setting but its own place', () => {
    for (const name of Object.keys(environment.shape)) {
      if (name === 'CONFIG_FILE') continue;
      let message = '';
      try {
        load({ [name]: [] }, { WORDPRESS_URL: url, WORDPRESS_USERNAME: 'a', WORDPRESS_APPLICATION_PASSWORD: 'b' });
      } catch (error) {
        message = String(error);
      }
      expect(message).toBe('');
    }
  });

  it('gives kinds of content times of their own', () => {
    const times = { comment: { fresh: 10, stale: 60 }, page: { staleIfError: 604_800 } };
    expect(load({ WORDPRESS_URL: url, times }).cache.kinds).toEqual(
      new Map([
        ['comment', { freshSeconds: 10, staleSeconds: 60 }],
        ['page', { staleIfErrorSeconds: 604_800 }],
      ]),
    );
    expect(() => load({ WORDPRESS_URL: url, times: { post: { fresh: -1 } } })).toThrow(
      'times.post is {"fresh":-1}; it must be seconds such as',
    );
    expect(() => load({ WORDPRESS_URL: url, times: 60 })).toThrow('times is 60');
  });

  it('names Redis without showing its password', () => {
    const redis = load({ WORDPRESS_URL: url, REDIS_URL: 'rediss://gate:secret@cache.test/1' }).redis;
    expect(redis).toMatchObject({ waitMs: 50, address: { tls: true, username: 'gate', database: 1 } });
    expect(() => load({ WORDPRESS_URL: url, REDIS_URL: 'http://gate:secret@cache.test' })).toThrow(
      'REDIS_URL is set to something else; it must be an address such as redis://127.0.0.1:6379.',
    );
  });
});
