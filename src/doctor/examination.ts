// Owns what checks see of a site: raw answers with their headers and times, each read once.

import type { RedisAddress } from '../cache/redis/redis-url.ts';
import { toUpstreamError } from '../wordpress/failures.ts';
import type { FoundRoot, RootClue } from '../wordpress/find-root.ts';
import { JsonError, type JsonOddity, parseJson } from '../wordpress/json.ts';
import type { QueryValue, RestMethod, RestRoot } from '../wordpress/rest.ts';
import { createTransport } from '../wordpress/transport.ts';
import { printTarget } from '../wordpress/url.ts';

/** What came of one request. */
export interface Reading {
  /** As in "GET wp/v2/users". */
  readonly label: string;
  /** Whether it was asked of the REST API, in contrast to a page. */
  readonly isRest: boolean;
  /** Whether it was asked as the gateway's own user. */
  readonly isOwn: boolean;
  /** Whether only some fields were asked for. */
  readonly isLean: boolean;
  /** Null where there was no answer. */
  readonly status: number | null;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly bytes: number;
  /** Null where it is no JSON. */
  readonly json: unknown;
  readonly oddities: readonly JsonOddity[];
  /** Milliseconds from the request to the end of the answer. */
  readonly ms: number;
  /** Status and WordPress's code, or why there was no answer: "401 rest_cannot_access". */
  readonly outcome: string;
}

/** What checks know of the machine and the settings. */
export interface Circumstances {
  /** The gateway's own user, and the value of an `Authorization` header for it. */
  readonly account: { readonly username: string; readonly authorization: string } | null;
  readonly menuLocations: readonly string[];
  /** Environment variables that name a proxy for HTTP. */
  readonly proxies: readonly string[];
  /** Where Redis is; null for none. */
  readonly redis: RedisAddress | null;
  /** Version of Node.js, without a `v`. */
  readonly nodeVersion: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A request that takes longer is slow. */
  readonly slowMs: number;
}

/** A site as checks see it. */
export interface Examination extends Circumstances, AsyncDisposable {
  readonly root: RestRoot;
  readonly clue: RootClue;
  /** All that was read of the REST API so far. */
  readonly readings: readonly Reading[];
  /** How many requests that took. */
  readonly requests: number;
  /** Reads a route of the REST API; as the gateway's own user if `isOwn`. */
  read(route: string, query?: Readonly<Record<string, QueryValue>>, isOwn?: boolean): Promise<Reading>;
  /** Reads a page of the site by its path. */
  visit(path: string, method?: 'GET' | 'HEAD'): Promise<Reading>;
}

const maxBytes = 4 * 1024 * 1024;

/** Opens no connection before the first request. */
export function createExamination(
  { root, clue }: FoundRoot,
  circumstances: Circumstances,
  timeoutMs: number,
): Examination {
  const transport = createTransport(root.origin, { connectTimeoutMs: timeoutMs, maxConnections: 1 });
  const known = new Map<string, Promise<Reading>>();
  const readings: Reading[] = [];
  let requests = 0;

  async function ask(method: RestMethod, target: string, label: string, authorization?: string): Promise<Reading> {
    requests++;
    const startedAt = performance.now();
    const isRest = label !== `${method} ${target}`;
    const isOwn = authorization !== undefined;
    const isLean = target.includes('_fields=');
    const base = { label, isRest, isOwn, isLean, headers: new Map(), text: '', bytes: 0, json: null, oddities: [] };
    try {
      const answer = await transport.exchange({
        method,
        target,
        headers: {
          accept: isRest ? 'application/json' : 'text/html',
          'accept-encoding': 'br, gzip, deflate',
          'user-agent': 'headgate',
          ...(authorization === undefined ? {} : { authorization }),
        },
        signal: AbortSignal.timeout(timeoutMs),
        maxBytes,
        beyond: 'cut',
      });
      const text = answer.body.toString('utf8');
      const { json, oddities } = readJson(answer.body);
      const outcome = [answer.status, codeOf(json)].filter((part) => part !== null).join(' ');
      const ms = performance.now() - startedAt;
      const { status, headers } = answer;
      const reading = { ...base, status, headers, text, bytes: answer.body.length, json, oddities, ms, outcome };
      if (isRest) readings.push(reading);
      return reading;
    } catch (error) {
      const outcome = toUpstreamError('', error).message.replace(/^: /, '');
      const reading = { ...base, status: null, ms: performance.now() - startedAt, outcome };
      if (isRest) readings.push(reading);
      return reading;
    }
  }

  function once(key: string, read: () => Promise<Reading>): Promise<Reading> {
    const reading = known.get(key) ?? read();
    known.set(key, reading);
    return reading;
  }

  return {
    ...circumstances,
    root,
    clue,
    readings,
    get requests() {
      return requests;
    },
    read(route, query = {}, isOwn = false) {
      const authorization = isOwn ? circumstances.account?.authorization : undefined;
      const target = printTarget(root, route, query);
      const label = `GET ${route || 'the index of the REST API'}`;
      if (target === null) return Promise.resolve(noSuchRoute(label));
      return once(`${isOwn} ${target}`, () => ask('GET', target, label, authorization));
    },
    visit: (path, method = 'GET') => once(`${method} ${path}`, () => ask(method, path, `${method} ${path}`)),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** WordPress.com has no other namespaces. */
function noSuchRoute(label: string): Reading {
  const outcome = '404 no such route here';
  return {
    ...{
      label,
      isRest: true,
      isOwn: false,
      isLean: false,
      status: 404,
      headers: new Map(),
      text: '',
      bytes: 0,
      json: null,
    },
    ...{ oddities: [], ms: 0, outcome },
  };
}

function readJson(body: Buffer): { json: unknown; oddities: readonly JsonOddity[] } {
  try {
    const { value, oddities } = parseJson(body);
    return { json: value, oddities };
  } catch (error) {
    if (error instanceof JsonError) return { json: null, oddities: [] };
    throw error;
  }
}

/** WordPress's own code of an error. */
function codeOf(json: unknown): string | null {
  const { code, message } = toRecord(json);
  return typeof code === 'string' && typeof message === 'string' && /^\w{1,60}$/.test(code) ? code : null;
}

/** Whether WordPress failed, or gave no answer: in contrast to one that refuses. */
export function isFailed({ status }: Reading): boolean {
  return status === null || status === 429 || status >= 500;
}

/** The index of the REST API, as far as checks look at it. */
export async function readIndex(examination: Examination): Promise<Readonly<Record<string, unknown>>> {
  return toRecord((await examination.read('', { _fields: ['name', 'home', 'namespaces', 'authentication'] })).json);
}

/** The rows of a list; none where it is something else. */
export function toRows(json: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(json) ? json.filter((row) => typeof row === 'object' && row !== null).map(toRecord) : [];
}

/** The properties of an object; none where it is something else. */
export function toRecord(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
}
