// Owns the declaration of every setting: its name, what values work, its default and what it does.

import { z } from 'zod';
import { parseRedisUrl } from '../cache/redis/redis-url.ts';
import { logLevels } from '../log.ts';
import { clientSettings } from './client-settings.ts';
import { choice, decimal, integer, setting } from './declare-setting.ts';
import { pageSettings } from './page-settings.ts';
import { isSiteAddress, isTargetAddress, toNames } from './setting-values.ts';

const MiB = 1024 * 1024;

/** A name as GraphQL has it, without the two underscores it keeps to itself. */
export const graphqlName: z.ZodString = z.string().regex(/^(?!__)[A-Za-z_]\w*$/);

const namesOfType = z.object({ name: z.string().regex(/^[\w-]+$/), single: graphqlName, plural: graphqlName });

/** All settings, by the name of their environment variable, in the order of the documentation. */
export const environment = z.object({
  WORDPRESS_URL: setting(z.string().refine(isSiteAddress), {
    description: 'Address of the WordPress site: its home page, or its REST API.',
    expects: 'the http(s) address of a WordPress site without user name and password, such as https://example.org',
  }),
  PORT: integer(0, 65_535, 4000, 'a port number', 'Port to listen on; 0 takes any free one.'),
  WORKERS: integer(
    1,
    256,
    1,
    'a whole number',
    'How many processes share the port: one for each core is enough. Without `REDIS_URL` each knows only the `Idempotency-Key`s that were sent to itself.',
  ),
  HOST: setting(
    z
      .string()
      .regex(/^[\w.:-]+$/)
      .optional(),
    {
      description: 'Address to listen on. Not set: all addresses, IPv6 and IPv4.',
      expects: 'a host name or an IP address, such as 127.0.0.1',
    },
  ),
  WAIT_FOR_SITE: choice(
    ['off', 'on'],
    'off',
    'What to do at a start while the site is down and nothing is kept of it. `off`: end with an error; `on`: listen, say so at `/ready`, and serve once the site is there. Not with several `WORKERS`.',
  ),
  DRAIN_DELAY_MS: integer(
    0,
    300_000,
    250,
    'a number of milliseconds',
    'When the gateway is told to stop it goes on answering until no request has come for so long, while `/ready` says so: as long as a load balancer takes to notice. Where requests come steadily it waits for a pause of a second. It does so for five seconds at most, or for this where it is longer.',
  ),
  LOG_LEVEL: choice(logLevels, 'info', 'How much is logged: JSON lines on stdout.'),
  ...pageSettings,
  HARDENED: choice(
    ['off', 'on'],
    'off',
    'Close what a private API does not want: introspection, GraphiQL, the status page, suggestions in errors, and GET requests with a document of their own unless they carry a header such as `apollo-require-preflight`.',
  ),
  TRACE: choice(['off', 'on'], 'off', 'Tell in `extensions.headgate` of each answer which REST requests it took.'),
  WORDPRESS_USERNAME: setting(z.string().optional(), {
    description: "User whose application password is the gateway's own. Goes with `WORDPRESS_APPLICATION_PASSWORD`.",
    expects: 'the name of a WordPress user',
  }),
  WORDPRESS_APPLICATION_PASSWORD: setting(z.string().optional(), {
    description: 'Application password of that user (WordPress: Users → Profile → Application Passwords).',
    expects: 'an application password',
    secret: true,
  }),
  CONFIG_FILE: setting(z.string().optional(), {
    description:
      'JSON file with more settings, of which those of the environment take the place. Not set: `headgate.config.json` in the working directory, if it is there.',
    expects: 'the path of a JSON file',
  }),
  MENU_LOCATIONS: setting(
    z
      .string()
      .regex(/^[\w-]+(?:\s*,\s*[\w-]+)*$/)
      .optional(),
    {
      description:
        'Names of the theme’s menu locations, such as `primary,footer`: WordPress shows them only with credentials.',
      expects: 'names separated by commas, such as primary,footer',
    },
  ),
  GRAPHQL_NAMES: setting(
    z
      .string()
      .regex(/^[^=,]+=[^=,]+(,[^=,]+=[^=,]+)*,?$/)
      .transform(toNames)
      .pipe(z.array(namesOfType))
      .optional(),
    {
      description:
        'Names of types and taxonomies that the site adds, where the ones that are made of its own do not suit: `book=Book:books`.',
      expects: 'a list such as book=Book:books,case_study=CaseStudy:caseStudies, with names that GraphQL knows',
    },
  ),
  DISCOVERY_SECONDS: integer(
    0,
    86_400,
    600,
    'a whole number of seconds',
    'How often the gateway looks whether the site has other types, taxonomies or fields; 0: at the start only.',
  ),
  DISCOVERY_FILE: setting(z.string().default('auto'), {
    description:
      'File in which what is known of the site is kept, for a start while it is down. `auto`: one in the cache folder of the user (`XDG_CACHE_HOME`); `off`: none.',
    expects: 'the path of a file, auto or off',
  }),
  FRESH_SECONDS: integer(
    0,
    86_400,
    60,
    'a whole number of seconds',
    'How long what WordPress answered is served without asking again.',
  ),
  STALE_SECONDS: integer(
    0,
    30 * 86_400,
    300,
    'a whole number of seconds',
    'How long after that it is still served at once, while it is read anew.',
  ),
  STALE_IF_ERROR_SECONDS: integer(
    0,
    30 * 86_400,
    86_400,
    'a whole number of seconds',
    'How long after `FRESH_SECONDS` what is known is served while WordPress fails.',
  ),
  WATCH_INTERVAL_SECONDS: decimal(
    0,
    3600,
    0.75,
    'a number of seconds',
    'How often WordPress is asked for changes at most, with one lean request at a time, while somebody asks the gateway; 0: never.',
  ),
  WATCH_SHARE_PERCENT: integer(
    1,
    100,
    10,
    'a whole number from 1 to 100',
    'How much of what `UPSTREAM_CONCURRENCY` allows asking for changes may take.',
  ),
  REDIS_URL: setting(
    z
      .string()
      .refine((url) => parseRedisUrl(url) !== null)
      .optional(),
    {
      description:
        'Redis or Valkey by which any number of gateways share what they know, and purges: `redis://user:password@host:6379/0`, `rediss://…` with TLS, `redis-cluster://host:port,host:port`, `redis-sentinel://host:port,host:port/name`.',
      expects: 'an address such as redis://127.0.0.1:6379',
      secret: true,
    },
  ),
  REDIS_TIMEOUT_MS: integer(
    1,
    5000,
    50,
    'a whole number of milliseconds',
    'How long a reply of Redis may take, and as a rule a tenth of it. A gateway that gets none in time goes on by itself.',
  ),
  SNAPSHOT_FILE: setting(z.string().optional(), {
    description:
      'File in which what is known is kept when the gateway stops, and every five minutes, for a warm start without Redis.',
    expects: 'the path of a file',
  }),
  CACHE_MAX_BYTES: integer(
    0,
    64 * 1024 * MiB,
    256 * MiB,
    'a number of bytes',
    'Memory that caches may take beside the 150 MB of the process: two fifths for whole answers, the rest for what they are made of.',
  ),
  PERSISTED_OPERATIONS_FILE: setting(z.string().optional(), {
    description:
      'File of the documents that clients name by an id: `{ "id": "query …" }`, or a manifest of Apollo’s clients.',
    expects: 'the path of a JSON file',
  }),
  PERSISTED_OPERATIONS: choice(
    ['open', 'only'],
    'open',
    'Which documents are executed: `open`: all, and clients may register theirs (APQ); `only`: those of the file.',
  ),
  UPSTREAM_TIMEOUT_SECONDS: integer(
    1,
    300,
    10,
    'a whole number of seconds',
    'How long a request to WordPress may take in all.',
  ),
  UPSTREAM_CONCURRENCY: integer(
    1,
    256,
    6,
    'a whole number',
    'How many requests WordPress gets at the same time at most; fewer while they are too many for it.',
  ),
  UPSTREAM_MAX_BYTES: integer(
    64 * 1024,
    1024 * MiB,
    16 * MiB,
    'a number of bytes',
    'Bound of one answer of WordPress, decompressed.',
  ),
  REQUEST_MAX_BYTES: integer(1024, 64 * MiB, 256 * 1024, 'a number of bytes', 'Bound of the body of GraphQL requests.'),
  API_KEYS: setting(z.string().optional(), {
    description:
      'Keys of those who call the gateway, which come in the header `X-Api-Key`: `web=…,ci=sha256:…`, each plain or as its SHA-256 in hex. With `web:600=…` its holder may ask 600 times a minute, whatever `RATE_LIMIT` is for others; 0: as often as it likes.',
    expects: 'a list such as web=…,ci=sha256:…',
    secret: true,
  }),
  API_KEYS_FILE: setting(z.string().optional(), {
    description: 'File with more of them, one a line.',
    expects: 'the path of a file',
  }),
  API_KEYS_REQUIRED: choice(
    ['off', 'on'],
    'off',
    'Answer nobody without one of the keys. What is answered is then not for shared caches on the way.',
  ),
  PREVIEW_SECRET: setting(z.string().min(32).optional(), {
    description:
      'Secret that tokens of previews are signed with, the same for all processes of a gateway. They show what the gateway’s own user may edit, one piece of content each.',
    expects: 'a random text of 32 characters or more, and goes with WORDPRESS_USERNAME',
    secret: true,
  }),
  WEBHOOK_SECRET: setting(z.string().min(32).optional(), {
    description:
      'Secret that webhooks to `/webhooks/purge` are signed with: WordPress says that something changed. `whsec_` and base64, or a text of 32 characters at least. Not set, nor `WEBHOOK_TOKEN`: there is no such path.',
    expects: 'a random text of 32 characters or more',
    secret: true,
  }),
  WEBHOOK_TOKEN: setting(z.string().min(32).optional(), {
    description:
      'Token for senders that cannot sign: `/webhooks/purge?token=…`, or `Authorization: Bearer …`. Whoever reads the address can send as well.',
    expects: 'a random text of 32 characters or more',
    secret: true,
  }),
  WEBHOOK_TARGETS: setting(
    z
      .string()
      .transform((list) => list.split(',').map((url) => url.trim()))
      .pipe(z.array(z.string().refine(isTargetAddress)))
      .optional(),
    {
      description:
        'Addresses that are told of changes, separated by commas: signed webhooks, so that a front end or a CDN forgets what is stale. [How](docs/webhooks.md).',
      expects: 'http(s) addresses without user name and password, separated by commas',
    },
  ),
  WEBHOOK_TARGETS_SECRET: setting(z.string().min(32).optional(), {
    description: 'Secret that these webhooks are signed with. Goes with `WEBHOOK_TARGETS`.',
    expects: 'a random text of 32 characters or more',
    secret: true,
  }),
  ANONYMOUS_COMMENTS_PER_MINUTE: integer(
    0,
    600,
    0,
    'a whole number',
    'How many comments a minute `createComment` of each process sends for people without credentials, by the form of the site; 0: none.',
  ),
  FILE_MAX_BYTES: integer(
    64 * 1024,
    1024 * MiB,
    50 * MiB,
    'a number of bytes',
    'Bound of a file that `createMediaItem` fetches, and of the files that come with one request.',
  ),
  FILE_HOSTS: setting(
    z
      .string()
      .regex(/^[\w.:[\]-]+(?:\s*,\s*[\w.:[\]-]+)*$/)
      .optional(),
    {
      description:
        'Hosts, with their port, that `createMediaItem` fetches files from although their addresses are not public, or their ports none of 80, 443 and 8080: `files.internal:8080`.',
      expects: 'hosts separated by commas, such as files.internal:8080',
    },
  ),
  ...clientSettings,
  SCAN_LIMIT: integer(
    100,
    100_000,
    5000,
    'a whole number',
    'How many entries the gateway reads to filter or sort by what the REST API cannot.',
  ),
});

/** Values of all settings, read and checked. */
export type Environment = z.output<typeof environment>;
