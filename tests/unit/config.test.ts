// Owns the tests of the configuration: defaults, what is refused and how people are told, the table for documentation.

import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { printConfigTable } from '../../src/config/print-config-table.ts';
import { environment } from '../../src/config/settings.ts';
import { ConfigError } from '../../src/errors.ts';

const url = 'https://example.org';

function problemsOf(env: Record<string, string>, flags: Record<string, string> = {}): string {
  try {
    loadConfig(env, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('loadConfig', () => {
  it('needs the address of a site only', () => {
    expect(loadConfig({ WORDPRESS_URL: url, XDG_CACHE_HOME: '/cache' })).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      wordpressUrl: url,
      waitsForSite: false,
      credentials: null,
      logLevel: 'info',
      workers: 1,
      graphiql: true,
      introspection: true,
      statusPage: true,
      forwards: false,
      trace: false,
      server: { port: 4000, host: undefined, maxBodyBytes: 262_144, lingerMs: 250 },
      upstream: { timeoutMs: 10_000, maxConcurrent: 6, maxBytes: 16_777_216 },
      hardened: false,
      limits: {
        tokens: 4000,
        depth: 20,
        aliases: 50,
        rootFields: 20,
        nodes: 10_000,
        resultBytes: 8 * 1024 * 1024,
        upstreamCalls: 60,
        seconds: 30,
        subscriptions: 1000,
      },
      cache: {
        ...{ maxBytes: 161_061_274, freshSeconds: 60, negativeSeconds: 30 },
        ...{ staleSeconds: 300, staleIfErrorSeconds: 86_400, kinds: new Map() },
      },
      redis: null,
      snapshotFile: null,
      watch: { intervalSeconds: 0.75, share: 0.1, maxBytes: 16_777_216 },
      responses: { maxBytes: 107_374_182, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 86_400 },
      persisted: { listed: new Map(), only: false },
      callers: { keys: [], required: false },
      clients: { perMinute: 0, viewersPerMinute: 0, proxies: 0, maxDelayMs: 100 },
      previewSecret: null,
      anonymousComments: 0,
      webhooks: { secret: null, token: null, targets: [], targetsSecret: null },
      files: { maxBytes: 52_428_800, allowedHosts: [] },
      scanLimit: 5000,
      menuLocations: [],
      discovery: {
        intervalSeconds: 600,
        file: expect.stringMatching(/^\/cache\/headgate\/discovery-[0-9a-f]{16}\.json$/),
        names: new Map(),
      },
    });
  });

  it('keeps what is known of each site in a file of its own, where it is told, or nowhere', () => {
    const fileOf = (more: Record<string, string>) => loadConfig({ WORDPRESS_URL: url, ...more }).discovery.file;
    expect(fileOf({})).not.toBe(fileOf({ WORDPRESS_URL: 'other.example' }));
    expect(fileOf({ DISCOVERY_FILE: '/var/site.json' })).toBe('/var/site.json');
    expect(fileOf({ DISCOVERY_FILE: 'off' })).toBeNull();
  });

  it('reads names for GraphQL', () => {
    const GRAPHQL_NAMES = 'book=Book:books, case_study = CaseStudy : caseStudies,';
    expect(loadConfig({ WORDPRESS_URL: url, GRAPHQL_NAMES }).discovery.names).toEqual(
      new Map([
        ['book', { single: 'Book', plural: 'books' }],
        ['case_study', { single: 'CaseStudy', plural: 'caseStudies' }],
      ]),
    );
  });

  it.each(['book', 'book=Book', 'book=Book:', 'book=Bóok:books', 'book=__Book:books', '=Book:books', 'a=B:c,d'])(
    'refuses names that GraphQL does not know: %s',
    (GRAPHQL_NAMES) => {
      expect(() => loadConfig({ WORDPRESS_URL: url, GRAPHQL_NAMES })).toThrow('GRAPHQL_NAMES is');
    },
  );

  it('reads who is told of changes, and insists on a secret', () => {
    const WEBHOOK_TARGETS = 'https://a.example/hook?key=1, http://10.0.0.7:8080/b';
    const WEBHOOK_TARGETS_SECRET = 'x'.repeat(32);
    expect(loadConfig({ WORDPRESS_URL: url, WEBHOOK_TARGETS, WEBHOOK_TARGETS_SECRET }).webhooks).toEqual({
      ...{ secret: null, token: null, targetsSecret: WEBHOOK_TARGETS_SECRET },
      targets: ['https://a.example/hook?key=1', 'http://10.0.0.7:8080/b'],
    });
    expect(() => loadConfig({ WORDPRESS_URL: url, WEBHOOK_TARGETS })).toThrow('WEBHOOK_TARGETS_SECRET is not');
    expect(() => loadConfig({ WORDPRESS_URL: url, WEBHOOK_SECRET: 'short' })).toThrow(
      'WEBHOOK_SECRET is set to something else; it must be a random text of 32 characters or more.',
    );
  });

  it.each(['a.example', 'ftp://a.example/', 'https://user:pass@a.example/', 'https://a.example,'])(
    'refuses a target that cannot be told: %s',
    (WEBHOOK_TARGETS) => {
      const settings = { WORDPRESS_URL: url, WEBHOOK_TARGETS, WEBHOOK_TARGETS_SECRET: 'x'.repeat(32) };
      expect(() => loadConfig(settings)).toThrow('WEBHOOK_TARGETS is');
    },
  );

  it('is frozen', () => {
    const config = loadConfig({ WORDPRESS_URL: url });
    expect([config, config.server, config.upstream, config.cache].every(Object.isFrozen)).toBe(true);
  });

  it('takes the address of the command line first', () => {
    expect(loadConfig({ WORDPRESS_URL: url }, { WORDPRESS_URL: 'blog.example' }).wordpressUrl).toBe('blog.example');
  });

  it('reads all settings', () => {
    const config = loadConfig({
      WORDPRESS_URL: 'http://127.0.0.1:8080/blog',
      PORT: ' 0 ',
      HOST: '::1',
      LOG_LEVEL: 'WARN',
      WORKERS: '2',
      GRAPHIQL: 'on',
      NODE_ENV: 'production',
      WORDPRESS_USERNAME: 'ann',
      WORDPRESS_APPLICATION_PASSWORD: 'abcd efgh',
      FRESH_SECONDS: '0',
      STALE_SECONDS: '1',
      STALE_IF_ERROR_SECONDS: '2',
      CACHE_MAX_BYTES: '10',
      UPSTREAM_TIMEOUT_SECONDS: '3',
      UPSTREAM_CONCURRENCY: '2',
      UPSTREAM_MAX_BYTES: '65536',
      REQUEST_MAX_BYTES: '1024',
      SCAN_LIMIT: '100',
      MENU_LOCATIONS: 'primary , menu-1',
    });
    expect(config).toMatchObject({
      credentials: { username: 'ann', applicationPassword: 'abcd efgh' },
      logLevel: 'warn',
      workers: 2,
      graphiql: true,
      server: { port: 0, host: '::1', maxBodyBytes: 1024 },
      upstream: { timeoutMs: 3000, maxConcurrent: 2, maxBytes: 65_536 },
      cache: { maxBytes: 6, freshSeconds: 0, negativeSeconds: 0 },
      responses: { maxBytes: 4, freshSeconds: 0, staleSeconds: 1, staleIfErrorSeconds: 2 },
      scanLimit: 100,
      menuLocations: ['primary', 'menu-1'],
    });
  });

  it.each([
    [{}, true],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', GRAPHIQL: 'on' }, true],
    [{ GRAPHIQL: 'off' }, false],
  ])('decides on GraphiQL: %o', (env, expected) => {
    expect(loadConfig({ WORDPRESS_URL: url, ...env }).graphiql).toBe(expected);
  });

  it('takes blank settings as not set', () => {
    expect(loadConfig({ WORDPRESS_URL: url, PORT: '', HOST: ' ', WORDPRESS_USERNAME: '' })).toMatchObject({
      credentials: null,
      server: { port: 4000, host: undefined },
    });
  });

  it.each([
    [{}, 'WORDPRESS_URL is not set; it must be the http(s) address of a WordPress site'],
    [{ WORDPRESS_URL: 'ftp://example.org' }, 'WORDPRESS_URL is "ftp://example.org"; it must be the http(s) address'],
    [{ WORDPRESS_URL: 'http://' }, 'WORDPRESS_URL is "http://"; it must be'],
    [{ WORDPRESS_URL: url, PORT: 'abc' }, 'PORT is "abc"; it must be a port number from 0 to 65535.'],
    [{ WORDPRESS_URL: url, PORT: '1e3' }, 'PORT is "1e3"; it must be'],
    [{ WORDPRESS_URL: url, PORT: '-1' }, 'PORT is "-1"; it must be'],
    [{ WORDPRESS_URL: url, PORT: '65536' }, 'PORT is "65536"; it must be'],
    [{ WORDPRESS_URL: url, LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"; it must be one of trace, debug, info, warn'],
    [
      { WORDPRESS_URL: url, MENU_LOCATIONS: 'primary,,footer' },
      'MENU_LOCATIONS is "primary,,footer"; it must be names separated by commas',
    ],
    [
      { WORDPRESS_URL: url, UPSTREAM_CONCURRENCY: '0' },
      'UPSTREAM_CONCURRENCY is "0"; it must be a whole number from 1',
    ],
    [
      { WORDPRESS_URL: url, API_KEYS_REQUIRED: 'on' },
      'API_KEYS_REQUIRED is "on", but neither API_KEYS nor API_KEYS_FILE is set; nobody could ask.',
    ],
    [
      { WORDPRESS_URL: url, WAIT_FOR_SITE: 'on', WORKERS: '2' },
      'WAIT_FOR_SITE is "on", but WORKERS is more than 1; only a single process can wait.',
    ],
    [
      { WORDPRESS_URL: url, API_KEYS_FILE: '/no/such/file' },
      'API_KEYS_FILE is "/no/such/file"; that file cannot be read.',
    ],
    [
      { WORDPRESS_URL: url, PREVIEW_SECRET: 'x'.repeat(32) },
      'PREVIEW_SECRET is set, but WORDPRESS_USERNAME is not; previews are read with the gateway’s own user.',
    ],
    [
      { WORDPRESS_URL: url, WORDPRESS_USERNAME: 'ann' },
      'WORDPRESS_APPLICATION_PASSWORD is not set, but WORDPRESS_USERNAME is; set both or none.',
    ],
  ])('refuses %o', (env, message) => {
    expect(problemsOf(env)).toContain(message);
    expect(problemsOf(env)).not.toContain('\n');
  });

  it('tells all problems at once', () => {
    expect(problemsOf({ PORT: 'x', GRAPHIQL: 'maybe', WORDPRESS_APPLICATION_PASSWORD: 'p' }).split('\n')).toEqual([
      'These settings cannot be used:',
      '- WORDPRESS_URL is not set; it must be the http(s) address of a WordPress site without user name and password, such as https://example.org.',
      '- PORT is "x"; it must be a port number from 0 to 65535.',
      '- GRAPHIQL is "maybe"; it must be one of auto, on, off.',
      '- WORDPRESS_USERNAME is not set, but WORDPRESS_APPLICATION_PASSWORD is; set both or none.',
    ]);
  });

  it('never tells a password', () => {
    const message = problemsOf({
      WORDPRESS_URL: 'https://ann:hush@example.org',
      WORDPRESS_APPLICATION_PASSWORD: 'hush',
    });
    expect(message).not.toContain('hush');
    expect(message).toContain('https://[redacted]@example.org');
  });
});

describe('printConfigTable', () => {
  it('has a row for each setting', () => {
    const rows = printConfigTable().trim().split('\n').slice(2);
    expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(Object.keys(environment.shape));
    expect(rows[0]).toContain('| required |');
    expect(printConfigTable()).toContain('| `CACHE_MAX_BYTES` | `268435456` (256 MiB) | Memory that caches may take');
    expect(printConfigTable()).not.toContain('undefined');
  });
});
