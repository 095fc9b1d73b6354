// Owns the way from the environment and the config file to one frozen, validated configuration; nothing else reads process.env.

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseRedisUrl, type RedisAddress } from '../cache/redis/redis-url.ts';
import type { TimeSettings } from '../cache/times.ts';
import type { WatchOptions } from '../changes/watch-wordpress.ts';
import { ConfigError } from '../errors.ts';
import type { LimitSettings } from '../limits.ts';
import type { LogLevel } from '../log.ts';
import type { CallersOptions } from '../operations/callers.ts';
import type { PersistedOptions } from '../operations/persisted-operations.ts';
import { loadApiKeys } from './api-keys.ts';
import { checkTogether } from './check-together.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { metaOf } from './declare-setting.ts';
import { collectSettings, type Flags } from './given-settings.ts';
import { loadPersistedOperations } from './persisted-file.ts';
import { readVersion } from './read-version.ts';
import { type Environment, environment } from './settings.ts';

/** The configuration of a gateway. */
export interface Config {
  /** Release of the gateway. */
  readonly version: string;
  readonly wordpressUrl: string;
  /** The gateway's own credentials, or null where it reads as anybody. */
  readonly credentials: { readonly username: string; readonly applicationPassword: string } | null;
  readonly logLevel: LogLevel;
  /** Processes that share the port. */
  readonly workers: number;
  readonly graphiql: boolean;
  /** Tell of the schema. */
  readonly introspection: boolean;
  /** Serve a page for people. */
  readonly statusPage: boolean;
  /** Forward what is not for the gateway. */
  readonly forwards: boolean;
  /** Tell what each query read. */
  readonly trace: boolean;
  /** Listen and wait at a start where nothing is known of a site that is down. */
  readonly waitsForSite: boolean;
  readonly server: {
    readonly port: number;
    /** Address to listen on; undefined for all. */
    readonly host: string | undefined;
    readonly maxBodyBytes: number;
    /** A stop goes on taking requests until none has come for so long. */
    readonly lingerMs: number;
  };
  readonly upstream: { readonly timeoutMs: number; readonly maxConcurrent: number; readonly maxBytes: number };
  readonly cache: {
    readonly maxBytes: number;
    readonly freshSeconds: number;
    readonly staleSeconds: number;
    readonly staleIfErrorSeconds: number;
    /** How long "WordPress does not show this" is believed. */
    readonly negativeSeconds: number;
    /** Times of kinds of content that are not like the others, by WordPress's own names. */
    readonly kinds: ReadonlyMap<string, Partial<TimeSettings>>;
  };
  /** What gateways share; null where each is by itself. */
  readonly redis: { readonly address: RedisAddress; readonly waitMs: number } | null;
  /** Where what is known is kept from one start to the next; null for nowhere. */
  readonly snapshotFile: string | null;
  /** Closes what a private API does not want. */
  readonly hardened: boolean;
  readonly limits: LimitSettings;
  /** How much clients may ask of the process. */
  readonly clients: {
    /** Requests within a minute; 0 for any number. */
    readonly perMinute: number;
    /** Requests of each user of WordPress within a minute; 0 for any number. */
    readonly viewersPerMinute: number;
    /** Proxies between clients and the gateway. */
    readonly proxies: number;
    /** How late the event loop may be; 0 for any time. */
    readonly maxDelayMs: number;
  };
  /** Whole answers. */
  readonly responses: {
    readonly maxBytes: number;
    readonly freshSeconds: number;
    readonly staleSeconds: number;
    readonly staleIfErrorSeconds: number;
  };
  readonly persisted: PersistedOptions;
  /** Asking WordPress what changed. */
  readonly watch: WatchOptions;
  /** Who may call. */
  readonly callers: CallersOptions;
  readonly scanLimit: number;
  /** What tokens of previews are signed with; null where there are none. */
  readonly previewSecret: string | null;
  /** Comments a minute that are sent for people without credentials. */
  readonly anonymousComments: number;
  /** Webhooks that are taken and sent; a secret that is null: none. */
  readonly webhooks: {
    readonly secret: string | null;
    readonly token: string | null;
    readonly targets: readonly string[];
    readonly targetsSecret: string | null;
  };
  /** Files that clients name by their address. */
  readonly files: { readonly maxBytes: number; readonly allowedHosts: readonly string[] };
  /** Names of menu locations, beside those that WordPress shows. */
  readonly menuLocations: readonly string[];
  readonly discovery: {
    /** Seconds from one reading of what the site has to the next; 0 for none. */
    readonly intervalSeconds: number;
    /** Where it is kept; null for nowhere. */
    readonly file: string | null;
    /** Names that are set, by WordPress's own. */
    readonly names: ReadonlyMap<string, { readonly single: string; readonly plural: string }>;
  };
}

/**
 * Reads and checks all settings, of which flags come first, then the environment, then the config file. Throws one
 * {@link ConfigError} that names everything that cannot be used.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, flags: Flags = {}): Config {
  const file = readConfigFile({ CONFIG_FILE: flags['CONFIG_FILE'] ?? env['CONFIG_FILE'] });
  const { values: given, nameOf, problems: unread } = collectSettings(env, flags, file);
  const result = environment.safeParse(given);
  const problems = [
    ...file.problems,
    ...unread,
    ...(result.success ? [] : describeIssues(result.error.issues, given, nameOf)),
  ];
  problems.push(...checkTogether(given));
  if (!result.success || problems.length > 0) {
    const [first] = problems;
    throw new ConfigError(
      problems.length === 1 && first !== undefined
        ? first
        : `These settings cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  }
  return toConfig(result.data, env, file);
}

/** Whether a setting is given at all, be it right or wrong. */
export function isGiven(setting: string, flags: Flags, env: NodeJS.ProcessEnv = process.env): boolean {
  const file = readConfigFile({ CONFIG_FILE: flags['CONFIG_FILE'] ?? env['CONFIG_FILE'] });
  return collectSettings(env, flags, file).values[setting] !== undefined;
}

function toConfig(values: Environment, env: NodeJS.ProcessEnv, { names, times }: ConfigFile): Config {
  const production = env['NODE_ENV'] === 'production';
  const { WORDPRESS_USERNAME: username, WORDPRESS_APPLICATION_PASSWORD: applicationPassword } = values;
  return Object.freeze({
    version: readVersion(),
    wordpressUrl: values.WORDPRESS_URL,
    credentials:
      username !== undefined && applicationPassword !== undefined
        ? Object.freeze({ username, applicationPassword })
        : null,
    logLevel: values.LOG_LEVEL,
    workers: values.WORKERS,
    graphiql: isOn(values.GRAPHIQL, production),
    introspection: values.INTROSPECTION === 'on',
    statusPage: isOn(values.STATUS_PAGE, production),
    forwards: values.FORWARD_TO_WORDPRESS === 'on',
    trace: values.TRACE === 'on',
    waitsForSite: values.WAIT_FOR_SITE === 'on',
    server: Object.freeze({
      port: values.PORT,
      host: values.HOST,
      maxBodyBytes: values.REQUEST_MAX_BYTES,
      lingerMs: values.DRAIN_DELAY_MS,
    }),
    upstream: Object.freeze({
      timeoutMs: values.UPSTREAM_TIMEOUT_SECONDS * 1000,
      maxConcurrent: values.UPSTREAM_CONCURRENCY,
      maxBytes: values.UPSTREAM_MAX_BYTES,
    }),
    cache: Object.freeze({
      maxBytes: values.CACHE_MAX_BYTES - answersOf(values),
      freshSeconds: values.FRESH_SECONDS,
      staleSeconds: values.STALE_SECONDS,
      staleIfErrorSeconds: values.STALE_IF_ERROR_SECONDS,
      kinds: times,
      // Something that appears should not stay unseen for long.
      negativeSeconds: Math.min(30, values.FRESH_SECONDS),
    }),
    redis: redisOf(values),
    snapshotFile: values.SNAPSHOT_FILE ?? null,
    hardened: values.HARDENED === 'on',
    limits: Object.freeze({
      tokens: values.LIMIT_TOKENS,
      depth: values.LIMIT_DEPTH,
      aliases: values.LIMIT_ALIASES,
      rootFields: values.LIMIT_ROOT_FIELDS,
      nodes: values.LIMIT_NODES,
      resultBytes: values.LIMIT_RESULT_BYTES,
      upstreamCalls: values.LIMIT_UPSTREAM_CALLS,
      seconds: values.LIMIT_SECONDS,
      subscriptions: values.LIMIT_SUBSCRIPTIONS,
    }),
    responses: Object.freeze({
      maxBytes: answersOf(values),
      freshSeconds: values.FRESH_SECONDS,
      staleSeconds: values.STALE_SECONDS,
      staleIfErrorSeconds: values.STALE_IF_ERROR_SECONDS,
    }),
    persisted: Object.freeze({
      listed: loadPersistedOperations(values.PERSISTED_OPERATIONS_FILE),
      only: values.PERSISTED_OPERATIONS === 'only',
    }),
    watch: Object.freeze({
      intervalSeconds: values.WATCH_INTERVAL_SECONDS,
      share: values.WATCH_SHARE_PERCENT / 100,
      maxBytes: Math.floor(values.CACHE_MAX_BYTES / 16),
    }),
    callers: Object.freeze({
      keys: Object.freeze(loadApiKeys(values.API_KEYS, values.API_KEYS_FILE)),
      required: values.API_KEYS_REQUIRED === 'on',
    }),
    scanLimit: values.SCAN_LIMIT,
    clients: Object.freeze({
      perMinute: values.RATE_LIMIT,
      viewersPerMinute: values.RATE_LIMIT_USERS ?? values.RATE_LIMIT,
      proxies: values.TRUST_PROXY,
      maxDelayMs: values.MAX_DELAY_MS,
    }),
    previewSecret: values.PREVIEW_SECRET ?? null,
    anonymousComments: values.ANONYMOUS_COMMENTS_PER_MINUTE,
    webhooks: Object.freeze({
      secret: values.WEBHOOK_SECRET ?? null,
      token: values.WEBHOOK_TOKEN ?? null,
      targets: Object.freeze(values.WEBHOOK_TARGETS ?? []),
      targetsSecret: values.WEBHOOK_TARGETS_SECRET ?? null,
    }),
    files: Object.freeze({
      maxBytes: values.FILE_MAX_BYTES,
      allowedHosts: Object.freeze(values.FILE_HOSTS?.split(/\s*,\s*/) ?? []),
    }),
    menuLocations: Object.freeze(values.MENU_LOCATIONS?.split(/\s*,\s*/) ?? []),
    discovery: Object.freeze({
      intervalSeconds: values.DISCOVERY_SECONDS,
      file: discoveryFile(values, env),
      names: new Map([
        ...names,
        ...(values.GRAPHQL_NAMES ?? []).map(({ name, single, plural }) => [name, { single, plural }] as const),
      ]),
    }),
  });
}

/** What is for development, unless somebody says otherwise. */
function isOn(given: 'auto' | 'on' | 'off', production: boolean): boolean {
  return given === 'on' || (given === 'auto' && !production);
}

function redisOf({ REDIS_URL: url, REDIS_TIMEOUT_MS: waitMs }: Environment): Config['redis'] {
  const address = url === undefined ? null : parseRedisUrl(url);
  return address && Object.freeze({ address, waitMs });
}

/** Two fifths: an answer is a copy of what it was made of, and saves making it. */
function answersOf({ CACHE_MAX_BYTES: all }: Environment): number {
  return Math.floor(0.4 * all);
}

/** One file for each site: gateways of several sites share the folder. */
function discoveryFile({ DISCOVERY_FILE: given, WORDPRESS_URL: url }: Environment, env: NodeJS.ProcessEnv) {
  if (given === 'off') return null;
  if (given !== 'auto') return given;
  const site = createHash('sha256').update(url).digest('hex').slice(0, 16);
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'headgate', `discovery-${site}.json`);
}

function describeIssues(
  issues: readonly { readonly path: PropertyKey[] }[],
  given: Readonly<Record<string, string>>,
  nameOf: (setting: string) => string,
): string[] {
  const names = new Set(issues.map((issue) => String(issue.path[0])));
  const shape: Record<string, Parameters<typeof metaOf>[0]> = environment.shape;
  return [...names].map((name) => {
    const schema = shape[name];
    const meta = schema === undefined ? undefined : metaOf(schema);
    const state = given[name] === undefined ? 'is not set' : `is ${show(given[name], meta?.secret === true)}`;
    return `${nameOf(name)} ${state}; it must be ${meta?.expects ?? 'something else'}.`;
  });
}

function show(value: string, secret: boolean): string {
  if (secret) return 'set to something else';
  const withoutPassword = value.replace(/\/\/[^/?#]*@/, '//[redacted]@');
  return JSON.stringify(withoutPassword.length > 200 ? `${withoutPassword.slice(0, 200)}…` : withoutPassword);
}
