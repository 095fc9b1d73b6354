// Owns the sockets: one pool of connections to one origin, and a single HTTP exchange over it.

import type { Readable } from 'node:stream';
import { errors, Pool } from 'undici';
import { type BodyBound, readBody } from './body.ts';
import { createConnector } from './connector.ts';
import { untilAborted } from './deadline.ts';
import type { RestMethod } from './rest.ts';

/** How a {@link Transport} connects. */
export interface TransportOptions {
  readonly connectTimeoutMs: number;
  readonly maxConnections: number;
}

/** One HTTP request. */
export interface TransportRequest {
  readonly method: RestMethod;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
  /** Ends the exchange at any stage, a dripping body included. */
  readonly signal: AbortSignal;
  /** Bound of the decoded body. */
  readonly maxBytes: number;
  /** Whether the beginning of a larger body will do, or of one that breaks off. */
  readonly beyond: BodyBound['beyond'];
  /** Whether it gets a connection of its own, that nothing else has used or will. */
  readonly alone?: boolean;
}

/** One HTTP response, read to its end. */
export interface Answer {
  readonly status: number;
  /** By lower-case name; repeated headers are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** The connections to one origin. Rejects with undici's and zlib's own errors, which `failures.ts` reads. */
export interface Transport extends AsyncDisposable {
  exchange(request: TransportRequest): Promise<Answer>;
  /** Destroys all connections that are used again, with what is under way on them; new ones are made as they are needed. */
  renew(): void;
}

/** What is kept of the body of an error page. */
const maxErrorBytes = 64 * 1024;
/**
 * How long connections are used again, in ms: where a site moves to another host, its name leads there at once, but what is open
 * stays with the old one for as long as somebody uses it.
 */
export const connectionAgeMs = 30_000;

/** Opens no connection before the first exchange. */
export function createTransport(origin: string, { connectTimeoutMs, maxConnections }: TransportOptions): Transport {
  const connect = createConnector({ timeout: connectTimeoutMs });
  const createPool = () =>
    new Pool(origin, {
      connections: maxConnections,
      pipelining: 1,
      maxHeaderSize: 64 * 1024,
      // The signal of each exchange covers both, and also what these miss: bodies that drip.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect,
    });
  let pool = createPool();
  let bornAt = performance.now();
  /** Pools that end with what is under way on them. */
  const ending = new Set<Pool>();
  // No socket of these is used again: a response that arrives late or twice on it would be taken for the answer to
  // somebody else's request. Nor does a write go over one that the other side may be closing.
  const single = createPool();

  function poolOfNow(): Pool {
    if (performance.now() - bornAt < connectionAgeMs || pool.destroyed) return pool;
    const old = pool;
    ending.add(old);
    void old.close().then(() => ending.delete(old));
    begin();
    return pool;
  }

  function begin(): void {
    pool = createPool();
    bornAt = performance.now();
  }

  async function exchange(request: TransportRequest): Promise<Answer> {
    const { method, target, headers, body: sent, signal, maxBytes, beyond } = request;
    const isAlone = isSingle(request);
    // undici heeds the signal only once it is connected.
    const requested = (isAlone ? single : poolOfNow()).request({
      method,
      path: target,
      headers: { ...headers },
      signal,
      ...(sent === undefined ? {} : { body: sent }),
      reset: isAlone,
    });
    const { statusCode, body, ...response } = await untilAborted(signal, requested);
    const isGood = statusCode >= 200 && statusCode < 300;
    const named = toHeaderMap(response.headers);
    const bound = isGood ? { maxBytes, beyond } : ({ maxBytes: maxErrorBytes, beyond: 'cut' } as const);
    const encoding = method === 'HEAD' ? '' : (named.get('content-encoding') ?? '');
    const bytes = await readBody(body, encoding, bound).catch((error: unknown) => {
      throw isShort(error, named) ? new errors.SocketError('closed within the body') : error;
    });
    signal.throwIfAborted();
    return { status: statusCode, headers: named, body: bytes };
  }

  return {
    exchange,
    renew() {
      if (pool.destroyed) return;
      for (const old of [pool, ...ending]) void old.destroy();
      // Of those that had requests waiting, closing does not end (undici 7).
      ending.clear();
      begin();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([pool, single, ...ending].map((one) => one.destroy()));
    },
  };
}

/** Whether an exchange has a connection to itself. */
function isSingle({ headers, body, alone = false }: TransportRequest): boolean {
  return alone || 'authorization' in headers || body !== undefined;
}

/** Whether a body ended early: where its connection was to end with it, undici takes that for a wrong length. */
function isShort(error: unknown, headers: ReadonlyMap<string, string>): boolean {
  if (!(error instanceof errors.ResponseContentLengthMismatchError) || headers.has('transfer-encoding')) return false;
  // With two lengths nobody knows where it ends.
  return /^\d+$/.test(headers.get('content-length') ?? '');
}

function toHeaderMap(headers: Readonly<Record<string, string | string[] | undefined>>): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')]));
}
