// Owns the connections over which requests are forwarded to one origin: which of them are used again, and how many there are.

import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Client, type Dispatcher, errors } from 'undici';
import type { Logger } from '../log.ts';
import { createConnector } from './connector.ts';
import { untilAborted } from './deadline.ts';
import { isHangUp, isNoHttp } from './failures.ts';
import { createLimiter } from './limiter.ts';
import { connectionAgeMs } from './transport.ts';

/** What is sent. */
export interface ForwardExchange extends Dispatcher.RequestOptions {
  readonly headers: Record<string, string | string[]>;
  readonly signal: AbortSignal;
}

/** Bounds of {@link ForwardConnections}. */
export interface ForwardConnectionsOptions {
  /** How many there are at the same time, and so requests; as many more wait, eight times over. */
  readonly maxConnections: number;
  /** Longest wait for a connection, for headers, and for each piece of a body. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** The connections to one origin. Rejects with undici's own errors, and with an `OverloadedError`. */
export interface ForwardConnections extends AsyncDisposable {
  request(exchange: ForwardExchange): Promise<Dispatcher.ResponseData>;
}

/** How long an answer is waited for that nobody wants any more: PHP gives up after as long, by default. */
const leftMs = 30_000;
/** How long a connection rests before it is used again: what comes too much has come by then, and closed it. */
const restMs = 100;
/** How long connections are not kept alive after something too much came over one. */
const aloneMs = 600_000;

/** Opens none before the first request. */
export function createForwardConnections(
  origin: string,
  { maxConnections, timeoutMs, logger }: ForwardConnectionsOptions,
): ForwardConnections {
  const limiter = createLimiter({
    ...{ maxConcurrent: maxConnections, firstSlots: maxConnections },
    ...{ maxQueued: 8 * maxConnections, queueTimeoutMs: timeoutMs },
  });
  const connect = createConnector({ timeout: 5000 });
  // Since when each is there.
  const open = new Map<Client, number>();
  // Only answers to requests for files that are everybody's have come over these; since when each rests.
  const idle = new Map<Client, number>();
  // Until when each request has a connection of its own.
  let aloneUntil = Number.NEGATIVE_INFINITY;
  // Whether nothing came over a connection that has rested: until then those who are next wait for that.
  let isProven = false;
  let isOver = false;
  const isInDoubt = () => performance.now() < aloneUntil;

  function openOne(isAlone: boolean): Client {
    if (isOver) throw new errors.ClientDestroyedError();
    if (open.size >= maxConnections) close(idle.keys().next().value);
    const client = new Client(origin, {
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: 64 * 1024,
      connect,
    });
    open.set(client, performance.now());
    if (isAlone) return client;
    return client.on('disconnect', (_origin, _targets, error) => {
      if (isTooMuch(error)) distrust();
      if (idle.has(client)) close(client);
    });
  }

  function close(client: Client | undefined): void {
    if (!client) return;
    idle.delete(client);
    open.delete(client);
    void client.destroy();
  }

  /** What comes too much over one connection may come over each, and sooner or later in place of an answer. */
  function distrust(): void {
    if (!isInDoubt()) logger.warn(`${origin} sent more than answers: forwarded files have connections of their own`);
    aloneUntil = performance.now() + aloneMs;
    isProven = false;
    for (const client of idle.keys()) close(client);
  }

  /** Keeps a connection for the next file, unless something has come over it since. */
  async function keep(client: Client): Promise<void> {
    const since = performance.now();
    if (!isProven && client.stats.connected) {
      await once(client, 'disconnect', { signal: AbortSignal.timeout(restMs) }).catch(() => {});
    }
    if (isInDoubt()) return close(client);
    isProven = true;
    if (client.stats.connected) idle.set(client, since);
    else close(client);
  }

  /** The one that has rested longest, if that was long enough or there is no room for another one. */
  function takeRested(): Client | undefined {
    const [longest] = idle;
    if (!longest) return;
    const [client, since] = longest;
    if (open.size < maxConnections && performance.now() - since < restMs) return;
    idle.delete(client);
    if (performance.now() - (open.get(client) ?? 0) < connectionAgeMs) return client;
    close(client);
    return takeRested();
  }

  /** Resolves with whether the connection may be used again, once it could be. */
  async function exchangeOver(
    client: Client,
    exchange: ForwardExchange,
    isAlone: boolean,
    onAnswer: (answer: Dispatcher.ResponseData) => void,
  ): Promise<boolean> {
    const { signal, body } = exchange;
    const cut = new AbortController();
    let isAnswered = false;
    let timer: NodeJS.Timeout | undefined;
    const end = () => cut.abort(signal.reason);
    const leave = () => {
      // WordPress goes on with what it has got whole, so that counts as under way until there is an answer.
      if (isAnswered || !isSentWhole(body)) end();
      else timer = setTimeout(end, leftMs);
    };
    signal.addEventListener('abort', leave);
    try {
      const answer = await client.request({ ...exchange, signal: cut.signal, reset: isAlone });
      isAnswered = true;
      const closed = once(answer.body, 'close');
      onAnswer(answer);
      if (signal.aborted) end();
      await closed.catch(() => {});
      return !isAlone && !isOver && answer.body.readableEnded && isOfEverybody(answer);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }

  return {
    request: (exchange) => {
      const answered = new Promise<Dispatcher.ResponseData>((resolve, reject) => {
        const isAlone = () => isInDoubt() || !isForPublicFile(exchange);
        const runOver = async (client: Client, alone: boolean) => {
          let isGood = false;
          try {
            isGood = await exchangeOver(client, exchange, alone, resolve);
          } finally {
            if (isGood) await keep(client);
            else close(client);
          }
        };
        const runOverNew = (alone: boolean) => runOver(openOne(alone), alone);
        const run = async () => {
          exchange.signal.throwIfAborted();
          const alone = isAlone();
          const used = alone ? undefined : takeRested();
          if (!used) return runOverNew(alone);
          return runOver(used, false).catch((error: unknown) => {
            // The server may be closing it as it is used, or send what nobody asked for.
            if (!isHangUp(error) && !isTooMuch(error)) throw error;
            exchange.signal.throwIfAborted();
            return runOverNew(isAlone());
          });
        };
        limiter.run(run, exchange.signal).catch(reject);
      });
      return untilAborted(exchange.signal, answered);
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await Promise.all([...open.keys()].map((client) => client.destroy()));
    },
  };
}

/** Whether a connection ended by what no request had asked for, or by what is no answer at all. */
function isTooMuch(error: unknown): boolean {
  // So undici words what comes while nothing is under way.
  return isNoHttp(error) || (error instanceof errors.SocketError && error.message === 'bad response');
}

/** Whether nothing of what a client sends is still to come: WordPress begins with what it has got to its end. */
function isSentWhole(body: Dispatcher.RequestOptions['body']): boolean {
  return !(body instanceof Readable) || body.readableEnded;
}

/** Files that themes, plugins and uploads are made of: most of what pages ask for, and small. */
const publicFile =
  /^\/[^?;]*\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|m4a|map|mjs|mp3|mp4|og[gv]|otf|png|svg|ttf|wav|webm|webp|woff2?)(?:\?(?:ver|v)=[\w.-]*)?$/i;

/** Headers that may tell who somebody is, those of plugins and of proxies in front among them. */
const personal = /auth|cookie|credential|jwt|key|nonce|secret|session|token/;

/**
 * Whether the answer to a request is the same for everybody, and a file. All else is asked for on a connection of its own:
 * a response too many would be taken for the answer to the next request, which may be somebody else's, and which nothing can
 * be compared with here.
 */
function isForPublicFile({ method, path, headers }: ForwardExchange): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return publicFile.test(path) && !/\.php\//i.test(path) && !Object.keys(headers).some((name) => personal.test(name));
}

/** Whether what has come was made for nobody in particular: a program may answer where a file was asked for. */
function isOfEverybody({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  if (![200, 206, 304].includes(statusCode) || headers['set-cookie'] !== undefined) return false;
  return !/\b(?:private|no-store)\b/i.test(String(headers['cache-control'] ?? ''));
}
